"""Messages from publishers to subscribers: every QoS, every version, order, size, and how bytes are cut."""

import itertools
import socket

from broker_case import VERSIONS, broker_case, mqtt

MEGABYTE = 1 << 20
MANY = 1000


class delivery(broker_case):
    # [MQTT311 3.3.4-1] [MQTT311 3.8.4-6] [MQTT311 4.3.1-1] [MQTT311 4.3.2-1] [MQTT311 4.3.2-2] [MQTT311 4.3.3-1]
    # [MQTT311 4.3.3-2] [MQTT311 4.5.0-1] [MQTT311 3.3.2-3] [MQTT311 2.3.1-6]
    # [MQTT5 4.3.1-1] [MQTT5 4.3.2-2] [MQTT5 4.3.3-2] [MQTT5 3.8.4-8]
    def test_every_qos_between_all_versions(self):
        for there, here in itertools.product(VERSIONS, VERSIONS):
            listener, sender = self.peer(version=here), self.peer(version=there)
            for granted, sent in itertools.product(range(3), range(3)):
                topic = f"{self.name}/{there}{here}{granted}{sent}"
                with self.subTest(publisher=there, subscriber=here, granted=granted, sent=sent):
                    self.assertEqual([granted], listener.subscribe((topic, granted)).codes)
                    self.assertEqual(0, sender.publish(topic, b"payload", sent))
                    got = listener.message()
                    self.assertEqual((topic, b"payload", min(granted, sent), False, False),
                                     (got.topic, got.payload, got.qos, got.dup, got.retain))
            self.assert_quiet(sender, listener)

    # [MQTT311 4.6.0-5] [MQTT311 4.6.0-6] [MQTT5 4.6.0-5] [MQTT5 4.6.0-6]
    def test_a_thousand_messages_stay_in_order(self):
        for qos in range(3):
            with self.subTest(qos=qos):
                topic, listener, sender = f"{self.name}/{qos}", self.peer(), self.peer()
                listener.subscribe((topic, qos))
                window = 20  # what the broker announces as its receive maximum
                for first in range(0, MANY, window):
                    ids = [1 + n % 60000 if qos else None for n in range(first, first + window)]
                    sender.send(*(mqtt.publish(5, topic, str(n), qos=qos, packet_id=i)
                                  for n, i in zip(range(first, first + window), ids)))
                    for i in ids if qos else ():
                        self.assertEqual(0, sender.wait(mqtt.PUBACK if qos == 1 else mqtt.PUBREC, i).code)
                    if qos == 2:
                        sender.send(*(mqtt.ack(mqtt.PUBREL, i) for i in ids))
                        for i in ids:
                            sender.wait(mqtt.PUBCOMP, i)
                self.assertEqual([str(n).encode() for n in range(MANY)], [m.payload for m in listener.messages(MANY)])

    # [MQTT311 4.6.0-2] [MQTT311 4.6.0-3] [MQTT5 4.6.0-2] [MQTT5 4.6.0-3]
    def test_acknowledgements_leave_in_the_order_of_arrival(self):
        for qos, kind in ((1, mqtt.PUBACK), (2, mqtt.PUBREC)):
            with self.subTest(qos=qos):
                sender, ids = self.peer(), [7, 3, 11, 2, 19, 5]
                sender.send(*(mqtt.publish(5, self.name, b"x", qos=qos, packet_id=i) for i in ids))
                self.assertEqual([(kind, i) for i in ids], [(p.kind, p.id) for p in (sender.read() for _ in ids)])

    def test_large_payloads(self):
        payload = bytes(range(256)) * (MEGABYTE // 256)
        for version, qos in itertools.product((4, 5), range(3)):
            with self.subTest(version=version, qos=qos):
                topic, listener, sender = self.unique(self.name), self.peer(version=version), self.peer(version=version)
                listener.subscribe((topic, qos))
                sender.publish(topic, payload, qos)
                got = listener.message()
                self.assertEqual((qos, len(payload)), (got.qos, len(got.payload)))
                self.assertTrue(got.payload == payload, "the payload changed on its way")

    def test_an_empty_payload(self):
        listener, sender = self.peer(), self.peer(version=4)
        listener.subscribe((self.name, 2))
        for qos in range(3):
            sender.publish(self.name, b"", qos)
            self.assertEqual((b"", qos), (lambda m: (m.payload, m.qos))(listener.message()))

    def test_publisher_hears_that_nobody_listens(self):
        sender = self.peer()
        self.assertEqual([0x10, 0x10], [sender.publish(self.name, b"x", qos) for qos in (1, 2)])
        self.peer().subscribe(self.name)
        self.assertEqual([0, 0], [sender.publish(self.name, b"x", qos) for qos in (1, 2)])

    # [MQTT311 4.3.3-2] [MQTT5 4.3.3-10]
    def test_exactly_once_although_sent_twice(self):
        listener, sender = self.peer(), self.peer()
        listener.subscribe((self.name, 2))
        sender.send(mqtt.publish(5, self.name, b"once", qos=2, packet_id=9))
        sender.wait(mqtt.PUBREC, 9)
        sender.send(mqtt.publish(5, self.name, b"once", qos=2, packet_id=9, dup=True))
        sender.wait(mqtt.PUBREC, 9)
        sender.send(mqtt.ack(mqtt.PUBREL, 9))
        sender.wait(mqtt.PUBCOMP, 9)
        sender.publish(self.name, b"next", 2)
        self.assertEqual([b"once", b"next"], [m.payload for m in listener.messages(2)])

    # [MQTT311 3.3.1-3] [MQTT5 3.3.1-3]
    def test_dup_from_a_publisher_is_not_passed_on(self):
        listener, sender = self.peer(), self.peer()
        listener.subscribe((self.name, 1))
        sender.publish(self.name, b"again", 1, dup=True)
        self.assertFalse(listener.message().dup)

    # [MQTT311 4.3.2-2] [MQTT5 4.3.2-5] [MQTT5 4.3.3-12] [MQTT5 4.3.2-4] [MQTT5 4.3.3-8] [MQTT5 4.3.3-11]
    def test_an_acknowledged_identifier_is_free_for_a_new_message(self):
        for qos in (1, 2):
            listener, sender, topic = self.peer(), self.peer(), f"{self.name}/{qos}"
            listener.subscribe((topic, 2))
            for payload in (b"one", b"two"):
                sender.send(mqtt.publish(5, topic, payload, qos=qos, packet_id=4, dup=payload == b"two"))
                sender.wait(mqtt.PUBACK if qos == 1 else mqtt.PUBREC, 4)
                if qos == 2:
                    sender.send(mqtt.ack(mqtt.PUBREL, 4))
                    sender.wait(mqtt.PUBCOMP, 4)
            self.assertEqual([b"one", b"two"], [m.payload for m in listener.messages(2)])

    def test_pubrel_of_an_unknown_packet(self):
        sender = self.peer()
        sender.send(mqtt.ack(mqtt.PUBREL, 77))
        self.assertEqual(0x92, sender.wait(mqtt.PUBCOMP, 77).code)

    def test_a_client_hears_itself_on_every_worker(self):
        everyone = [self.peer() for _ in range(12)]
        for one in everyone:
            one.subscribe((self.name, 1))
        for number, one in enumerate(everyone):
            one.publish(self.name, str(number), 1)
        for one in everyone:
            self.assertEqual(sorted(str(n).encode() for n in range(12)), sorted(m.payload for m in one.messages(12)))


class cutting(broker_case):
    """The stream has no borders: packets come joined or byte by byte."""

    def script(self, version, qos):
        topic = self.unique(self.name)
        sent = mqtt.publish(version, topic, b"in one go", qos=qos, packet_id=2 if qos else None)
        return topic, [mqtt.connect(version, self.unique("cut")), mqtt.subscribe(version, 1, [(topic, qos)]), sent]

    def check(self, client, topic, qos):
        kinds = [client.read() for _ in range(3 if qos == 0 else 4)]
        self.assertEqual([mqtt.CONNACK, mqtt.SUBACK], [p.kind for p in kinds if p.kind in (mqtt.CONNACK, mqtt.SUBACK)])
        self.assertEqual(mqtt.CONNACK, kinds[0].kind)
        got = [p for p in kinds if p.kind == mqtt.PUBLISH]
        self.assertEqual([(topic, b"in one go", qos)], [(p.topic, p.payload, p.qos) for p in got])

    # [MQTT311 3.1.4-4] [MQTT311 3.2.0-1] [MQTT5 3.2.0-1] [MQTT5 3.1.4-5]
    def test_connect_subscribe_and_publish_in_one_segment(self):
        for version, qos in itertools.product(VERSIONS, range(3)):
            for _ in range(4):  # so that some connections come to a worker that is not their home
                with self.subTest(version=version, qos=qos):
                    topic, parts = self.script(version, qos)
                    client = self.raw(version)
                    client.send(*parts)
                    self.check(client, topic, qos)

    # [MQTT311 7.1.1-1] [MQTT5 4.2.0-1]
    def test_a_byte_at_a_time(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                topic, parts = self.script(version, 2)
                client = self.raw(version)
                client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in b"".join(parts):
                    client.send(bytes([byte]))
                self.check(client, topic, 2)

    def test_a_cut_at_every_place(self):
        length = len(b"".join(self.script(5, 1)[1])) + 4
        for at in range(1, length):
            topic, parts = self.script(5, 1)
            stream, client = b"".join(parts), self.raw()
            client.send(stream[:at])
            client.send(stream[at:])
            self.check(client, topic, 1)
            client.close()

    def test_many_packets_in_one_segment(self):
        listener, sender = self.peer(), self.peer()
        listener.subscribe(self.name)
        sender.send(*(mqtt.publish(5, self.name, str(n)) for n in range(500)))
        self.assertEqual([str(n).encode() for n in range(500)], [m.payload for m in listener.messages(500)])
