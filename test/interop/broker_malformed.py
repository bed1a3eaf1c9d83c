"""What strangers send: the connection that it came on ends, and nobody else notices."""

import random
import struct
import time

from broker_case import VERSIONS, broker_case, drain, ended, mqtt
from nightjar_process import PATIENCE_S

MALFORMED, PROTOCOL_ERROR = 0x81, 0x82
SEED = 20260117


def drain_bytes(client):
    try:
        while True:
            client.fill(time.monotonic() + PATIENCE_S)
    except ended:
        return bytes(client.buffer)


class malformed(broker_case):
    def setUp(self):
        super().setUp()
        self.witness = self.peer()
        self.witness.subscribe(self.name)

    def tearDown(self):
        self.witness.publish(self.name, b"alive", 1)  # the others live
        self.assertEqual(b"alive", self.witness.message().payload)
        super().tearDown()

    def refused_at_once(self, data, version=5):
        """A connection whose first bytes these are ends, without anything that says yes."""
        client = self.raw(version)
        client.send(data)
        answers = self.assert_ends(client)
        self.assertEqual([], [p for p in answers if p.kind != mqtt.CONNACK or p.code == 0])
        return answers

    def refused_later(self, data, code=None, version=5):
        client = self.peer(version=version)
        client.send(data)
        self.assert_ends(client, code)

    # [MQTT311 3.1.0-1] [MQTT5 3.1.0-1] [MQTT5 3.14.0-1] [MQTT311 3.1.4-1] [MQTT5 3.1.4-1]
    def test_the_first_packet_is_connect(self):
        for version in (4, 5):
            for first in (mqtt.packet(mqtt.PINGREQ), mqtt.publish(version, self.name, b"x"),
                          mqtt.subscribe(version, 1, [("#", 0)]), mqtt.disconnect(version),
                          mqtt.packet(mqtt.CONNACK, b"\0\0"), mqtt.packet(mqtt.AUTH)):
                self.assertEqual([], self.refused_at_once(first))

    # [MQTT311 3.1.0-2] [MQTT5 3.1.0-2] [MQTT311 4.8.0-1] [MQTT5 4.13.1-1] [MQTT5 3.2.0-2]
    def test_a_second_connect(self):
        for version in VERSIONS:
            client = self.peer(version=version)
            client.send(mqtt.connect(version, client.id))
            last = self.assert_ends(client, PROTOCOL_ERROR if version == 5 else None)
            self.assertEqual([], [p for p in last if p.kind == mqtt.CONNACK])

    # [MQTT311 3.1.2-2] [MQTT5 3.1.2-2]
    def test_unknown_protocol_levels(self):
        old, new = bytes.fromhex("20020001"), bytes.fromhex("2003008400")
        for level in (0, 2, 6, 127, 255):
            client = self.raw()
            client.send(mqtt.packet(mqtt.CONNECT, mqtt.blob("MQTT") + bytes([level, 2, 0, 0]) + mqtt.blob("x")))
            self.assertIn(drain_bytes(client), (old,) if level < 4 else (old, new), f"level {level}")

    def test_wrong_protocol_names(self):
        for name in ("", "mqtt", "MQTTX", "MQIsd", "HTTP"):
            self.refused_at_once(mqtt.packet(mqtt.CONNECT, mqtt.blob(name) + bytes([4, 2, 0, 0]) + mqtt.blob("x")))

    def test_connect_that_is_not_whole(self):
        whole = mqtt.connect(5, "someone", will={"topic": "a", "payload": "b"}, user="u", password="p")
        for size in range(0, len(whole) - 2):
            self.refused_at_once(mqtt.packet(mqtt.CONNECT, whole[2:2 + size]))
        self.refused_at_once(mqtt.packet(mqtt.CONNECT, whole[2:] + b"more"))

    def test_connect_with_wrong_flags(self):
        for flags in (0x01, 0x08, 0x20, 0x18 | 0x06, 0x1C):
            self.refused_at_once(mqtt.packet(mqtt.CONNECT, mqtt.blob("MQTT") + bytes([4, flags, 0, 0]) +
                                             mqtt.blob("x") + mqtt.blob("t") + mqtt.blob("p")), version=4)

    def test_padded_and_endless_remaining_length(self):
        for length in (b"\x80\x00", b"\x80\x80\x00", b"\x80\x80\x80\x00"):
            self.refused_later(b"\xc0" + length)
        for length in (b"\x80\x80\x80\x80\x00", b"\xff\xff\xff\xff\x7f"):
            self.refused_later(b"\x30" + length)
        first = mqtt.connect(4, "padded")
        self.refused_at_once(first[:1] + bytes([first[1] | 0x80, 0]) + first[2:], version=4)

    def test_a_packet_beyond_the_announced_maximum(self):
        most = self.witness.connack.prop["maximum_packet_size"]
        for version in (4, 5):
            client = self.peer(version=version)
            client.send(b"\x30" + mqtt.varint(most))  # the fixed header comes on top: a few bytes too many
            self.assert_ends(client, 0x95 if version == 5 else None)

    def test_reserved_kinds_and_flags(self):
        self.refused_later(b"\x00\x00", MALFORMED)
        self.refused_later(b"\xc1\x00", MALFORMED)
        self.refused_later(b"\x36\x05\x00\x01a\x00\x01\x00", MALFORMED)  # QoS 3
        self.refused_later(b"\x80" + mqtt.subscribe(5, 1, [("a", 0)])[1:], MALFORMED)
        self.refused_later(b"\x60\x02\x00\x01", MALFORMED)
        self.refused_later(b"\x10\x00")
        self.refused_later(b"\xd0\x00")  # PINGRESP is for the other direction

    def test_topics_that_are_none(self):
        for topic in (b"", b"a/#", b"+", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80"):
            self.refused_later(mqtt.packet(mqtt.PUBLISH, mqtt.blob(topic) + b"\0" + b"x"))
            self.refused_later(mqtt.packet(mqtt.PUBLISH, mqtt.blob(topic) + b"x"), version=4)

    def test_filters_that_are_none(self):
        for pattern in ("", "a#", "#/a", "a/#/b", "a+", "+a/b", "a/b+/c"):
            for version in (4, 5):
                client = self.peer(version=version)
                client.send(mqtt.subscribe(version, 1, [(pattern, 0)]))
                try:
                    self.assertGreaterEqual(client.wait(mqtt.SUBACK, 1).codes[0], 0x80, pattern)
                except ended:
                    pass  # the other legal answer

    def test_subscribe_without_filters_or_with_wrong_options(self):
        for version in (4, 5):
            self.refused_later(mqtt.subscribe(version, 1, []), version=version)
            self.refused_later(mqtt.unsubscribe(version, 1, []), version=version)
            self.refused_later(mqtt.subscribe(version, 0, [("a", 0)]), version=version)
            self.refused_later(mqtt.subscribe(version, 1, [("a", 3)]), version=version)
            self.refused_later(mqtt.subscribe(version, 1, [("a", 0xC0)]), version=version)
        self.refused_later(mqtt.subscribe(4, 1, [("a", 4)]), version=4)
        self.refused_later(mqtt.subscribe(5, 1, [("a", 0x30)]), PROTOCOL_ERROR)  # retain handling 3
        self.refused_later(mqtt.subscribe(5, 1, [("a", 0)], {"subscription_identifier": 0}), PROTOCOL_ERROR)

    def test_publish_with_identifier_0(self):
        for version in (4, 5):
            for qos in (1, 2):
                self.refused_later(mqtt.publish(version, "a", b"x", qos=qos, packet_id=0), version=version)

    def test_properties_out_of_place_or_twice(self):
        for props in ([("topic_alias", 1)] * 2, [("content_type", "a")] * 2, [("payload_format_indicator", 2)],
                      [("maximum_qos", 1)], [("subscription_identifier", 5)], [("response_topic", "a/+")]):
            self.refused_later(mqtt.publish(5, self.name + "/p", b"x", props=props))
        for props in ([("receive_maximum", 0)], [("maximum_packet_size", 0)], [("topic_alias", 1)],
                      [("request_problem_information", 2)], [("authentication_data", b"x")]):
            self.refused_at_once(mqtt.connect(5, "props", props=props))

    def test_authentication_out_of_place(self):
        self.refused_later(mqtt.packet(mqtt.AUTH, b"\x18\x00"), PROTOCOL_ERROR)

    def test_garbage(self):
        chance = random.Random(SEED)
        for _ in range(60):
            client = self.raw()
            try:
                client.send(chance.randbytes(chance.randrange(1, 2000)), bytes([0xF0, 0]))
                client.socket.shutdown(1)
                drain(client)
            except (OSError, ValueError, KeyError, struct.error):
                pass  # what comes back, if anything, is not the point: tearDown asks whether the broker lives

    def test_garbage_after_connect(self):
        chance = random.Random(SEED)
        for version in VERSIONS * 15:
            client = self.peer(version=version)
            kind = chance.choice((mqtt.PUBLISH, mqtt.PUBACK, mqtt.PUBREL, mqtt.SUBSCRIBE, mqtt.UNSUBSCRIBE))
            body = chance.randbytes(chance.randrange(0, 40))
            client.send(mqtt.packet(kind, body, chance.randrange(16)), b"\xf0\x00")
            self.assert_ends(client)

    # [MQTT311 3.1.4-5] [MQTT5 3.1.4-6]
    def test_nothing_counts_after_a_refused_connect(self):
        client = self.raw(4)
        client.send(mqtt.connect(4, "", clean=False), mqtt.publish(4, self.name, b"unheard"))
        self.assertEqual([2], [p.code for p in self.assert_ends(client)])
        self.assert_quiet(self.peer(), self.witness)

    # [MQTT5 3.14.4-1]
    def test_nothing_counts_after_disconnect(self):
        for version in (4, 5):
            client = self.peer(version=version)
            client.send(mqtt.disconnect(version), mqtt.publish(version, self.name, b"unheard"))
            self.assert_ends(client)
        self.assert_quiet(self.peer(), self.witness)
