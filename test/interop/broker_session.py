"""Sessions: what is kept for a client that is away, and who owns an identifier."""

import itertools
import time

from broker_case import VERSIONS, broker_case, mqtt
from nightjar_process import eventually

TAKEN_OVER = 0x8E
KEPT = {"session_expiry_interval": 600}


class kept(broker_case):
    def kept_peer(self, name, version=5, **how):
        """A client whose session stays when it goes."""
        if version == 5:
            how.setdefault("props", KEPT)
        return self.peer(name, version, clean=False, **how)

    # [MQTT311 3.1.2-4] [MQTT311 3.1.2-5] [MQTT311 3.2.2-2] [MQTT311 3.2.2-3] [MQTT311 3.1.3-2] [MQTT311 4.1.0-1]
    # [MQTT5 4.5.0-1] [MQTT5 3.1.2-5] [MQTT5 3.1.2-6] [MQTT5 3.1.2-23] [MQTT5 3.2.2-3] [MQTT5 3.1.3-2]
    def test_messages_wait_in_order(self):
        for version in VERSIONS:
            name, topic, sender = self.unique("away"), f"{self.name}/{version}", self.peer()
            client = self.kept_peer(name, version)
            self.assertFalse(client.connack.session_present)
            client.subscribe((topic, 2))
            client.leave()
            for number in range(60):
                sender.publish(topic, str(number), 1 + number % 2)
            back = self.kept_peer(name, version)
            self.assertEqual(version != 3, back.connack.session_present)
            got = back.messages(60)
            self.assertEqual([str(n).encode() for n in range(60)], [m.payload for m in got])
            self.assertEqual([1, 2] * 30, [m.qos for m in got])
            self.assertFalse(any(m.dup for m in got))
            self.assert_quiet(sender, back)

    def test_qos_0_does_not_wait(self):
        name, sender = self.unique("away"), self.peer()
        client = self.kept_peer(name)
        client.subscribe((self.name, 2))
        client.leave()
        sender.publish(self.name, b"zero", 0)
        sender.publish(self.name, b"one", 1)
        self.settle(sender)
        self.assertEqual(b"one", self.kept_peer(name).message().payload)

    # [MQTT311 3.1.2-6] [MQTT311 3.2.2-1] [MQTT311 3.1.4-3] [MQTT5 3.1.2-4] [MQTT5 3.2.2-2] [MQTT5 3.1.4-4]
    def test_clean_start_discards(self):
        for version in VERSIONS:
            name, topic, sender = self.unique("away"), f"{self.name}/{version}", self.peer()
            client = self.kept_peer(name, version)
            client.subscribe((topic, 1))
            client.leave()
            sender.publish(topic, b"lost", 1)
            self.settle(sender)
            clean = self.peer(name, version)
            self.assertFalse(clean.connack.session_present)
            sender.publish(topic, b"unheard", 1)
            self.assert_quiet(sender, clean)
            clean.leave()
            self.assertFalse(self.kept_peer(name, version).connack.session_present)

    # [MQTT5 4.1.0-2] [MQTT5 4.1.0-1] [MQTT311 4.1.0-2]
    def test_expiry_interval(self):
        names = [self.unique("expires") for _ in range(8)]
        present = [self.peer(version=4), self.peer(props={"session_expiry_interval": 1})]
        for one in present:
            one.subscribe((self.name, 1))
        for name in names:
            self.peer(name, props={"session_expiry_interval": 1}).leave()
        self.assertTrue(self.peer(names[0], clean=False).connack.session_present)
        time.sleep(2.2)
        for name in names[1:]:
            self.assertFalse(self.peer(name, clean=False).connack.session_present)
        self.peer().publish(self.name, b"still here", 1)  # the interval runs from the connection's end
        self.assertEqual([b"still here"] * 2, [one.message().payload for one in present])

    def test_no_expiry_interval_means_no_session_afterwards(self):
        name = self.unique("brief")
        self.peer(name, clean=False).leave()
        self.assertFalse(self.peer(name, clean=False).connack.session_present)

    def test_disconnect_changes_the_expiry_interval(self):
        name = self.unique("longer")
        self.peer(name, props={"session_expiry_interval": 1}).leave(props=KEPT)
        ends = self.unique("ends")
        self.peer(ends, props=KEPT).leave(props={"session_expiry_interval": 0})
        self.assertFalse(self.peer(ends, clean=False).connack.session_present)
        time.sleep(1.5)
        self.assertTrue(self.peer(name, clean=False).connack.session_present)

    def test_disconnect_may_not_revive_an_expiry_of_zero(self):
        client = self.peer()
        client.send(mqtt.disconnect(5, 0, KEPT))
        self.assert_ends(client, 0x82)

    # [MQTT311 4.4.0-1] [MQTT311 3.3.1-1] [MQTT311 4.6.0-1] [MQTT5 4.4.0-1] [MQTT5 3.3.1-1] [MQTT5 4.6.0-1]
    # [MQTT5 4.3.3-3]
    def test_unacknowledged_messages_come_again(self):
        for version, qos in itertools.product((4, 5), (1, 2)):
            name, topic, sender = self.unique("again"), f"{self.name}/{version}{qos}", self.peer()
            client = self.kept_peer(name, version, acks=False)
            client.subscribe((topic, qos))
            for number in range(5):
                sender.publish(topic, str(number), qos)
            first = client.messages(5)
            client.drop()
            back = self.kept_peer(name, version)
            again = back.messages(5)
            self.assertEqual([(m.id, m.payload, False) for m in first], [(m.id, m.payload, m.dup) for m in first])
            self.assertEqual([(m.id, m.payload, True) for m in first], [(m.id, m.payload, m.dup) for m in again])
            self.assert_quiet(sender, back)

    # [MQTT311 4.4.0-1] [MQTT311 4.3.3-1] [MQTT5 4.3.3-5] [MQTT5 4.3.3-6]
    def test_pubrel_comes_again_and_not_the_message(self):
        name, sender = self.unique("again"), self.peer()
        client = self.kept_peer(name, acks=False)
        client.subscribe((self.name, 2))
        sender.publish(self.name, b"x", 2)
        got = client.message()
        client.send(mqtt.ack(mqtt.PUBREC, got.id))
        client.wait(mqtt.PUBREL, got.id)
        client.drop()
        back = self.kept_peer(name, acks=False)
        self.assertEqual((mqtt.PUBREL, got.id), (lambda p: (p.kind, p.id))(back.read()))
        back.send(mqtt.ack(mqtt.PUBCOMP, got.id))
        self.assert_quiet(sender, back)

    # [MQTT5 4.3.3-7] [MQTT5 4.3.3-13]
    def test_an_exchange_that_was_begun_outlives_its_message(self):
        brief, name = {"message_expiry_interval": 1}, self.unique("again")
        sender, client = self.peer(), self.kept_peer(name, acks=False)
        client.subscribe((self.name, 2))
        sender.publish(self.name, b"seen", 2, props=brief)
        sender.publish(self.name, b"received", 2, props=brief)
        sender.send(mqtt.publish(5, self.unique("from"), b"x", qos=2, packet_id=9, props=brief))
        sender.wait(mqtt.PUBREC, 9)
        seen, received = client.messages(2)
        client.send(mqtt.ack(mqtt.PUBREC, received.id))
        client.wait(mqtt.PUBREL, received.id)
        client.drop()
        time.sleep(1.2)
        back = self.kept_peer(name, acks=False)
        again = back.message()
        self.assertEqual((seen.id, b"seen", True), (again.id, again.payload, again.dup))
        back.send(mqtt.ack(mqtt.PUBREC, seen.id))
        for one in (received, seen):
            back.wait(mqtt.PUBREL, one.id)
            back.send(mqtt.ack(mqtt.PUBCOMP, one.id))
        sender.send(mqtt.ack(mqtt.PUBREL, 9))
        self.assertEqual(0, sender.wait(mqtt.PUBCOMP, 9).code)
        self.assert_quiet(sender, back)

    # [MQTT5 4.3.3-10]
    def test_exactly_once_across_connections(self):
        name, listener = self.unique("twice"), self.peer()
        listener.subscribe((self.name, 2))
        first = self.kept_peer(name)
        first.send(mqtt.publish(5, self.name, b"once", qos=2, packet_id=5))
        first.wait(mqtt.PUBREC, 5)
        first.drop()
        second = self.kept_peer(name)
        second.send(mqtt.publish(5, self.name, b"once", qos=2, packet_id=5, dup=True))
        second.wait(mqtt.PUBREC, 5)
        second.send(mqtt.ack(mqtt.PUBREL, 5))
        second.wait(mqtt.PUBCOMP, 5)
        self.assertEqual([b"once"], [m.payload for m in self.up_to_mark(second, listener)])

    def test_pubrel_again_after_a_lost_pubcomp_is_no_error(self):
        name, listener = self.unique("again"), self.peer()
        listener.subscribe((self.name, 2))
        first = self.kept_peer(name)
        first.publish(self.name, b"once", 2)
        first.drop()
        second = self.kept_peer(name)
        last = next(first.ids) - 1
        second.send(mqtt.ack(mqtt.PUBREL, last))
        self.assertEqual(0, second.wait(mqtt.PUBCOMP, last).code)
        self.assertEqual([b"once"], [m.payload for m in self.up_to_mark(second, listener)])

    # [MQTT5 3.1.2-4] [MQTT311 3.1.2-6]
    def test_clean_start_forgets_exchanges_both_ways(self):
        for version in (4, 5):
            name, topic, listener = self.unique("anew"), self.unique(self.name), self.peer()
            listener.subscribe((topic, 2))
            client = self.kept_peer(name, version, acks=False)
            client.subscribe((topic, 2))
            client.send(mqtt.publish(version, topic, b"first", qos=2, packet_id=7))
            client.wait(mqtt.PUBREC, 7)
            client.message()
            client.drop()
            anew = self.peer(name, version)
            anew.send(mqtt.publish(version, topic, b"second", qos=2, packet_id=7))  # a new message, not a repetition
            anew.wait(mqtt.PUBREC, 7)
            anew.send(mqtt.ack(mqtt.PUBREL, 7))
            anew.wait(mqtt.PUBCOMP, 7)
            self.assertEqual([b"first", b"second"], [m.payload for m in self.up_to_mark(anew, listener, 2)])
            self.assert_quiet(anew, anew)

    # [MQTT5 4.4.0-2]
    def test_a_refused_message_does_not_come_again(self):
        for qos, kind in ((1, mqtt.PUBACK), (2, mqtt.PUBREC)):
            name, topic, sender = self.unique("refuses"), f"{self.name}/{qos}", self.peer()
            client = self.kept_peer(name, acks=False)
            client.subscribe((topic, qos))
            sender.publish(topic, b"x", qos)
            client.send(mqtt.ack(kind, client.message().id, 0x97))
            client.ping()
            client.drop()
            self.assert_quiet(sender, self.kept_peer(name))

    def test_a_session_comes_home_from_every_worker(self):
        name, sender = self.unique("roams"), self.peer()
        self.kept_peer(name).subscribe((self.name, 1))
        for number in range(12):
            client = self.kept_peer(name)
            self.assertTrue(client.connack.session_present)
            sender.publish(self.name, str(number), 1)
            self.assertEqual(str(number).encode(), client.message().payload)
            client.leave()

    def test_unsubscribed_while_messages_wait(self):
        name, sender = self.unique("away"), self.peer()
        client = self.kept_peer(name)
        client.subscribe((self.name, 1))
        client.unsubscribe(self.name)
        client.leave()
        nobody = 0x10  # other workers hear of the end of a subscription a little later
        eventually(lambda: sender.publish(self.name, b"x", 1) == nobody, "nobody is subscribed any more")
        self.assert_quiet(sender, self.kept_peer(name))


class bounded(broker_case):
    options = {"max_queued_messages": 10, "max_inflight_messages": 5}

    def test_queue_has_its_bound(self):
        name, sender = self.unique("away"), self.peer()
        client = self.peer(name, props=KEPT)
        client.subscribe((self.name, 1))
        client.leave()
        for number in range(40):
            self.assertIn(sender.publish(self.name, str(number), 1), (0, 0x97))
        self.settle(sender)
        back = self.peer(name, clean=False, props=KEPT)
        first = back.messages(10)
        got = [int(m.payload) for m in first + self.up_to_mark(sender, back, 1)]
        self.assertEqual(sorted(got), got)
        self.assertIn(len(got), (10, 15))  # what is in flight may count beside the queue
        self.assertEqual(list(range(len(got))), got)

    def test_window_of_a_client_that_does_not_acknowledge(self):
        sender, client = self.peer(), self.peer(acks=False)
        client.subscribe((self.name, 1))
        for number in range(15):
            sender.publish(self.name, str(number), 1)
        self.settle(sender)
        client.ping()
        first = [p for p in client.inbox if p.kind == mqtt.PUBLISH]
        for one in first:
            client.send(mqtt.ack(mqtt.PUBACK, one.id))
        client.acks = True
        got = client.messages(15)
        self.assertEqual((5, [str(n).encode() for n in range(15)]), (len(first), [m.payload for m in got]))


class takeover(broker_case):
    # [MQTT311 3.1.4-2] [MQTT5 3.1.4-3]
    def test_the_older_connection_ends(self):
        for version, _ in itertools.product(VERSIONS, range(6)):  # several: some meet on one worker, some across
            name = self.unique("taken")
            old = self.peer(name, version)
            new = self.peer(name, version)
            self.assert_ends(old, TAKEN_OVER if version == 5 else None)
            new.ping()

    def test_a_session_moves_with_what_is_in_flight(self):
        sender = self.peer()
        for _ in range(6):
            name, topic = self.unique("taken"), self.unique(self.name)
            old = self.peer(name, clean=False, props=KEPT, acks=False)
            old.subscribe((topic, 1))
            sender.publish(topic, b"x", 1)
            sent = old.message()
            new = self.peer(name, clean=False, props=KEPT)
            self.assertTrue(new.connack.session_present)
            got = new.message()
            self.assertEqual((sent.id, b"x", True), (got.id, got.payload, got.dup))
            self.assert_ends(old, TAKEN_OVER)

    def test_between_versions(self):
        name = self.unique("taken")
        old = self.peer(name, 5)
        newer = self.peer(name, 4)
        self.assert_ends(old, TAKEN_OVER)
        self.peer(name, 5)
        self.assert_ends(newer)

    def test_a_chain_leaves_one(self):
        name = self.unique("taken")
        chain = [self.peer(name) for _ in range(20)]
        for one in chain[:-1]:
            self.assert_ends(one, TAKEN_OVER)
        chain[-1].ping()
