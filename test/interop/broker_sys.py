"""$SYS/broker/…: what the broker counts, under the names that Mosquitto uses."""

from broker_case import broker_case, workers
from nightjar_process import eventually

MINUTES = ("1min", "5min", "15min")
NAMES = {
    "version", "uptime", "clients/total", "clients/maximum", "clients/inactive", "clients/disconnected",
    "clients/active", "clients/connected", "clients/expired", "connections/socket/count", "messages/stored",
    "messages/received", "messages/sent", "store/messages/count", "store/messages/bytes", "subscriptions/count",
    "shared_subscriptions/count", "retained messages/count", "heap/current", "heap/maximum",
    "publish/messages/dropped", "publish/messages/received", "publish/messages/sent", "publish/bytes/received",
    "publish/bytes/sent", "bytes/received", "bytes/sent", "packet/out/count", "packet/out/bytes",
    *(f"load/{name}/{m}" for m in MINUTES for name in
      ("messages/received", "messages/sent", "publish/dropped", "publish/received", "publish/sent", "bytes/received",
       "bytes/sent", "sockets", "connections"))}


class sys_figures(broker_case):
    options = {"sys_interval": 1}

    def setUp(self):
        super().setUp()
        self.broker = self.own_broker(self.options)
        self.seen = {}

    def watch(self):
        reader = self.peer()
        reader.subscribe("$SYS/broker/#")
        return reader

    def value(self, reader, name):
        """What was said last, once nothing more lies ready."""
        try:
            while True:
                got = reader.message(0.05)
                self.seen[got.topic.removeprefix("$SYS/broker/")] = got.payload.decode()
        except TimeoutError:
            pass
        return self.seen.get(name)

    def comes_to(self, reader, name, wanted):
        eventually(lambda: self.value(reader, name) == str(wanted), f"{name} is {wanted}: {self.seen.get(name)}")

    def test_all_names_are_there(self):
        reader = self.watch()
        eventually(lambda: self.value(reader, "uptime") and NAMES <= set(self.seen), "all names")
        for worker in range(workers()):
            for name in ("clients/connected", "messages/received", "bytes/sent", "letters/sent"):
                self.assertIn(f"worker/{worker}/{name}", self.seen)
        for name in NAMES - {"version", "uptime"}:
            self.assertRegex(self.seen[name], r"^\d+\.\d\d$" if name.startswith("load/") else r"^\d+$")

    def test_clients(self):
        reader = self.watch()
        stays, goes = self.peer(), self.peer(props={"session_expiry_interval": 1})
        self.comes_to(reader, "clients/connected", 3)
        goes.drop()
        self.comes_to(reader, "clients/expired", 1)
        for name, wanted in (("connected", 2), ("active", 2), ("disconnected", 0), ("inactive", 0), ("total", 2),
                             ("maximum", 3)):
            self.comes_to(reader, f"clients/{name}", wanted)
        self.comes_to(reader, "connections/socket/count", 3)
        stays.ping()

    def test_subscriptions_and_retained_messages(self):
        reader, client = self.watch(), self.peer()
        client.subscribe("a", "b/#", "$share/g/a", "$share/h/a")
        self.comes_to(reader, "subscriptions/count", 3)
        self.comes_to(reader, "shared_subscriptions/count", 2)
        client.unsubscribe("a", "$share/g/a")
        self.comes_to(reader, "subscriptions/count", 2)
        self.comes_to(reader, "shared_subscriptions/count", 1)
        before = int(self.value(reader, "retained messages/count"))
        for number in range(5):
            client.publish(f"kept/{number}", b"x" * 1000, 1, retain=True)
        self.comes_to(reader, "retained messages/count", before + 5)
        self.assertGreaterEqual(int(self.seen["store/messages/bytes"]), 5000)
        for number in range(5):
            client.publish(f"kept/{number}", b"", 1, retain=True)
        self.comes_to(reader, "retained messages/count", before)

    def test_queued_messages_are_stored_messages(self):
        reader, client = self.watch(), self.peer(props={"session_expiry_interval": 60})
        client.subscribe(("q", 1))
        self.comes_to(reader, "clients/connected", 2)
        before = int(self.value(reader, "store/messages/count"))
        client.drop()
        self.comes_to(reader, "clients/disconnected", 1)
        sender = self.peer()
        for _ in range(7):
            sender.publish("q", b"x" * 1000, 1)
        self.comes_to(reader, "store/messages/count", before + 7)

    def test_traffic(self):
        reader, client = self.watch(), self.peer()
        client.subscribe("t")
        for _ in range(10):
            client.publish("t", b"x" * 100, 1)
        client.messages(10)
        client.ping()
        self.comes_to(reader, "publish/messages/received", 10)
        self.comes_to(reader, "publish/bytes/received", 1000)
        # CONNECT and SUBSCRIBE of two, ten PUBLISH, PINGREQ
        self.comes_to(reader, "messages/received", 15)
        eventually(lambda: float(self.value(reader, "load/publish/received/1min")) > 0, "a load")

    def test_only_changes_are_published(self):
        reader = self.watch()
        self.comes_to(reader, "clients/connected", 1)
        counts = {}
        for _ in range(200):
            got = reader.message()
            counts[got.topic] = counts.get(got.topic, 0) + 1
        self.assertGreaterEqual(counts["$SYS/broker/uptime"], 2)
        for name in ("version", "clients/expired", "publish/messages/dropped", "clients/connected"):
            self.assertLessEqual(counts.get(f"$SYS/broker/{name}", 0), 1, name)

    def test_clients_may_not_write_them(self):
        for version, wanted in ((4, 0), (5, 0x87)):
            writer = self.peer(version=version)
            for topic in ("$SYS/broker/forged", "$SYS/forged", "$SYS"):
                self.assertEqual(wanted, writer.publish(topic, b"x", 1, retain=True))
            self.assertNotEqual(0x87, writer.publish("$SYSTEM", b"x", 1))
        reader = self.watch()
        self.comes_to(reader, "clients/connected", 3)
        self.assertNotIn("forged", self.seen)


class few_retained(broker_case):
    options = {"max_retained_messages": 3, "sys_interval": 1}

    def test_what_is_too_much_is_delivered_but_not_kept(self):
        sender, listener = self.peer(), self.peer()
        listener.subscribe(("few/#", 8))
        for number in range(5):
            self.assertEqual(0, sender.publish(f"few/{number}", b"x", 1, retain=True))
        self.assertEqual([True] * 3 + [False] * 2, [bool(m.retain) for m in listener.messages(5)])
        self.settle(sender)
        late = self.peer()
        late.subscribe("few/#")
        self.assertEqual({"few/0", "few/1", "few/2"}, {m.topic for m in late.messages(3)})
        self.assert_quiet(sender, late)
        sender.publish("few/1", b"again", 1, retain=True)  # its place is taken already
        sender.publish("few/0", b"", 1, retain=True)
        sender.publish("few/4", b"now", 1, retain=True)
        self.settle(sender)
        later = self.peer()
        later.subscribe("few/#")
        self.assertEqual({b"again", b"x", b"now"}, {m.payload for m in later.messages(3)})
        reader = self.peer()
        reader.subscribe("$SYS/broker/retained messages/refused")
        eventually(lambda: reader.message().payload == b"2", "two were refused")


class nobody_there(broker_case):
    def test_publishers_are_told(self):
        sender = self.peer()
        for qos in (1, 2):
            self.assertEqual(0x10, sender.publish(self.name, b"x", qos))
        other = self.peer()
        other.subscribe(f"{self.name}/#")
        self.assertEqual(0, sender.publish(self.name, b"x", 1))
        other.unsubscribe(f"{self.name}/#")
        self.settle(sender)
        self.assertEqual(0x10, sender.publish(self.name, b"x", 1))
        self.assertEqual(0x10, sender.publish(self.name, b"x", 1, retain=True))
        self.assertEqual(0, self.peer(version=4).publish(self.name, b"x", 1))
