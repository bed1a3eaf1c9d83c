// Sessions of MQTT.js's clients: kept, taken over, expired, cut in the middle; and wills.
'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');
const { describe, test } = require('node:test');
const { QOS, VERSIONS, drop, peer, unique, upToMark } = require('./peer');

const TAKEN_OVER = 0x8e;
const WITH_WILL = 0x04;

const expiry = (s) => ({ properties: { sessionExpiryInterval: s } }); // a new one each: MQTT.js adds to it
const kept = (t, version, clientId, more = {}) =>
    peer(t, version, { clientId, clean: false, ...(version === 5 ? expiry(600) : {}), ...more });

test('a kept session gets what it missed', async (t) => {
    for (const version of [4, 5]) {
        const clientId = unique('away');
        const topic = unique('missed');
        const sender = await peer(t);
        const first = await kept(t, version, clientId);
        assert.equal(first.connack.sessionPresent, false);
        await first.subscribeAsync(topic, { qos: 2 });
        await first.endAsync();
        for (let n = 0; n < 40; ++n) await sender.publishAsync(topic, String(n), { qos: 1 + (n % 2) });
        const back = await kept(t, version, clientId);
        assert.equal(back.connack.sessionPresent, true);
        const got = await back.got.take(40);
        for (const qos of [1, 2]) { // MQTT.js tells of QoS 2 only at PUBREL
            const wanted = [...Array(40).keys()].filter((n) => 1 + (n % 2) === qos);
            assert.deepEqual(got.filter((m) => m.qos === qos).map((m) => Number(m.text)), wanted);
        }
        await back.endAsync();
        assert.equal((await peer(t, version, { clientId, clean: true })).connack.sessionPresent, false);
    }
});

test('a second connection takes over', async (t) => {
    for (const version of VERSIONS) {
        const clientId = unique('taken').slice(-23);
        const old = await peer(t, version, { clientId });
        const fresh = await peer(t, version, { clientId });
        await old.closed.next();
        if (version === 5) assert.equal((await old.farewells.next()).reasonCode, TAKEN_OVER);
        await fresh.publishAsync(unique(), 'x', { qos: 1 });
    }
});

test('cut in the middle of its exchanges, a client goes on and nothing is lost or doubled', async (t) => {
    for (const version of [4, 5]) {
        const topic = unique('cut');
        const listener = await peer(t);
        await listener.subscribeAsync(topic, { qos: 2 });
        const sender = await kept(t, version, unique('cut'), { reconnectPeriod: 1 });
        for (let n = 0; n < 12; ++n) {
            const done = sender.publishAsync(topic, String(n), { qos: 2 });
            if (n % 2) await once(sender, 'packetreceive'); // cut behind PUBREC, not only behind PUBLISH
            await drop(sender);
            await done;
        }
        const got = await upToMark(sender, listener, 2);
        assert.deepEqual(got.map((m) => Number(m.text)), [...Array(12).keys()]);
    }
});

describe('what takes its time', { concurrency: true }, () => {
    test('a session expires, and its end may move it', async (t) => {
        const [brief, longer, ended] = [unique('brief'), unique('longer'), unique('ended')];
        await (await kept(t, 5, brief, expiry(1))).endAsync();
        await (await kept(t, 5, longer, expiry(1))).endAsync(false, expiry(600));
        await (await kept(t, 5, ended)).endAsync(false, expiry(0));
        assert.equal((await kept(t, 5, ended)).connack.sessionPresent, false);
        await sleep(2000);
        assert.equal((await kept(t, 5, brief)).connack.sessionPresent, false);
        assert.equal((await kept(t, 5, longer)).connack.sessionPresent, true);
    });

    test('a message expires while it waits, and the time is taken off', async (t) => {
        const [clientId, topic, sender] = [unique('away'), unique('expires'), await peer(t)];
        const first = await kept(t, 5, clientId);
        await first.subscribeAsync(topic, { qos: 1 });
        await first.endAsync();
        const publish = (text, s) =>
            sender.publishAsync(topic, text, { qos: 1, properties: { messageExpiryInterval: s } });
        await publish('short', 1);
        await publish('long', 1000);
        await sleep(1300);
        const got = await upToMark(sender, await kept(t, 5, clientId));
        assert.deepEqual(got.map((m) => m.text), ['long']);
        assert.ok(got[0].properties.messageExpiryInterval < 1000);
        assert.ok(got[0].properties.messageExpiryInterval > 900);
    });

    test('a delayed will is not early, and not sent to who returned', async (t) => {
        const [topic, listener, sender] = [unique('will'), await peer(t), await peer(t)];
        await listener.subscribeAsync(topic, { qos: 1 });
        const will = (payload) => ({ topic, payload, qos: 1, properties: { willDelayInterval: 1 } });
        const back = unique('back');
        await drop(await kept(t, 5, back, { will: will('never') }));
        await kept(t, 5, back);
        const leaving = await kept(t, 5, unique('gone'), { will: will('late') });
        const left = process.hrtime.bigint();
        await drop(leaving);
        assert.deepEqual(await upToMark(sender, listener), []);
        assert.equal((await listener.got.next()).text, 'late');
        assert.ok(process.hrtime.bigint() - left >= 1_000_000_000n, 'the will came early');
        await sleep(500);
        assert.deepEqual(await upToMark(sender, listener), []);
    });

    test('keeps alive at short intervals', async (t) => {
        const client = await peer(t, 4, { keepalive: 1 });
        await sleep(2500);
        assert.ok(client.connected);
        assert.ok(client.seen.some((p) => p.cmd === 'pingresp'));
    });
});

test('wills of those who vanish', async (t) => {
    for (const version of VERSIONS) {
        const topic = unique('will');
        const listener = await peer(t);
        await listener.subscribeAsync(topic, { qos: 2 });
        for (const qos of QOS) {
            await drop(await peer(t, version, { will: { topic, payload: `gone ${qos}`, qos, retain: true } }));
            const got = await listener.got.next();
            assert.deepEqual([got.text, got.qos, got.retain], [`gone ${qos}`, qos, false]);
        }
        await (await peer(t, version, { will: { topic, payload: 'unsaid' } })).endAsync();
        assert.deepEqual(await upToMark(await peer(t), listener), []);
        const late = await peer(t);
        await late.subscribeAsync(topic, { qos: 2 });
        const got = await late.got.next();
        assert.deepEqual([got.text, got.retain], ['gone 2', true]);
    }
});

test('a will with properties, also at a polite end with 0x04', async (t) => {
    const topic = unique('will');
    const listener = await peer(t);
    await listener.subscribeAsync(topic, { qos: 1 });
    const properties = {
        contentType: 'text/plain',
        responseTopic: 'answer/here',
        correlationData: Buffer.from([0, 1, 2]),
        userProperties: { a: ['1', '2'], b: '3' },
    };
    const client = await peer(t, 5, { will: { topic, payload: 'gone', qos: 1, properties } });
    await client.endAsync(false, { reasonCode: WITH_WILL });
    const got = await listener.got.next();
    for (const [name, value] of Object.entries(properties))
        assert.deepEqual(structuredClone(got.properties[name]), structuredClone(value), name);
});
