"""Retained messages: set, replaced, cleared, and when they are sent."""

from broker_case import VERSIONS, broker_case, mqtt

NO_LOCAL, AS_PUBLISHED, ONLY_NEW, NEVER = 4, 8, 16, 32


class retained(broker_case):
    def kept(self, sender, pattern, options=0):
        """What a new subscriber is sent at once, as pairs of topic and payload; `sender` set it."""
        self.settle(sender)
        return self.seen(pattern, options)

    def seen(self, pattern, options=0):
        client = self.peer()
        client.subscribe((pattern, options))
        found = self.up_to_mark(client, client)
        self.assertTrue(all(m.retain for m in found))
        client.leave()
        return sorted((m.topic, m.payload) for m in found)

    # [MQTT311 3.3.1-5] [MQTT311 3.3.1-6] [MQTT311 3.3.1-8] [MQTT5 3.3.1-5]
    def test_is_sent_to_later_subscribers(self):
        for version in VERSIONS:
            for qos in range(3):
                topic = f"{self.name}/{version}{qos}"
                early = self.peer(version=version)
                early.publish(topic, b"kept", qos, retain=True)
                early.ping()  # nothing else says that QoS 0 has arrived
                late = self.peer(version=version)
                late.subscribe((topic, 2))
                got = late.message()
                self.assertEqual((topic, b"kept", qos, True), (got.topic, got.payload, got.qos, got.retain))

    # [MQTT311 3.8.4-6]
    def test_comes_with_the_lower_qos(self):
        self.peer().publish(self.name, b"kept", 2, retain=True)
        for granted in range(3):
            late = self.peer()
            late.subscribe((self.name, granted))
            self.assertEqual(granted, late.message().qos)

    # [MQTT311 3.3.1-9] [MQTT5 3.3.1-12]
    def test_is_an_ordinary_message_to_present_subscribers(self):
        listener, sender = self.peer(), self.peer()
        listener.subscribe(self.name)
        sender.publish(self.name, b"now", retain=True)
        self.assertFalse(listener.message().retain)

    def test_replaced(self):
        sender = self.peer()
        for payload in (b"one", b"two", b"three"):
            sender.publish(self.name, payload, 1, retain=True)
        self.assertEqual([(self.name, b"three")], self.kept(sender, self.name))

    # [MQTT311 3.3.1-7]
    def test_qos_0_replaces_too(self):
        sender = self.peer()
        sender.publish(self.name, b"one", 2, retain=True)
        sender.publish(self.name, b"two", 0, retain=True)
        sender.ping()
        self.assertIn(self.kept(sender, self.name), ([(self.name, b"two")], []))

    # [MQTT311 3.3.1-10] [MQTT311 3.3.1-11] [MQTT5 3.3.1-6] [MQTT5 3.3.1-7]
    def test_cleared_by_an_empty_payload_which_is_delivered(self):
        listener, sender = self.peer(), self.peer()
        sender.publish(self.name, b"kept", 1, retain=True)
        listener.subscribe(self.name)
        self.assertEqual(b"kept", listener.message().payload)
        sender.publish(self.name, b"", 1, retain=True)
        got = listener.message()
        self.assertEqual((b"", False), (got.payload, got.retain))
        self.assertEqual([], self.kept(sender, self.name))

    # [MQTT311 3.3.1-12] [MQTT5 3.3.1-8]
    def test_an_unretained_message_changes_nothing(self):
        sender = self.peer()
        sender.publish(self.name, b"kept", 1, retain=True)
        sender.publish(self.name, b"passing", 1)
        sender.publish(self.name, b"", 1)
        self.assertEqual([(self.name, b"kept")], self.kept(sender, self.name))

    def test_wildcards_find_all(self):
        sender, topics = self.peer(), [f"{self.name}/{t}" for t in ("a", "a/b", "a/b/c", "b", "b/", "/a")]
        for topic in topics:
            sender.publish(topic, topic, 1, retain=True)
        self.settle(sender)
        for tail, wanted in (("#", [0, 1, 2, 3, 4, 5]), ("+", [0, 3]), ("+/+", [1, 4, 5]), ("a/#", [0, 1, 2]),
                             ("+/b/#", [1, 2]), ("b/+", [4]), ("/+", [5]), ("a/+/c", [2]), ("c/#", [])):
            with self.subTest(filter=tail):
                self.assertEqual(sorted(topics[n] for n in wanted), [t for t, _ in self.seen(f"{self.name}/{tail}")])

    # [MQTT311 4.7.2-1] [MQTT5 4.7.2-1]
    def test_leading_wildcards_do_not_find_dollar_topics(self):
        sender, listener, topic = self.peer(), self.peer(), "$" + self.unique("own/topic")
        listener.subscribe("#", "+/#")
        sender.publish(topic, b"hidden", 1, retain=True)
        self.assertNotIn(topic, [m.topic for m in self.up_to_mark(sender, listener)])
        fresh = self.peer()
        fresh.subscribe("#", "+/#")
        self.assertEqual([], [m.topic for m in self.up_to_mark(sender, fresh) if m.topic.startswith("$")])

    # [MQTT311 3.8.4-3] [MQTT5 3.8.4-4]
    def test_sent_again_for_a_repeated_subscription(self):
        sender = self.peer()
        sender.publish(self.name, b"kept", 1, retain=True)
        for version in VERSIONS:
            client = self.peer(version=version)
            for number in range(3):
                client.subscribe((self.name, 1))
                self.assertEqual((b"kept", True), (lambda m: (m.payload, m.retain))(client.message()))
                sender.publish(self.name, str(number), 1)
                self.assertEqual(str(number).encode(), client.message().payload)

    # [MQTT5 3.3.1-9] [MQTT5 3.3.1-10] [MQTT5 3.3.1-11]
    def test_retain_handling(self):
        sender = self.peer()
        sender.publish(self.name, b"kept", 1, retain=True)
        for handling, wanted in ((0, [1, 1]), (ONLY_NEW, [1, 0]), (NEVER, [0, 0])):
            with self.subTest(handling=handling):
                client = self.peer()
                for count in wanted:
                    client.subscribe((self.name, handling))
                    self.assertEqual(count, len(self.up_to_mark(sender, client)))

    def test_retain_handling_1_after_unsubscribe_is_new_again(self):
        client = self.peer()
        client.publish(self.name, b"kept", 1, retain=True)
        for _ in range(2):
            client.subscribe((self.name, ONLY_NEW))
            self.assertEqual(b"kept", client.message().payload)
            client.unsubscribe(self.name)

    # [MQTT5 3.3.1-12] [MQTT5 3.3.1-13]
    def test_retain_as_published(self):
        plain, faithful, sender = self.peer(), self.peer(), self.peer()
        plain.subscribe(self.name)
        faithful.subscribe((self.name, AS_PUBLISHED))
        for retain in (True, False):
            sender.publish(self.name, b"x", 1, retain=retain)
            self.assertEqual((False, retain), (plain.message().retain, faithful.message().retain))

    # [MQTT311 3.1.2-7]
    def test_outlives_the_session_of_its_publisher(self):
        sender = self.peer(version=4)
        sender.publish(self.name, b"kept", 1, retain=True)
        self.settle(sender)
        sender.leave()
        self.assertEqual([(self.name, b"kept")], self.seen(self.name))

    def test_seen_from_every_worker(self):
        sender = self.peer()
        sender.publish(self.name, b"kept", 1, retain=True)
        self.settle(sender)
        for _ in range(12):
            self.assertEqual([(self.name, b"kept")], self.seen(self.name))

    def test_keeps_its_properties(self):
        props = [("payload_format_indicator", 1), ("content_type", "text/plain"), ("user_property", ("a", "b"))]
        self.peer().publish(self.name, b"kept", 1, retain=True, props=props)
        late = self.peer()
        late.subscribe(self.name)
        self.assertCountEqual(props, late.message().props)


class without_retain(broker_case):
    options = {"retain_available": "false"}

    # [MQTT5 3.2.2-13]
    def test_is_announced_and_refused(self):
        client = self.peer()
        self.assertEqual(0, client.connack.prop["retain_available"])
        refused = self.peer(will={"topic": self.name, "retain": True})
        self.assertEqual((0x9A, False), (refused.connack.code, refused.connack.session_present))
        self.assert_ends(refused)
        client.send(mqtt.publish(5, self.name, b"x", retain=True))
        self.assert_ends(client, 0x9A)
