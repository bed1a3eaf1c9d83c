// Shared subscriptions of MQTT.js's clients.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { peer, unique, upToMark } = require('./peer');

test('each message goes to one member, and to every plain subscriber', async (t) => {
    const topic = unique('shared');
    const sender = await peer(t);
    const members = [];
    for (const version of [4, 5, 5]) {
        const member = await peer(t, version);
        const [grant] = await member.subscribeAsync(`$share/group/${topic}`, { qos: 1 });
        assert.equal(grant.qos, 1);
        members.push(member);
    }
    const plain = await peer(t);
    await plain.subscribeAsync(topic, { qos: 1 });
    const wanted = [...Array(30).keys()];
    for (const n of wanted) await sender.publishAsync(topic, String(n), { qos: 1 });
    const got = [];
    for (const member of members) got.push((await upToMark(sender, member)).map((m) => Number(m.text)));
    assert.deepEqual(got.flat().sort((a, b) => a - b), wanted);
    assert.ok(got.every((share) => share.length > 0), `${got.map((share) => share.length)}`);
    assert.deepEqual((await upToMark(sender, plain)).map((m) => Number(m.text)), wanted);
    await members[0].unsubscribeAsync(`$share/group/${topic}`);
    for (const n of wanted) await sender.publishAsync(topic, String(n), { qos: 1 });
    assert.deepEqual(await upToMark(sender, members[0]), []);
});

test('a member that leaves in the middle loses nothing for the others', async (t) => {
    const topic = unique('shared');
    const sender = await peer(t);
    const leaving = await peer(t);
    const staying = await peer(t);
    for (const member of [leaving, staying]) await member.subscribeAsync(`$share/g/${topic}`, { qos: 2 });
    for (let n = 0; n < 10; ++n) await sender.publishAsync(topic, String(n), { qos: 2 });
    const before = await upToMark(sender, leaving, 2);
    await leaving.endAsync();
    for (let n = 10; n < 20; ++n) await sender.publishAsync(topic, String(n), { qos: 2 });
    const got = [...before, ...(await upToMark(sender, staying, 2))].map((m) => Number(m.text));
    assert.deepEqual(got.sort((a, b) => a - b), [...Array(20).keys()]);
});

test('names that are none are refused', async (t) => {
    for (const filter of ['$share//x', '$share/a+b/x', '$share/g']) {
        const client = await peer(t);
        await assert.rejects(client.subscribeAsync(filter, { qos: 1 }), filter);
    }
});
