"""Start, stop, other doors, and what the broker tells about itself."""

import os
import signal
import unittest

from broker_case import broker_case, ended, mqtt, workers
from nightjar_process import eventually

SHUTTING_DOWN = 0x8B


class shutdown(broker_case):
    def test_sigterm_says_goodbye(self):
        for by in (signal.SIGTERM, signal.SIGINT):
            broker = self.own_broker()
            new = [self.peer(at=broker) for _ in range(6)]
            old = [self.peer(at=broker, version=version) for version in (3, 4)]
            for one in new:
                one.subscribe(("#", 2))
            broker.process.send_signal(by)
            for one in new:
                self.assert_ends(one, SHUTTING_DOWN)
            for one in old:
                self.assertEqual([], [p for p in one.remainder() if p.kind != mqtt.PUBLISH])
            self.assertEqual(0, broker.stop(by))

    def test_connections_that_never_spoke_do_not_hold_it(self):
        broker = self.own_broker()
        silent, cut = self.raw(at=broker), self.raw(at=broker)
        cut.send(mqtt.connect(5, "cut")[:7])
        self.peer(at=broker).ping()
        self.assertEqual(0, broker.stop())
        for one in (silent, cut):
            self.assert_ends(one)

    @unittest.skipIf(workers() > 1, "several workers share their port, and the kernel lets a second broker in")
    def test_a_port_in_use(self):
        with self.assertRaises(RuntimeError) as refused:
            self.own_broker(lines=[f"listener {self.broker.port} 127.0.0.1", "allow_anonymous true"])
        self.assertIn("annot listen", str(refused.exception))


class unix_socket(broker_case):
    def setUp(self):
        super().setUp()
        folder = f"/tmp/nightjar-test-{os.getpid()}"
        os.makedirs(folder, exist_ok=True)
        self.addCleanup(os.rmdir, folder)
        self.path = os.path.join(folder, "socket")
        self.door = self.own_broker(lines=[f"listener 0 {self.path}", "allow_anonymous true"])
        self.door.path = self.path
        self.addCleanup(self.door.stop)

    # [MQTT311 7.1.1-1] [MQTT5 4.2.0-1]
    def test_messages_pass(self):
        listener, sender = self.peer(at=self.door), self.peer(at=self.door, version=4)
        listener.subscribe((self.name, 2))
        for qos in range(3):
            sender.publish(self.name, b"x" * 10_000, qos)
            self.assertEqual((qos, 10_000), (lambda m: (m.qos, len(m.payload)))(listener.message()))
        for _ in range(8):  # whatever worker is its home
            self.peer(at=self.door).ping()
        self.assertEqual(0, self.door.stop())
        self.assertFalse(os.path.exists(self.path), "the socket is left behind")


class sys_topics(broker_case):
    options = {"sys_interval": 1}

    def test_figures(self):
        client = self.peer()
        client.subscribe("$SYS/#")
        seen = {}

        def complete():
            got = client.message()
            seen[got.topic] = got.payload.decode()
            return {"$SYS/broker/version", "$SYS/broker/uptime", "$SYS/broker/clients/connected"} <= set(seen)
        eventually(complete, "version, uptime and clients in $SYS")
        self.assertRegex(seen["$SYS/broker/version"], r"^nightjar version \d")
        self.assertRegex(seen["$SYS/broker/uptime"], r"^\d+ seconds$")

    def test_connected_clients_are_counted(self):
        broker = self.own_broker(self.options)
        client, *_ = [self.peer(at=broker) for _ in range(5)]
        client.subscribe("$SYS/broker/clients/connected")
        eventually(lambda: client.message().payload == b"5", "five clients are counted")

    def test_a_leading_wildcard_does_not_see_them(self):
        client, sender = self.peer(), self.peer()
        client.subscribe("#", "+/broker/uptime")
        witness = self.peer()
        witness.subscribe("$SYS/broker/uptime")
        witness.messages(3)
        self.assertEqual([], [m.topic for m in self.up_to_mark(sender, client) if m.topic.startswith("$")])

    # [MQTT311 3.3.5-2]
    def test_clients_cannot_write_them(self):
        listener = self.peer()
        listener.subscribe("$SYS/#")
        for version in (4, 5):
            sender = self.peer(version=version)
            try:
                self.assertIn(sender.publish("$SYS/broker/version", b"forged", 1, retain=True), (0, 0x10, 0x87))
            except ended:
                pass  # the other legal answer
        self.assertNotIn(b"forged", [m.payload for m in self.up_to_mark(self.peer(), listener)])


class no_sys_topics(broker_case):
    options = {"sys_interval": 0}

    def test_none(self):
        client = self.peer()
        client.subscribe("$SYS/#")
        self.assert_quiet(client, client)
