// A client of MQTT.js's whose messages and farewells a test can await. The broker's port is in NIGHTJAR_PORT.
'use strict';

const { once } = require('node:events');
const mqtt = require('mqtt');

const PATIENCE_MS = 20000; // for what takes milliseconds on a machine that is not overloaded
const VERSIONS = [3, 4, 5];
const QOS = [0, 1, 2];
const NO_LOCAL = { nl: true };

let serial = 0;
const unique = (stem = 'x') => `${stem}/${process.pid}/${++serial}`;

/** What comes, in order, for whoever waits for it. */
class Line {
    constructor(what) {
        this.what = what;
        this.came = [];
        this.waiting = [];
    }

    put(one) {
        const next = this.waiting.shift();
        if (next) next(one);
        else this.came.push(one);
    }

    next() {
        if (this.came.length > 0) return Promise.resolve(this.came.shift());
        return new Promise((resolve, reject) => {
            const watchdog = setTimeout(() => reject(new Error(`no ${this.what} came`)), PATIENCE_MS);
            this.waiting.push((one) => {
                clearTimeout(watchdog);
                resolve(one);
            });
        });
    }

    async take(count) {
        const found = [];
        while (found.length < count) found.push(await this.next());
        return found;
    }
}

function observe(client) {
    client.got = new Line('message');
    client.farewells = new Line('DISCONNECT');
    client.closed = new Line('close');
    client.seen = []; // every packet that came
    client.on('message', (topic, payload, packet) => {
        const { qos, retain, dup, properties = {} } = packet;
        client.got.put({ topic, payload, text: payload.toString(), qos, retain, dup, properties });
    });
    client.on('packetreceive', (packet) => client.seen.push(packet));
    client.on('disconnect', (packet) => client.farewells.put(packet));
    client.on('close', () => client.closed.put(true));
    client.on('error', () => {}); // whoever waits for something hears of it there
}

const settings = (version, options) => ({
    host: '127.0.0.1',
    port: Number(process.env.NIGHTJAR_PORT),
    protocolVersion: version,
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    reconnectPeriod: 0,
    clientId: unique('js'),
    ...options,
});

/** A connected client, closed with the test `t`. Its answer is `client.connack`. */
async function peer(t, version = 5, options = {}) {
    const client = mqtt.connect(settings(version, options));
    t.after(() => client.end(true));
    observe(client);
    [client.connack] = await once(client, 'connect', { signal: AbortSignal.timeout(PATIENCE_MS) });
    return client;
}

/** The end without a word. */
async function drop(client) {
    client.stream.destroy();
    await client.closed.next();
}

/** What `listener` got before a last message that `sender` sends it now: nothing more is on its way. */
async function upToMark(sender, listener, qos = 1) {
    const mark = unique('mark');
    await listener.subscribeAsync(mark, { qos });
    await sender.publishAsync(mark, 'mark', { qos });
    const found = [];
    for (;;) {
        const one = await listener.got.next();
        if (one.topic === mark) return found;
        found.push(one);
    }
}

module.exports = { NO_LOCAL, QOS, VERSIONS, drop, peer, unique, upToMark };
