// Messages between clients of MQTT.js: every QoS and version, order, size, topics, retained messages, options.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { NO_LOCAL, QOS, VERSIONS, peer, unique, upToMark } = require('./peer');

const WINDOW = 20; // what the broker announces as its Receive Maximum, and MQTT.js does not heed
const MEGABYTE = 1 << 20;

test('every QoS between all versions', async (t) => {
    for (const there of VERSIONS) {
        for (const here of VERSIONS) {
            const sender = await peer(t, there);
            const listener = await peer(t, here);
            for (const granted of QOS) {
                const topic = unique('qos');
                const [grant] = await listener.subscribeAsync(topic, { qos: granted });
                assert.equal(grant.qos, granted);
                for (const sent of QOS) {
                    await sender.publishAsync(topic, `at ${sent}`, { qos: sent });
                    const got = await listener.got.next();
                    assert.deepEqual(
                        [got.topic, got.text, got.qos, got.retain, got.dup],
                        [topic, `at ${sent}`, Math.min(sent, granted), false, false],
                    );
                }
            }
            assert.deepEqual(await upToMark(sender, listener), []);
        }
    }
});

test('a thousand messages stay in order', async (t) => {
    for (const qos of [1, 2]) {
        const sender = await peer(t, 4);
        const listener = await peer(t, 5);
        const topic = unique('order');
        await listener.subscribeAsync(topic, { qos });
        for (let first = 0; first < 1000; first += WINDOW) {
            const sent = [];
            for (let n = first; n < first + WINDOW; ++n) sent.push(sender.publishAsync(topic, String(n), { qos }));
            await Promise.all(sent);
        }
        const got = await listener.got.take(1000);
        assert.deepEqual(got.map((m) => Number(m.text)), [...Array(1000).keys()]);
    }
});

test('large payloads', async (t) => {
    const payload = Buffer.alloc(MEGABYTE, Buffer.from([...Array(256).keys()]));
    for (const version of VERSIONS) {
        const client = await peer(t, version);
        const topic = unique('large');
        await client.subscribeAsync(topic, { qos: 2 });
        for (const qos of QOS) {
            await client.publishAsync(topic, payload, { qos });
            const got = await client.got.next();
            assert.equal(got.qos, qos);
            assert.ok(payload.equals(got.payload), 'the payload changed on its way');
        }
    }
});

test('many topics in one SUBSCRIBE and one UNSUBSCRIBE', async (t) => {
    const client = await peer(t);
    const sender = await peer(t);
    const topics = [...Array(300).keys()].map((n) => unique(`many/${n}`));
    const granted = await client.subscribeAsync(topics, { qos: 1 });
    assert.deepEqual(granted.map((g) => g.qos), topics.map(() => 1));
    for (const topic of topics) await sender.publishAsync(topic, topic, { qos: 1 });
    assert.deepEqual((await client.got.take(topics.length)).map((m) => m.topic), topics);
    await client.unsubscribeAsync(topics);
    for (const topic of topics.slice(0, 5)) await sender.publishAsync(topic, 'unheard', { qos: 1 });
    assert.deepEqual(await upToMark(sender, client), []);
});

test('topics and payloads beyond ASCII', async (t) => {
    const base = unique('unicode');
    const names = ['żółw', '日本語', 'ελληνικά', '🌙/🕊', 'e\u0301', 'ع'];
    for (const version of VERSIONS) {
        const client = await peer(t, version);
        await client.subscribeAsync(`${base}/#`, { qos: 1 });
        for (const name of names) {
            await client.publishAsync(`${base}/${name}`, `«${name}»`, { qos: 1 });
            const got = await client.got.next();
            assert.deepEqual([got.topic, got.text], [`${base}/${name}`, `«${name}»`]);
        }
        await client.endAsync();
    }
});

test('wildcards', async (t) => {
    const base = unique('wild');
    const sender = await peer(t, 4);
    for (const [filter, wanted] of [
        ['+/b', ['a/b']],
        ['#', ['a', 'a/b', 'a/b/c', 'c']],
        ['a/#', ['a', 'a/b', 'a/b/c']],
        ['+', ['a', 'c']],
        ['a/+/c', ['a/b/c']],
    ]) {
        const listener = await peer(t);
        await listener.subscribeAsync(`${base}/${filter}`, { qos: 1 });
        for (const topic of ['a', 'a/b', 'a/b/c', 'c']) await sender.publishAsync(`${base}/${topic}`, topic, { qos: 1 });
        assert.deepEqual((await upToMark(sender, listener)).map((m) => m.text), wanted, filter);
    }
});

test('retained messages are set, replaced and cleared', async (t) => {
    for (const version of VERSIONS) {
        const topic = unique('kept');
        const client = await peer(t, version);
        for (const text of ['one', 'two']) await client.publishAsync(topic, text, { qos: 1, retain: true });
        for (const qos of QOS) {
            await client.subscribeAsync(topic, { qos });
            const got = await client.got.next();
            assert.deepEqual([got.text, got.retain, got.qos], ['two', true, Math.min(qos, 1)]);
            await client.unsubscribeAsync(topic);
        }
        await client.publishAsync(topic, '', { qos: 1, retain: true });
        await client.subscribeAsync(topic, { qos: 1 });
        assert.deepEqual(await upToMark(client, client), []);
    }
});

test('retain handling and retain as published', async (t) => {
    const topic = unique('kept');
    const sender = await peer(t);
    await sender.publishAsync(topic, 'kept', { qos: 1, retain: true });
    for (const [rh, wanted] of [[0, [1, 1]], [1, [1, 0]], [2, [0, 0]]]) {
        const client = await peer(t);
        for (const count of wanted) {
            await client.subscribeAsync(topic, { qos: 1, rh });
            assert.equal((await upToMark(sender, client)).length, count, `retain handling ${rh}`);
        }
    }
    const faithful = await peer(t);
    await faithful.subscribeAsync(topic, { qos: 1, rh: 2, rap: true });
    for (const retain of [true, false]) {
        await sender.publishAsync(topic, 'now', { qos: 1, retain });
        assert.equal((await faithful.got.next()).retain, retain);
    }
});

test('no local', async (t) => {
    const topic = unique('local');
    const selfish = await peer(t);
    const other = await peer(t);
    await selfish.subscribeAsync(topic, { qos: 2, ...NO_LOCAL });
    await selfish.publishAsync(topic, 'mine', { qos: 2 });
    await other.publishAsync(topic, "another's", { qos: 2 });
    assert.deepEqual((await upToMark(other, selfish)).map((m) => m.text), ["another's"]);
});

test('subscription identifiers', async (t) => {
    const base = unique('numbered');
    const client = await peer(t);
    await client.subscribeAsync(`${base}/#`, { qos: 1, properties: { subscriptionIdentifier: 1 } });
    await client.subscribeAsync(`${base}/a`, { qos: 1, properties: { subscriptionIdentifier: 268435455 } });
    await client.publishAsync(`${base}/a`, 'x', { qos: 1 });
    const got = await upToMark(client, client);
    const found = got.flatMap((m) => m.properties.subscriptionIdentifier);
    assert.deepEqual(found.sort((a, b) => a - b), [1, 268435455]);
});
