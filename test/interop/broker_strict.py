"""Where widespread brokers are lax and the standard is not: wills and sessions after rude ends, windows, time."""

import time

from broker_case import broker_case, mqtt

KEPT = {"session_expiry_interval": 600}
REFUSALS = (0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99)  # what a client may say
PADDED_PINGREQ = bytes.fromhex("c08000")


class rude_ends(broker_case):
    def setUp(self):
        super().setUp()
        self.listener, self.sender = self.peer(), self.peer()
        self.listener.subscribe((f"{self.name}/will", 1))

    def with_will(self, name, version):
        how = {"props": KEPT} if version == 5 else {}
        client = self.peer(name, version, clean=False, will={"topic": f"{self.name}/will", "payload": name, "qos": 1}, **how)
        client.subscribe((f"{self.name}/{name}", 1))
        return client

    def assert_will_and_session(self, name, version):
        self.assertEqual(name.encode(), self.listener.message().payload)
        self.sender.publish(f"{self.name}/{name}", b"while away", 1)
        back = self.peer(name, version, clean=False, **({"props": KEPT} if version == 5 else {}))
        self.assertTrue(back.connack.session_present)
        self.assertEqual(b"while away", back.message().payload)

    # [MQTT5 3.1.0-2] [MQTT5 3.1.2-8] [MQTT5 3.1.2-23] [MQTT311 3.1.0-2] [MQTT311 3.1.2-8]
    def test_a_second_connect_sends_the_will_and_keeps_the_session(self):
        for version in (4, 5):
            for second in (mqtt.connect(version, "someone else"), mqtt.connect(version, self.name, clean=True)):
                name = self.unique("twice")
                client = self.with_will(name, version)
                client.send(second)
                self.assert_ends(client, 0x82 if version == 5 else None)
                self.assert_will_and_session(name, version)

    # [MQTT5 3.1.2-8] [MQTT5 3.1.2-10] [MQTT5 3.1.2-23] [MQTT5 3.14.4-3]
    def test_a_disconnect_with_a_code_sends_the_will_and_keeps_the_session(self):
        for code in REFUSALS:
            name = self.unique("leaves")
            self.with_will(name, 5).leave(code)
            self.assert_will_and_session(name, 5)

    # [MQTT5 1.5.5-1] [MQTT5 4.13.1-1] [MQTT5 3.1.2-8]
    def test_a_padded_length_is_malformed(self):
        for version in (4, 5):
            name = self.unique("pads")
            client = self.with_will(name, version)
            client.send(PADDED_PINGREQ)
            self.assert_ends(client, 0x81 if version == 5 else None)
            self.assert_will_and_session(name, version)


class windows(broker_case):
    # [MQTT5 4.3.3-8]
    def test_a_repeated_publish_gets_its_pubrec_though_the_window_is_full(self):
        client = self.peer(props=KEPT)
        most = client.connack.prop["receive_maximum"]

        def begin(one, dup=False):
            packets = [mqtt.publish(5, self.name, str(n), qos=2, packet_id=n, dup=dup) for n in range(1, most + 1)]
            one.send(*packets)
            self.assertEqual([(mqtt.PUBREC, n) for n in range(1, most + 1)],
                             [(p.kind, p.id) for p in (one.read() for _ in packets)])
        begin(client)
        begin(client, dup=True)
        client.drop()
        again = self.peer(client.id, clean=False, props=KEPT)
        self.assertTrue(again.connack.session_present)
        begin(again, dup=True)
        begin(again, dup=True)
        again.send(mqtt.ack(mqtt.PUBREL, 1))
        again.wait(mqtt.PUBCOMP, 1)
        again.send(mqtt.publish(5, self.name, b"x", qos=2, packet_id=1))
        self.assertLess(again.wait(mqtt.PUBREC, 1).code, 0x80)

    def test_one_more_than_the_window_ends_in_0x93(self):
        for count_of_one in (False, True):  # all at once, and with answers between
            client = self.peer()
            most = client.connack.prop["receive_maximum"]
            for number in range(1, most + 1):
                client.send(mqtt.publish(5, self.name, b"x", qos=2, packet_id=number))
                if count_of_one:
                    self.assertLess(client.wait(mqtt.PUBREC, number).code, 0x80)
            client.send(mqtt.publish(5, self.name, b"x", qos=2, packet_id=most + 1))
            self.assert_ends(client, 0x93)


class delayed_wills(broker_case):
    # [MQTT5 3.1.2-8]
    def test_are_never_early(self):
        listener = self.peer()
        listener.subscribe((f"{self.name}/#", 1))
        left = {}
        for number in range(12):  # spread over a second, so that no rounding helps
            topic = f"{self.name}/{number}"
            will = {"topic": topic, "payload": b"late", "qos": 1, "props": {"will_delay_interval": 1}}
            client = self.peer(props=KEPT, will=will)
            left[topic] = time.monotonic()
            client.drop() if number % 2 else client.send(mqtt.disconnect(5, 0x04))
            time.sleep(0.083)
        for _ in left:
            got = listener.message()
            self.assertGreaterEqual(time.monotonic() - left[got.topic], 1, got.topic)
