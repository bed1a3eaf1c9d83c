"""What MQTT 5.0 added to a message and to a connection."""

import time
import uuid

from broker_case import broker_case, mqtt

PASSED_ON = [("payload_format_indicator", 1), ("content_type", "text/plain"), ("response_topic", "answer/to/me"),
             ("correlation_data", bytes(range(64))), ("user_property", ("z", "1")), ("user_property", ("a", "2")),
             ("user_property", ("z", "1")), ("user_property", ("", ""))]


class messages(broker_case):
    # [MQTT5 3.3.2-4] [MQTT5 3.3.2-15] [MQTT5 3.3.2-16] [MQTT5 3.3.2-17] [MQTT5 3.3.2-18] [MQTT5 3.3.2-20]
    def test_pass_through_unchanged(self):
        old, new, sender = self.peer(version=4), self.peer(), self.peer()
        for one in (old, new):
            one.subscribe((self.name, 2))
        for qos in range(3):
            sender.publish(self.name, b"text", qos, props=PASSED_ON)
            got = new.message()
            self.assertCountEqual(PASSED_ON, got.props)
            self.assertEqual([v for n, v in PASSED_ON if n == "user_property"],
                             [v for n, v in got.props if n == "user_property"])
            self.assertEqual(b"text", old.message().payload)

    # [MQTT5 3.3.2-5]
    def test_expired_messages_are_not_delivered(self):
        name, kept, sender = self.unique("away"), {"session_expiry_interval": 60}, self.peer()
        client = self.peer(name, props=kept)
        client.subscribe((self.name, 2))
        client.leave()
        for qos in (1, 2):
            sender.publish(self.name, b"short", qos, props={"message_expiry_interval": 1})
            sender.publish(self.name, b"long", qos, props={"message_expiry_interval": 100})
        sender.publish(f"{self.name}", b"kept", 1, retain=True, props={"message_expiry_interval": 1})
        time.sleep(1.3)
        back = self.peer(name, clean=False, props=kept)
        self.assertEqual([b"long", b"long"], [m.payload for m in self.up_to_mark(sender, back)])
        late = self.peer()
        late.subscribe(self.name)
        self.assert_quiet(sender, late)

    # [MQTT5 3.3.2-6]
    def test_waiting_time_is_taken_off_the_expiry_interval(self):
        name, kept, sender = self.unique("away"), {"session_expiry_interval": 60}, self.peer()
        client = self.peer(name, props=kept)
        client.subscribe((self.name, 1))
        client.leave()
        begun = time.monotonic()
        sender.publish(self.name, b"x", 1, props={"message_expiry_interval": 1000})
        sender.publish(self.name + "/kept", b"x", 1, retain=True, props={"message_expiry_interval": 1000})
        time.sleep(1.2)
        back = self.peer(name, clean=False, props=kept)
        queued = back.message().prop["message_expiry_interval"]
        back.subscribe(self.name + "/kept")
        found = back.message().prop["message_expiry_interval"]
        waited = time.monotonic() - begun
        for left in (queued, found):
            self.assertLessEqual(1000 - waited - 1, left)
            self.assertLess(left, 1000)

    # [MQTT5 3.3.2-12] [MQTT5 3.3.2-7]
    def test_incoming_topic_aliases(self):
        sender, listener = self.peer(), self.peer()
        listener.subscribe(f"{self.name}/#")
        most = sender.connack.prop["topic_alias_maximum"]
        for alias in range(1, most + 1):
            sender.publish(f"{self.name}/{alias}", b"named", props={"topic_alias": alias})
        for alias in range(1, most + 1):
            sender.publish("", b"by alias", 1, props={"topic_alias": alias})
        sender.publish(f"{self.name}/new", b"renamed", props={"topic_alias": 1})
        sender.publish("", b"by alias", 2, props={"topic_alias": 1})
        wanted = [f"{self.name}/{n}" for n in range(1, most + 1)] * 2 + [f"{self.name}/new"] * 2
        got = self.up_to_mark(sender, listener)
        self.assertEqual(wanted, [m.topic for m in got])
        self.assertTrue(all("topic_alias" not in m.prop for m in got))  # [MQTT5 3.1.2-27]
        stranger = self.peer()
        stranger.send(mqtt.publish(5, "", b"x", props={"topic_alias": 1}))
        self.assert_ends(stranger, 0x82)

    def test_topic_alias_out_of_range(self):
        for alias in (0, self.peer().connack.prop["topic_alias_maximum"] + 1, 65535):
            client = self.peer()
            client.send(mqtt.publish(5, self.name, b"x", props={"topic_alias": alias}))
            self.assert_ends(client, 0x94)

    # [MQTT5 3.1.2-24] [MQTT5 3.1.2-25]
    def test_maximum_packet_size_of_a_client(self):
        small, large, sender = self.peer(props={"maximum_packet_size": 200}), self.peer(), self.peer()
        for one in (small, large):
            one.subscribe((self.name, 2))
        for qos in range(3):
            sender.publish(self.name, b"x" * 500, qos)
            sender.publish(self.name, b"fits", qos)
        self.assertEqual([500, 4] * 3, [len(m.payload) for m in large.messages(6)])
        got = self.up_to_mark(sender, small)
        self.assertEqual([b"fits"] * 3, [m.payload for m in got])
        self.assertTrue(all(m.wire_size <= 200 for m in got))

    # [MQTT5 3.3.4-9] [MQTT5 3.3.4-10] [MQTT5 4.9.0-2] [MQTT5 4.9.0-3] [MQTT5 4.9.0-1]
    def test_receive_maximum_of_a_client(self):
        for qos in (1, 2):
            sender, topic = self.peer(), f"{self.name}/{qos}"
            client = self.peer(acks=False, props={"receive_maximum": 3})
            client.subscribe((topic, qos))
            for number in range(8):
                sender.publish(topic, str(number), qos)
            sender.publish(topic, b"zero", 0)
            before = []
            while (got := client.message()).payload != b"zero":  # QoS 0 is outside of the window, and may pass what waits
                before.append(got.payload)
            client.ping()
            self.assertEqual([], [p for p in client.inbox if p.kind == mqtt.PUBLISH])
            self.assertEqual([b"0", b"1", b"2"], before)

    def test_receive_maximum_opens_with_each_acknowledgement(self):
        sender, client = self.peer(), self.peer(acks=False, props={"receive_maximum": 2})
        client.subscribe((self.name, 2))
        for number in range(6):
            sender.publish(self.name, str(number), 2)
        for number in range(6):
            client.ping()
            waiting = [p for p in client.inbox if p.kind == mqtt.PUBLISH]
            self.assertLessEqual(len(waiting), 2)
            got = client.message()
            self.assertEqual(str(number).encode(), got.payload)
            client.send(mqtt.ack(mqtt.PUBREC, got.id))
            client.wait(mqtt.PUBREL, got.id)
            client.send(mqtt.ack(mqtt.PUBCOMP, got.id))

    # [MQTT5 3.3.4-9] [MQTT5 4.4.0-1]
    def test_receive_maximum_that_shrank_over_a_reconnect(self):
        kept, sender = {"session_expiry_interval": 60}, self.peer()
        client = self.peer(props=kept, acks=False)
        client.subscribe((self.name, 1))
        for number in range(8):
            sender.publish(self.name, str(number), 1)
        client.messages(8)
        client.drop()
        back = self.peer(client.id, clean=False, props=kept | {"receive_maximum": 2}, acks=False)
        for number in range(8):
            back.ping()
            self.assertLessEqual(len([p for p in back.inbox if p.kind == mqtt.PUBLISH]), 2)
            got = back.message()
            self.assertEqual((str(number).encode(), True), (got.payload, got.dup))
            back.send(mqtt.ack(mqtt.PUBACK, got.id))

    def test_receive_maximum_of_the_broker(self):
        client = self.peer()
        most = client.connack.prop["receive_maximum"]
        client.send(*(mqtt.publish(5, self.name, b"x", qos=2, packet_id=n) for n in range(1, most + 2)))
        self.assert_ends(client, 0x93)


class connections(broker_case):
    def test_announcements_in_the_order_of_mosquitto(self):
        announced = self.peer().connack.props
        self.assertEqual([("topic_alias_maximum", 10), ("maximum_packet_size", 2000000), ("receive_maximum", 20)],
                         announced[:3])
        names = [name for name, _ in announced]
        for absent in ("assigned_client_identifier", "server_keep_alive", "maximum_qos", "retain_available",
                       "response_information", "authentication_method"):  # [MQTT5 3.1.2-28] [MQTT5 4.12.0-6]
            self.assertNotIn(absent, names)

    # [MQTT5 3.1.3-6] [MQTT5 3.1.3-7] [MQTT5 3.2.2-16]
    def test_assigned_identifiers(self):
        found = [self.peer("", props={"session_expiry_interval": 60}) for _ in range(8)]
        ids = [c.connack.prop["assigned_client_identifier"] for c in found]
        self.assertEqual(len(ids), len(set(ids)))
        for one in ids:
            self.assertTrue(one.startswith("auto-"), one)
            self.assertEqual(one[5:].lower(), str(uuid.UUID(one[5:])))
        found[0].subscribe((self.name, 1))
        found[0].leave()
        self.assertTrue(self.peer(ids[0], clean=False).connack.session_present)

    # [MQTT311 3.1.3-6] [MQTT311 3.1.3-8] [MQTT311 3.1.3-9] [MQTT311 3.2.2-4] [MQTT311 3.2.2-5]
    def test_empty_identifier_in_3_1_1(self):
        self.assertEqual(0, self.peer("", 4).connack.code)
        for version in (3, 4):
            refused = self.peer("", version, clean=False)
            self.assertEqual((2, False), (refused.connack.code, refused.connack.session_present))
            self.assert_ends(refused)

    # [MQTT311 3.1.3-5] [MQTT5 3.1.3-5]
    def test_identifiers_of_all_lengths(self):
        letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for version in (4, 5):
            for start in range(0, len(letters), 23):
                self.assertEqual(0, self.peer(letters[start:start + 23], version).connack.code)
            self.assertEqual(0, self.peer(self.unique("long") + "x" * 1000, version).connack.code)

    # [MQTT5 4.12.0-1] [MQTT5 4.12.0-4] [MQTT5 3.2.2-6] [MQTT5 3.2.2-7]
    def test_unknown_authentication_method(self):
        refused = self.peer(props={"authentication_method": "none of ours"})
        self.assertEqual((0x8C, False), (refused.connack.code, refused.connack.session_present))
        self.assert_ends(refused)

    # [MQTT5 3.1.2-26] [MQTT5 3.3.2-11]
    def test_outgoing_topic_aliases_stay_within_the_maximum(self):
        client, sender = self.peer(props={"topic_alias_maximum": 2}), self.peer()
        client.subscribe(f"{self.name}/#")
        aliases = {}
        for number in list(range(5)) * 3:
            sender.publish(f"{self.name}/{number}", str(number))
            got = client.message()
            alias = got.prop.get("topic_alias")
            self.assertIn(alias, (None, 1, 2))
            if alias and got.topic:
                aliases[alias] = got.topic
            self.assertEqual(f"{self.name}/{number}", got.topic or aliases[alias])


class keep_alive_bound(broker_case):
    options = {"max_keepalive": 60}

    def test_server_keep_alive(self):
        self.assertEqual(60, self.peer(keep_alive=600).connack.prop["server_keep_alive"])
        self.assertNotIn("server_keep_alive", self.peer(keep_alive=30).connack.prop)
        self.assertEqual(60, self.peer(keep_alive=0).connack.prop["server_keep_alive"])


class short_keep_alive_bound(broker_case):
    options = {"max_keepalive": 1}

    # [MQTT5 3.2.2-22]
    def test_the_servers_keep_alive_is_what_counts(self):
        begun = time.monotonic()
        for one in [self.peer(keep_alive=wanted) for wanted in (0, 600)]:
            self.assert_ends(one, 0x8D)
        self.assertGreaterEqual(time.monotonic() - begun, 1.5)


class expiry_bound(broker_case):
    options = {"persistent_client_expiration": "1h"}

    def test_session_expiry_interval_is_bounded_and_told(self):
        granted = self.peer(props={"session_expiry_interval": 7200}).connack.prop
        self.assertEqual(3600, granted["session_expiry_interval"])
        self.assertNotIn("session_expiry_interval", self.peer(props={"session_expiry_interval": 60}).connack.prop)
