"""QoS 1 and 2 within their windows, and topic aliases towards clients."""

from broker_case import broker_case, mqtt

KEPT = {"session_expiry_interval": 60}


def shape(message):
    return message.topic, message.prop.get("topic_alias"), message.payload


class aliases_to_clients(broker_case):
    def topics(self, count):
        return [f"{self.name}/{number}" for number in range(count)]

    # [MQTT5 3.1.2-26] [MQTT5 3.1.2-27]
    def test_the_second_message_of_a_topic_travels_without_it(self):
        reader, plain, writer = self.peer(props={"topic_alias_maximum": 3}), self.peer(), self.peer()
        for one in (reader, plain):
            one.subscribe((self.name + "/#", 1))
        topics = self.topics(5)
        for turn in range(2):
            for topic in topics:
                writer.publish(topic, b"x", turn)
        for number, topic in enumerate(topics):
            self.assertEqual((topic, number + 1 if number < 3 else None, b"x"), shape(reader.message()))
        for number, topic in enumerate(topics):
            known = number < 3
            self.assertEqual(("" if known else topic, number + 1 if known else None, b"x"), shape(reader.message()))
        for topic in topics * 2:
            self.assertEqual((topic, None, b"x"), shape(plain.message()))

    def test_no_more_than_ten_unless_told(self):
        reader, writer = self.peer(props={"topic_alias_maximum": 65535}), self.peer()
        reader.subscribe(self.name + "/#")
        for topic in self.topics(30):
            writer.publish(topic)
        found = [m.prop["topic_alias"] for m in reader.messages(30) if m.topic and "topic_alias" in m.prop]
        self.assertEqual(list(range(1, 11)), found[:10])
        self.assertLessEqual(max(found), 10)

    def test_large_payloads_and_properties_travel_as_well(self):
        reader, writer = self.peer(props={"topic_alias_maximum": 3}), self.peer()
        reader.subscribe((self.name, 1), props={"subscription_identifier": 7})
        large = bytes(range(256)) * 1000
        for _ in range(2):
            writer.publish(self.name, large, 1, props={"message_expiry_interval": 100, "content_type": "t"})
        for topic in (self.name, ""):
            found = reader.message()
            self.assertEqual((topic, 1, large), shape(found))
            self.assertEqual((7, "t"), (found.prop["subscription_identifier"], found.prop["content_type"]))

    def test_qos_2_always_names_its_topic(self):
        """Clients that deliver at PUBREL would have to remember what an alias stood for at PUBLISH; not all do."""
        reader, writer = self.peer(props={"topic_alias_maximum": 3}), self.peer()
        reader.subscribe((self.name, 2))
        for qos in (1, 2, 1, 2):
            writer.publish(self.name, b"x", qos)
        self.assertEqual([self.name, self.name, "", self.name], [m.topic for m in reader.messages(4)])

    def test_what_was_too_large_defines_nothing(self):
        reader, writer = self.peer(props={"topic_alias_maximum": 3, "maximum_packet_size": 200}), self.peer()
        reader.subscribe(self.name)
        writer.publish(self.name, b"x" * 200)
        writer.publish(self.name, b"fits")
        self.assertEqual((self.name, 1, b"fits"), shape(reader.message()))

    def test_what_fits_without_an_alias_only_comes_without(self):
        overhead = len(mqtt.publish(5, self.name, b""))
        reader = self.peer(props={"topic_alias_maximum": 3, "maximum_packet_size": overhead + 50})
        writer = self.peer()
        reader.subscribe(self.name)
        writer.publish(self.name, b"x" * 49)
        self.assertEqual((self.name, None, b"x" * 49), shape(reader.message()))
        writer.publish(self.name, b"y")
        self.assertEqual((self.name, 1, b"y"), shape(reader.message()))

    # [MQTT5 3.3.2-7]
    def test_a_connection_starts_without_aliases(self):
        name, writer = self.unique("k"), self.peer()
        props = KEPT | {"topic_alias_maximum": 3}
        reader = self.peer(name, clean=False, props=props, acks=False)
        reader.subscribe((self.name, 1))
        for text in (b"1", b"2"):
            writer.publish(self.name, text, 1)
        self.assertEqual([self.name, ""], [m.topic for m in reader.messages(2)])
        reader.drop()
        again = self.peer(name, clean=False, props=props)
        found = again.messages(2)
        self.assertEqual([(self.name, 1, b"1"), ("", 1, b"2")], [shape(m) for m in found])
        self.assertTrue(all(m.dup for m in found))
        again.ping()  # whose answer says that the acknowledgements have arrived
        without = self.peer(name, clean=False, props=KEPT)
        writer.publish(self.name, b"3", 1)
        self.assertEqual((self.name, None, b"3"), shape(without.message()))


class windows_to_clients(broker_case):
    options = {"max_inflight_messages": 5}

    def kept(self, name, **props):
        return self.peer(name, clean=False, props=KEPT | props, acks=False)

    # [MQTT5 3.1.2-25] [MQTT5 4.4.0-1]
    def test_what_no_longer_fits_frees_its_slot(self):
        for qos in (1, 2):
            name, topic = self.unique("k"), self.unique("t")
            reader, writer = self.kept(name), self.peer()
            reader.subscribe((topic, qos))
            for size in [500] * 5 + [10]:
                writer.publish(topic, b"x" * size, qos)
            self.assertEqual(5, len(reader.messages(5)))
            reader.drop()
            again = self.peer(name, clean=False, props=KEPT | {"maximum_packet_size": 200})
            self.assertEqual(10, len(again.message().payload))
            again.ping()
            third = self.peer(name, clean=False, props=KEPT)
            self.assert_quiet(writer, third)

    # [MQTT5 4.9.0-1] [MQTT5 4.9.0-2]
    def test_no_more_in_flight_than_either_side_says(self):
        for asked, most in ((3, 3), (100, 5)):
            reader, writer = self.peer(props={"receive_maximum": asked}, acks=False), self.peer()
            topic = self.unique()
            reader.subscribe((topic, 2))
            for number in range(8):
                writer.publish(topic, b"%d" % number, 1 + number % 2)
            found = reader.messages(most)
            reader.ping()
            self.assertFalse([p for p in reader.inbox if p.kind == mqtt.PUBLISH], "beyond the window")
            reader.send(mqtt.ack(mqtt.PUBACK, found[0].id))
            self.assertEqual(b"%d" % most, reader.message().payload)

    # [MQTT5 4.3.3-10]
    def test_a_repeated_qos_2_message_is_answered_and_not_delivered_again(self):
        for version in (4, 5):
            name, topic = self.unique("k"), self.unique()
            reader = self.peer()
            reader.subscribe((topic, 2))
            how = {"clean": False, "props": KEPT} if version == 5 else {"clean": False}
            writer = self.peer(name, version, **how)
            for _ in range(3):
                writer.send(mqtt.publish(version, topic, b"once", qos=2, packet_id=9, dup=True))
                self.assertEqual(0, writer.wait(mqtt.PUBREC, 9).code)
                writer.drop()
                writer = self.peer(name, version, **how)
            writer.send(mqtt.ack(mqtt.PUBREL, 9))
            writer.wait(mqtt.PUBCOMP, 9)
            self.assertEqual(b"once", reader.message().payload)
            self.assert_quiet(self.peer(), reader)

    def test_more_than_the_announced_receive_maximum_ends_in_0x93(self):
        writer = self.peer()
        self.assertEqual(5, writer.connack.prop["receive_maximum"])
        for number in range(1, 6):
            writer.send(mqtt.publish(5, self.name, qos=2, packet_id=number))
            writer.wait(mqtt.PUBREC, number)
        for number in range(100, 130):  # QoS 1 is finished at once
            writer.send(mqtt.ack(mqtt.PUBREL, 1 + number % 5))
            writer.wait(mqtt.PUBCOMP)
            writer.send(mqtt.publish(5, self.name, qos=1, packet_id=number))
            writer.wait(mqtt.PUBACK, number)
            writer.send(mqtt.publish(5, self.name, qos=2, packet_id=1 + number % 5))
            writer.wait(mqtt.PUBREC)
        writer.send(mqtt.publish(5, self.name, qos=1, packet_id=77))
        self.assert_ends(writer, 0x93)


    def test_a_repeated_qos_2_message_may_name_an_alias(self):
        reader, name = self.peer(), self.unique("k")
        reader.subscribe((self.name, 2))
        writer = self.peer(name, clean=False, props=KEPT)
        writer.send(mqtt.publish(5, self.name, b"1", qos=2, packet_id=9))
        writer.wait(mqtt.PUBREC, 9)
        writer.drop()
        writer = self.peer(name, clean=False, props=KEPT)
        writer.send(mqtt.publish(5, self.name, b"1", qos=2, packet_id=9, dup=True, props={"topic_alias": 4}),
                    mqtt.publish(5, "", b"2", qos=1, packet_id=10, props={"topic_alias": 4}))
        self.assertEqual(0, writer.wait(mqtt.PUBREC, 9).code)
        self.assertEqual(0, writer.wait(mqtt.PUBACK, 10).code)
        self.assertEqual([b"1", b"2"], [m.payload for m in reader.messages(2)])


class few_bytes_in_flight(broker_case):
    options = {"max_inflight_bytes": 100}

    def test_max_inflight_bytes(self):
        for kept in ({}, KEPT):
            reader, writer = self.peer(acks=False, props=kept), self.peer()
            topic = self.unique()
            reader.subscribe((topic, 1))
            for size in (60, 40, 1, 300, 5):
                writer.publish(topic, b"x" * size, 1)
            for expected, acks in (([60, 40], 1), ([1], 2), ([300], 1), ([5], 0)):
                found = reader.messages(len(expected))
                self.assertEqual(expected, [len(m.payload) for m in found])
                reader.ping()
                self.assertFalse([p for p in reader.inbox if p.kind == mqtt.PUBLISH], expected)
                self.waiting = getattr(self, "waiting", []) + [m.id for m in found]
                for _ in range(acks):
                    reader.send(mqtt.ack(mqtt.PUBACK, self.waiting.pop(0)))
            self.waiting = []


