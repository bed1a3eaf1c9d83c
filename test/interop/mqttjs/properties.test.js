// What MQTT 5.0 added, as MQTT.js sees it: properties, aliases, windows, limits, reason codes, announcements.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { drop, peer, unique, upToMark } = require('./peer');

const NOBODY_LISTENS = 0x10;
const RECEIVE_MAXIMUM_EXCEEDED = 0x93;

test('properties of a message pass unchanged', async (t) => {
    const topic = unique('dressed');
    const client = await peer(t);
    await client.subscribeAsync(topic, { qos: 2 });
    const properties = {
        payloadFormatIndicator: true,
        contentType: 'text/plain; charset=utf-8',
        responseTopic: 'a/b',
        correlationData: Buffer.from([0, 255, 1]),
        userProperties: { z: ['1', '2'], a: 'ü' },
    };
    for (const qos of [0, 1, 2]) {
        await client.publishAsync(topic, 'x', { qos, properties });
        const got = await client.got.next();
        for (const [name, value] of Object.entries(properties))
            assert.deepEqual(structuredClone(got.properties[name]), structuredClone(value), name);
    }
});

test('request and response', async (t) => {
    const [asks, answers] = [await peer(t), await peer(t)];
    const [question, answer] = [unique('question'), unique('answer')];
    await answers.subscribeAsync(question, { qos: 1 });
    await asks.subscribeAsync(answer, { qos: 1 });
    const correlationData = Buffer.from('17');
    await asks.publishAsync(question, 'why?', { qos: 1, properties: { responseTopic: answer, correlationData } });
    const got = await answers.got.next();
    await answers.publishAsync(got.properties.responseTopic, 'because', {
        qos: 1,
        properties: { correlationData: got.properties.correlationData },
    });
    const back = await asks.got.next();
    assert.deepEqual([back.text, back.properties.correlationData.toString()], ['because', '17']);
});

test('aliases that the client makes up', async (t) => {
    const base = unique('alias');
    const listener = await peer(t);
    const sender = await peer(t, 5, { autoAssignTopicAlias: true });
    assert.equal(sender.connack.properties.topicAliasMaximum, 10);
    const saved = [];
    sender.on('packetsend', (p) => p.cmd === 'publish' && saved.push(p.topic === ''));
    await listener.subscribeAsync(`${base}/#`, { qos: 1 });
    const wanted = [];
    for (let round = 0; round < 3; ++round) {
        for (let n = 0; n < 13; ++n) { // more names than numbers: aliases change their meaning
            for (let again = 0; again < 2; ++again) {
                await sender.publishAsync(`${base}/${n}`, String(n), { qos: again });
                wanted.push(`${base}/${n}`);
            }
        }
    }
    assert.deepEqual((await listener.got.take(wanted.length)).map((m) => m.topic), wanted);
    assert.ok(saved.filter((s) => s).length >= wanted.length / 2);
});

test('aliases that the broker makes up', async (t) => {
    const base = unique('alias');
    const listener = await peer(t, 5, { properties: { topicAliasMaximum: 3 } });
    const sender = await peer(t);
    await listener.subscribeAsync(`${base}/#`, { qos: 2 });
    const wanted = [];
    for (let n = 0; n < 40; ++n) {
        const topic = `${base}/${n % (n < 20 ? 3 : 7)}`;
        wanted.push(topic);
        await sender.publishAsync(topic, 'x', { qos: n % 3 });
    }
    assert.deepEqual((await upToMark(sender, listener, 2)).map((m) => m.topic).sort(), wanted.sort());
    assert.ok(listener.seen.some((p) => p.cmd === 'publish' && p.topic === ''), 'no alias was used');
});

/** Keeps what `client` would acknowledge; call what is in the result to let an acknowledgement go. */
function holdAcknowledgements(client) {
    const held = [];
    const send = client._sendPacket.bind(client);
    client._sendPacket = (packet, done, ...more) => {
        if (packet.cmd !== 'puback' && packet.cmd !== 'pubrec') return send(packet, done, ...more);
        held.push(() => send(packet));
        return done && done();
    };
    return held;
}

test('receive maximum of the client', async (t) => {
    for (const qos of [1, 2]) {
        const topic = unique('window');
        const sender = await peer(t);
        const client = await peer(t, 5, { properties: { receiveMaximum: 3 } });
        await client.subscribeAsync(topic, { qos });
        const held = holdAcknowledgements(client);
        for (let n = 0; n < 9; ++n) await sender.publishAsync(topic, String(n), { qos });
        for (let n = 0; n < 9; ++n) {
            do await client.subscribeAsync(unique(), { qos: 0 }); // SUBACK: what was sent before it has come
            while (held.length === 0);
            assert.ok(held.length <= 3, `${held.length} in flight`);
            held.shift()();
        }
        assert.deepEqual((await client.got.take(9)).map((m) => Number(m.text)), [...Array(9).keys()]);
    }
});

test('maximum packet size of the client', async (t) => {
    const topic = unique('small');
    const sender = await peer(t);
    const client = await peer(t, 5, { properties: { maximumPacketSize: 200 } });
    await client.subscribeAsync(topic, { qos: 2 });
    for (const qos of [0, 1, 2]) {
        await sender.publishAsync(topic, 'x'.repeat(500), { qos });
        await sender.publishAsync(topic, 'fits', { qos });
    }
    assert.deepEqual((await upToMark(sender, client, 2)).map((m) => m.text), ['fits', 'fits', 'fits']);
});

test('a client that sends beyond the window of the broker is told so', async (t) => {
    const client = await peer(t);
    assert.equal(client.connack.properties.receiveMaximum, 20);
    for (let n = 0; n < 21; ++n) client._writePacket(
        { cmd: 'publish', topic: unique('flood'), payload: 'x', qos: 2, messageId: 1000 + n, dup: false, retain: false });
    assert.equal((await client.farewells.next()).reasonCode, RECEIVE_MAXIMUM_EXCEEDED);
});

test('reason codes', async (t) => {
    const client = await peer(t);
    for (const [qos, cmd] of [[1, 'puback'], [2, 'pubrec']]) {
        await client.publishAsync(unique('nobody'), 'x', { qos });
        assert.equal(client.seen.filter((p) => p.cmd === cmd).pop().reasonCode, NOBODY_LISTENS);
    }
    await client.unsubscribeAsync(unique('never'));
    assert.deepEqual(client.seen.filter((p) => p.cmd === 'unsuback').pop().granted, [0x11]);
    const subscriber = await peer(t);
    const topic = unique('somebody');
    await subscriber.subscribeAsync(topic, { qos: 0 });
    await client.publishAsync(topic, 'x', { qos: 1 });
    assert.equal(client.seen.filter((p) => p.cmd === 'puback').pop().reasonCode, 0);
});

test('what the broker announces', async (t) => {
    const client = await peer(t, 5, { clientId: '', keepalive: 600 });
    const { topicAliasMaximum, maximumPacketSize, receiveMaximum, ...others } = client.connack.properties;
    assert.deepEqual([topicAliasMaximum, maximumPacketSize, receiveMaximum], [10, 2000000, 20]);
    assert.equal(others.serverKeepAlive, 60);
    assert.match(others.assignedClientIdentifier,
        /^auto-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i);
    assert.equal(client.options.keepalive, 60);
});

test('an empty identifier in 3.1.1', async (t) => {
    await drop(await peer(t, 4, { clientId: '', clean: true }));
});
