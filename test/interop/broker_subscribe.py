"""SUBSCRIBE and UNSUBSCRIBE: filters, options, identifiers, and their answers."""

from broker_case import VERSIONS, broker_case, mqtt

NO_LOCAL, AS_PUBLISHED, NEVER = 4, 8, 32


class subscribing(broker_case):
    # [MQTT311 3.8.4-1] [MQTT311 3.8.4-2] [MQTT311 3.8.4-4] [MQTT311 3.8.4-5] [MQTT311 3.9.3-1] [MQTT311 2.3.1-7]
    # [MQTT5 3.8.4-1] [MQTT5 3.8.4-2] [MQTT5 3.8.4-5] [MQTT5 3.8.4-6] [MQTT5 3.8.4-7] [MQTT5 3.9.3-1] [MQTT5 2.2.1-6]
    def test_one_code_per_filter_in_order(self):
        for version in VERSIONS:
            wanted = [2, 0, 1, 1, 2, 0]
            client = self.peer(version=version)
            answer = client.subscribe(*((f"{self.name}/{n}", qos) for n, qos in enumerate(wanted)))
            self.assertEqual(wanted, answer.codes)
            for number, qos in enumerate(wanted):
                client.publish(f"{self.name}/{number}", b"x", 2)
                self.assertEqual(qos, client.message().qos)

    # [MQTT311 3.10.4-1] [MQTT311 3.10.4-2] [MQTT311 3.10.4-4] [MQTT311 3.10.4-5] [MQTT311 3.10.4-6]
    # [MQTT5 3.10.4-1] [MQTT5 3.10.4-2] [MQTT5 3.10.4-4] [MQTT5 3.10.4-5] [MQTT5 3.10.4-6] [MQTT5 3.11.3-1]
    def test_unsubscribe(self):
        for version in VERSIONS:
            client, sender = self.peer(version=version), self.peer()
            client.subscribe(f"{self.name}/+", f"{self.name}/b", f"{self.name}/c")
            answer = client.unsubscribe(f"{self.name}/+", f"{self.name}/never", f"{self.name}/b")
            self.assertEqual([0, 0x11, 0] if version == 5 else [], answer.codes)
            for topic in "abc":
                sender.publish(f"{self.name}/{topic}", topic, 1)
            self.assertEqual([b"c"], [m.payload for m in self.up_to_mark(sender, client)])

    # [MQTT311 3.10.4-3] [MQTT5 3.10.4-3]
    def test_unsubscribe_completes_what_was_begun(self):
        client, sender = self.peer(acks=False), self.peer()
        client.subscribe((self.name, 2))
        sender.publish(self.name, b"x", 2)
        got = client.message()
        client.unsubscribe(self.name)
        client.send(mqtt.ack(mqtt.PUBREC, got.id))
        client.wait(mqtt.PUBREL, got.id)

    # [MQTT311 3.8.4-3] [MQTT5 3.8.4-3]
    def test_a_repeated_filter_replaces(self):
        client, sender = self.peer(), self.peer()
        for qos in (2, 0, 1):
            client.subscribe((self.name, qos))
            sender.publish(self.name, b"x", 2)
            self.assertEqual(qos, client.message().qos)
            self.assert_quiet(sender, client)

    # [MQTT5 3.8.4-4]
    def test_replacing_sends_retained_again_and_loses_nothing(self):
        client, sender = self.peer(acks=False, props={"receive_maximum": 2}), self.peer()
        sender.publish(f"{self.name}/kept", b"kept", 1, retain=True)
        client.subscribe((f"{self.name}/#", 2))
        for number in range(6):  # more than the window: some are sent, some wait
            sender.publish(f"{self.name}/n", str(number), 1)
        client.subscribe((f"{self.name}/#", 1))
        client.acks = True
        for one in [p for p in client.inbox if p.kind == mqtt.PUBLISH]:
            client.send(mqtt.ack(mqtt.PUBACK, one.id))
        got = [m.payload for m in self.up_to_mark(sender, client, 1)]
        self.assertEqual(2, got.count(b"kept"))
        self.assertEqual([str(n).encode() for n in range(6)], [p for p in got if p != b"kept"])

    # [MQTT311 3.3.5-1] [MQTT5 3.3.4-2]
    def test_overlapping_filters(self):
        for version in VERSIONS:
            client, sender, base = self.peer(version=version), self.peer(), self.unique(self.name)
            client.subscribe((f"{base}/#", 0), (f"{base}/+", 2), (f"{base}/a", 1))
            sender.publish(f"{base}/a", b"x", 2)
            self.assertEqual(2, max(m.qos for m in self.up_to_mark(sender, client, 2)))

    # [MQTT5 3.3.4-3] [MQTT5 3.3.4-4] [MQTT5 3.3.4-5]
    def test_subscription_identifiers(self):
        client, sender = self.peer(), self.peer()
        client.subscribe(f"{self.name}/#", props={"subscription_identifier": 1})
        client.subscribe(f"{self.name}/+", props={"subscription_identifier": 268435455})
        client.subscribe(f"{self.name}/a")
        for topic, wanted in (("a", {1, 268435455}), ("a/b", {1})):
            sender.publish(f"{self.name}/{topic}", b"x", 1)
            got = self.up_to_mark(sender, client)
            found = [value for m in got for name, value in m.props if name == "subscription_identifier"]
            self.assertEqual(sorted(wanted), sorted(found))

    def test_a_subscription_identifier_is_replaced(self):
        client = self.peer()
        for number in (5, 6):
            client.subscribe(self.name, props={"subscription_identifier": number})
            client.publish(self.name, b"x")
            self.assertEqual([("subscription_identifier", number)], client.message().props)
        client.subscribe(self.name)
        client.publish(self.name, b"x")
        self.assertEqual([], client.message().props)

    def test_retained_messages_carry_the_identifier(self):
        client = self.peer()
        client.publish(self.name, b"x", 1, retain=True)
        client.subscribe(self.name, props={"subscription_identifier": 77})
        self.assertEqual([("subscription_identifier", 77)], client.message().props)

    def test_queued_messages_carry_the_identifier(self):
        name, kept = self.unique("away"), {"session_expiry_interval": 60}
        client, sender = self.peer(name, props=kept), self.peer()
        client.subscribe((self.name, 1), props={"subscription_identifier": 9})
        client.leave()
        sender.publish(self.name, b"x", 1)
        back = self.peer(name, clean=False, props=kept)
        self.assertEqual([("subscription_identifier", 9)], back.message().props)

    # [MQTT5 3.8.3-3]
    def test_no_local(self):
        selfish, other = self.peer(), self.peer()
        selfish.subscribe((self.name, NO_LOCAL | 1))
        selfish.publish(self.name, b"mine", 1)
        other.publish(self.name, b"another's", 1)
        self.assertEqual([b"another's"], [m.payload for m in self.up_to_mark(other, selfish)])

    def test_options_of_overlapping_filters_are_each_their_own(self):
        """What one subscription excludes, another may still want."""
        client, other = self.peer(), self.peer()
        client.subscribe((f"{self.name}/a", NO_LOCAL | 1), (f"{self.name}/+", AS_PUBLISHED | 1))
        client.publish(f"{self.name}/a", b"mine", 1)
        other.publish(f"{self.name}/a", b"kept", 1, retain=True)
        got = self.up_to_mark(other, client, 1)
        self.assertIn(b"mine", [m.payload for m in got])
        self.assertTrue(any(m.retain for m in got if m.payload == b"kept"))

    # [MQTT5 3.8.4-3]
    def test_a_repeated_filter_replaces_the_options(self):
        client, other = self.peer(), self.peer()
        for options in (NO_LOCAL | 1, 1, NO_LOCAL | AS_PUBLISHED | 1):
            client.subscribe((self.name, options | NEVER))
            client.publish(self.name, b"mine", 1)
            other.publish(self.name, b"kept", 1, retain=True)
            mine = [] if options & NO_LOCAL else [(b"mine", False)]
            got = [(m.payload, m.retain) for m in self.up_to_mark(other, client, 1)]
            self.assertEqual(mine + [(b"kept", bool(options & AS_PUBLISHED))], got)

    # [MQTT311 4.7.3-4] [MQTT5 4.7.3-4]
    def test_filters_match_character_by_character(self):
        client, sender, base = self.peer(), self.peer(), self.name
        client.subscribe(f"{base}/Caf\u00e9")
        for tail in ("Caf\u00e9", "caf\u00e9", "Cafe\u0301", "Caf\u00e9/", "/Caf\u00e9", " Caf\u00e9"):
            sender.publish(f"{base}/{tail}", tail)
        self.assertEqual(["Caf\u00e9"], [m.payload.decode() for m in self.up_to_mark(sender, client)])

    # [MQTT5 3.3.2-3]
    def test_wildcards(self):
        topics = ["a", "a/b", "a/b/c", "a/", "/", "/a", "a//b", "b/b"]
        cases = {"+": [0], "#": range(8), "a/#": [0, 1, 2, 3, 6], "a/+": [1, 3], "+/b": [1, 7], "+/+": [1, 3, 4, 5, 7],
                 "/+": [4, 5], "a/+/b": [6], "a/+/c": [2], "+/#": range(8), "a/b/#": [1, 2], "a/b/c/#": [2]}
        for pattern, wanted in cases.items():
            with self.subTest(filter=pattern):
                client, sender, base = self.peer(), self.peer(), self.unique(self.name)
                client.subscribe(f"{base}/{pattern}")
                for topic in topics:
                    sender.publish(f"{base}/{topic}", topic)
                got = self.up_to_mark(sender, client)
                found = [m.payload.decode() for m in got]
                self.assertEqual([f"{base}/{t}" for t in found], [m.topic for m in got])
                extra = [t for t in found if t not in topics]
                self.assertEqual(([], [topics[n] for n in wanted]), (extra, found))

    def test_a_filter_with_many_levels(self):
        client, topic = self.peer(), self.name + "/x" * 150
        client.subscribe(topic, self.name + "/+" * 150)
        client.publish(topic, b"deep", 1)
        self.assertEqual(b"deep", client.message().payload)

    def test_a_hundred_filters_in_one_packet(self):
        client = self.peer()
        self.assertEqual([1] * 100, client.subscribe(*((f"{self.name}/{n}", 1) for n in range(100))).codes)
        for number in (0, 50, 99):
            client.publish(f"{self.name}/{number}", str(number), 1)
            self.assertEqual(str(number).encode(), client.message().payload)

    # [MQTT311 3.12.4-1] [MQTT5 3.12.4-1]
    def test_ping(self):
        for version in VERSIONS:
            self.peer(version=version).ping()
