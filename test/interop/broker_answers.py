"""Answers: their size beside what the client takes, and what they may say to whom."""

from broker_case import broker_case, ended, mqtt

NOTES = ("reason_string", "user_property")
ALWAYS_ALLOWED = (mqtt.PUBLISH, mqtt.CONNACK, mqtt.DISCONNECT)  # [5.0 3.1.2.11.7]
SMALL = 40  # room for CONNACK with all that is announced
ANSWERS = (mqtt.PUBACK, mqtt.PUBREC, mqtt.PUBREL, mqtt.PUBCOMP, mqtt.SUBACK, mqtt.UNSUBACK, mqtt.DISCONNECT)


class answers(broker_case):
    def every_answer(self, props):
        """One of each packet that a server sends back, good news and bad, to a client that says `props`."""
        client, found, topic = self.peer(props=props), [], self.unique("t")
        found.append(client.connack)
        found.append(client.subscribe((topic, 2)))
        found.append(client.unsubscribe("never"))
        sender = self.peer()
        client.acks = False
        sender.publish(topic, b"x", 2)
        got = client.message()
        client.send(mqtt.ack(mqtt.PUBREC, got.id))
        found.append(client.wait(mqtt.PUBREL, got.id))
        client.send(mqtt.ack(mqtt.PUBCOMP, got.id), mqtt.ack(mqtt.PUBREC, 999))
        found.append(client.wait(mqtt.PUBREL, 999))  # of nothing: 0x92
        for qos, kind in ((1, mqtt.PUBACK), (2, mqtt.PUBREC)):
            for target in (topic, "$SYS/broker/version"):
                packet_id = next(client.ids)
                client.send(mqtt.publish(5, target, b"x", qos=qos, packet_id=packet_id))
                found.append(client.wait(kind, packet_id))
        client.send(mqtt.ack(mqtt.PUBREL, 998))
        found.append(client.wait(mqtt.PUBCOMP, 998))
        client.send(b"\x00\x00")
        return found + client.remainder()

    # [MQTT5 3.1.2-29]
    def test_no_notes_for_who_wants_none(self):
        found = self.every_answer({"request_problem_information": 0})
        self.assertLessEqual(set(ANSWERS), {p.kind for p in found})
        for one in found:
            if one.kind not in ALWAYS_ALLOWED:
                self.assertEqual([], [name for name, _ in one.props if name in NOTES], f"in a packet of kind {one.kind}")

    # [MQTT5 3.2.2-19] [MQTT5 3.2.2-20] [MQTT5 3.4.2-2] [MQTT5 3.4.2-3] [MQTT5 3.5.2-2] [MQTT5 3.5.2-3]
    # [MQTT5 3.6.2-2] [MQTT5 3.6.2-3] [MQTT5 3.7.2-2] [MQTT5 3.7.2-3] [MQTT5 3.9.2-1] [MQTT5 3.9.2-2]
    # [MQTT5 3.11.2-1] [MQTT5 3.11.2-2] [MQTT5 3.14.2-3] [MQTT5 3.14.2-4] [MQTT5 3.1.2-24]
    def test_nothing_is_larger_than_the_client_takes(self):
        found = self.every_answer({"maximum_packet_size": SMALL})
        self.assertLessEqual(set(ANSWERS), {p.kind for p in found})
        for one in found:
            self.assertLessEqual(one.wire_size, SMALL, f"a packet of kind {one.kind}")

    # [MQTT5 3.2.2-19] [MQTT5 3.2.2-20] [MQTT5 3.1.2-24]
    def test_connack_fits_or_stays_away(self):
        for more in ({}, {"authentication_method": "none of ours"}):
            for client_id in ("", self.unique("small")):
                for most in (1, 2, 4, 5, 10, 20, 30, 60, 100):
                    client = self.raw()
                    client.send(mqtt.connect(5, client_id, props={"maximum_packet_size": most, **more}))
                    try:
                        first = client.read()
                    except ended:
                        continue
                    self.assertEqual(mqtt.CONNACK, first.kind)
                    self.assertLessEqual(first.wire_size, most, f"for {client_id!r}, {more}")
                    client.close()

    def test_small_answers_fit_where_all_fits(self):
        """A client that takes little is not turned away without need."""
        client = self.peer(props={"maximum_packet_size": SMALL})
        self.assertEqual(0, client.connack.code)
        self.assertEqual([0] * 20, client.subscribe(*(f"{self.name}/{n}" for n in range(20))).codes)
