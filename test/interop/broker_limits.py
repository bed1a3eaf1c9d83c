"""Everything has a limit: connections, packet size, QoS, and who may come in."""

from broker_case import broker_case, ended, mqtt, workers
from nightjar_process import eventually


class few_connections(broker_case):
    options = {"max_connections": 3}

    def test_max_connections(self):
        broker = self.own_broker(self.options)
        inside = [self.peer(at=broker) for _ in range(3)]
        for _ in range(4):
            try:
                outside = self.raw(at=broker)
                outside.send(mqtt.connect(5, "too many"))
            except OSError:
                continue  # closed before it could speak
            answers = self.assert_ends(outside)
            self.assertIn([p.code for p in answers], ([], [0x97], [0x88], [0x89]))
        for one in inside:
            one.ping()
        inside[0].leave()
        eventually(lambda: self.comes_in(broker), "a place that was left is free again")

    def comes_in(self, broker):
        try:
            client = self.raw(at=broker)
            client.send(mqtt.connect(5, "next"))
            return client.read().code == 0
        except (OSError, ended):  # the broker may also say no without a word
            return False


class strangers_stay_out(broker_case):
    options = {"allow_anonymous": "false"}

    # [MQTT5 3.1.4-2] [MQTT5 4.13.2-1]
    def test_allow_anonymous_false(self):
        for version, code in ((3, 5), (4, 5), (5, 0x87)):
            refused = self.peer(version=version)
            self.assertEqual((code, False), (refused.connack.code, refused.connack.session_present))
            self.assert_ends(refused)


class small_packets(broker_case):
    options = {"max_packet_size": 300}

    def test_max_packet_size(self):
        sender = self.peer()
        self.assertEqual(300, sender.connack.prop["maximum_packet_size"])
        listener = self.peer()
        listener.subscribe(self.name)
        overhead = len(mqtt.publish(5, self.name, b"x" * 200)) - 200
        sender.publish(self.name, b"x" * (300 - overhead), 0)
        self.assertEqual(300 - overhead, len(listener.message().payload))
        sender.send(mqtt.publish(5, self.name, b"x" * (301 - overhead)))
        self.assert_ends(sender, 0x95)
        old = self.peer(version=4)
        old.send(mqtt.publish(4, self.name, b"x" * 400))
        self.assert_ends(old)
        self.assert_quiet(self.peer(), listener)


class low_qos(broker_case):
    options = {"max_qos": 1}

    def assert_old_will_is_refused_in_silence(self):
        """3.1.1 has no return code for it."""
        old = self.raw(4)
        old.send(mqtt.connect(4, self.unique("old"), will={"topic": self.name, "qos": 2}))
        self.assertEqual([], self.assert_ends(old))

    # [MQTT5 3.2.2-9] [MQTT5 3.2.2-10] [MQTT5 3.2.2-12] [MQTT311 3.2.2-6]
    def test_max_qos(self):
        client = self.peer()
        self.assertEqual(1, client.connack.prop["maximum_qos"])
        codes = client.subscribe((self.name, 2)).codes
        self.assertIn(codes, ([1], [2]))
        client.publish(self.name, b"x", 1)
        self.assertEqual(1, client.message().qos)
        self.assert_old_will_is_refused_in_silence()
        refused = self.peer(will={"topic": self.name, "qos": 2})
        self.assertEqual(0x9B, refused.connack.code)
        self.assert_ends(refused)
        client.send(mqtt.publish(5, self.name, b"x", qos=2, packet_id=9))
        self.assert_ends(client, 0x9B)


class many(broker_case):
    def test_connections_come_and_go(self):
        for _ in range(5):
            crowd = [self.peer() for _ in range(40)]
            for one in crowd:
                one.subscribe((self.name, 1))
            self.peer().publish(self.name, b"all", 1)
            for one in crowd:
                self.assertEqual(b"all", one.message().payload)
            for number, one in enumerate(crowd):
                one.drop() if number % 2 else one.leave()

    def test_a_subscriber_that_does_not_read(self):
        lazy, busy, sender = self.peer(), self.peer(), self.peer()
        for one in (lazy, busy):
            one.subscribe(self.name)
        payload = b"x" * 100_000
        for _ in range(200 * (2 if workers() > 1 else 1)):  # far more than what sockets hold
            sender.publish(self.name, payload)
            self.assertEqual(len(payload), len(busy.message().payload))
        sender.ping()


class what_fits_and_what_does_not(broker_case):
    options = {"queue_qos0_messages": "true", "max_packet_size": 60000000}

    # [MQTT5 3.1.2-24] [MQTT5 3.1.2-25]
    def test_what_the_client_does_not_take_blocks_nothing_behind_it(self):
        kept = {"session_expiry_interval": 60}
        reader = self.peer("k" + self.name, clean=False, props=kept)
        reader.subscribe((self.name, 1))
        reader.leave()
        writer = self.peer()
        writer.publish(self.name, b"x" * 500, 0)
        writer.publish(self.name, b"fits", 1)
        again = self.peer("k" + self.name, clean=False, props=kept | {"maximum_packet_size": 200})
        self.assertEqual(b"fits", again.message().payload)

    def test_a_message_larger_than_all_that_may_wait_arrives(self):
        reader = self.peer()
        reader.subscribe((self.name, 1))
        writer = self.peer()
        large = b"x" * 20_000_000
        writer.publish(self.name, large, 1)
        self.assertEqual(len(large), len(reader.message().payload))


class small_messages(broker_case):
    options = {"message_size_limit": 100}

    def test_message_size_limit(self):
        reader = self.peer()
        reader.subscribe((self.name, 2))
        for version in (4, 5):
            writer = self.peer(version=version)
            for qos in (0, 1, 2):
                writer.publish(self.name, b"x" * 101, qos)
                writer.publish(self.name, b"x" * 100, qos)
                self.assertEqual(100, len(reader.message().payload))


class log_on_topics(broker_case):
    def test_log_dest_topic(self):
        broker = self.own_broker(lines=["log_dest stderr", "log_dest topic", "log_type all"])
        reader = self.peer(at=broker)
        reader.subscribe(("$SYS/broker/log/#", 0))
        self.peer("guest", at=broker).subscribe((self.name, 0))
        wanted = {"$SYS/broker/log/N", "$SYS/broker/log/M/subscribe"}
        while wanted:
            wanted.discard(reader.message().topic)
