"""Shared subscriptions: of a group's members, on whatever worker, one gets each message."""

import collections
import time

from broker_case import EVERYWHERE, VERSIONS, broker_case, mqtt

NO_LOCAL, AS_PUBLISHED = 4, 8
KEPT = {"session_expiry_interval": 60}
SHORT_S = 0.3


class sharing(broker_case):
    def shared(self, topic=None, group="g"):
        return f"$share/{group}/{topic or self.name}"

    def members(self, count, options=0, version=5, **how):
        made = [self.peer(version=version, **how) for _ in range(count)]
        for one in made:
            self.assertEqual([options & 3], one.subscribe((self.shared(), options)).codes)
        return made

    def collect(self, count, *members):
        """Reads until `count` messages came, wherever: lists by member, what came first first."""
        found, end = [[] for _ in members], time.monotonic() + 20
        while sum(map(len, found)) < count and time.monotonic() < end:
            for one, got in zip(members, found):
                try:
                    got.append(one.message(0.01))
                except TimeoutError:
                    pass
        self.assertEqual(count, sum(map(len, found)))
        return found

    # [MQTT5 4.8.2-3]
    def test_one_member_gets_each_message_with_its_own_qos(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                self.name = self.unique("each/")
                group = [m for qos in range(3) for m in self.members(EVERYWHERE, qos, version)]
                senders = [self.peer() for _ in range(4)]
                for number in range(96):
                    self.assertEqual(0, senders[number % 4].publish(self.name, str(number), 2))
                found = self.collect(96, *group)
                self.assertEqual(list(range(96)), sorted(int(m.payload) for got in found for m in got))
                for at, got in enumerate(found):
                    self.assertEqual({at // EVERYWHERE} if got else set(), {m.qos for m in got})
                self.assert_quiet(senders[0], *group)

    def test_members_take_turns(self):
        group, sender = self.members(6), self.peer()
        for number in range(120):
            sender.publish(self.name, str(number), 1)
        found = self.collect(120, *group)
        # The publisher's worker lets all take turns; what the others say of their members may lag behind at first.
        self.assertTrue(all(10 <= len(got) <= 30 for got in found), [len(got) for got in found])

    def test_groups_and_plain_subscriptions_are_independent(self):
        sender, plain = self.peer(), self.peer()
        plain.subscribe(self.name)
        groups = {}
        for group in ("a", "b", "c"):
            groups[group] = [self.peer() for _ in range(3)]
            for one in groups[group]:
                one.subscribe(self.shared(group=group))
        for number in range(30):
            sender.publish(self.name, str(number), 1)
        for group in groups.values():
            self.collect(30, *group)
        self.assertEqual(30, len(plain.messages(30)))
        self.assert_quiet(sender, plain)

    def test_one_client_in_two_groups_and_plainly(self):
        client, sender = self.peer(), self.peer()
        client.subscribe(self.name, props={"subscription_identifier": 1})
        client.subscribe(self.shared(group="a"), props={"subscription_identifier": 2})
        client.subscribe(self.shared(f"{self.name}/#", "a"), props={"subscription_identifier": 3})
        sender.publish(self.name, b"x", 1)
        found = sorted(value for m in client.messages(3) for _, value in m.props)
        self.assertEqual([1, 2, 3], found)
        self.assert_quiet(sender, client)

    def test_wildcards(self):
        group, sender = [self.peer() for _ in range(4)], self.peer()
        for one in group:
            one.subscribe(self.shared(f"{self.name}/+/x"), self.shared(f"{self.name}/#", "h"))
        sender.publish(f"{self.name}/1/x", b"both", 1)
        sender.publish(f"{self.name}/1/y", b"one", 1)
        found = [m.payload for got in self.collect(3, *group) for m in got]
        self.assertEqual({b"both": 2, b"one": 1}, dict(collections.Counter(found)))

    def test_no_retained_messages_on_subscribing(self):
        sender = self.peer()
        sender.publish(self.name, b"kept", 1, retain=True)
        self.settle(sender)
        client = self.peer()
        client.subscribe(self.shared())
        self.assert_quiet(client, client)
        client.subscribe(self.name)
        self.assertEqual(b"kept", client.message().payload)

    def test_retain_as_published(self):
        for options, wanted in ((0, False), (AS_PUBLISHED, True)):
            self.name = self.unique("rap/")
            member, = self.members(1, options)
            self.peer().publish(self.name, b"x", 1, retain=True)
            self.assertEqual(wanted, bool(member.message().retain))

    # [MQTT5 3.8.3-4]
    def test_no_local_is_a_protocol_error(self):
        client = self.peer()
        client.send(mqtt.subscribe(5, 1, [(self.shared(), NO_LOCAL)], None))
        self.assert_ends(client, 0x82)

    # [MQTT5 4.8.2-1] [MQTT5 4.8.2-2]
    def test_malformed_names(self):
        for version in (4, 5):
            for wrong in ("$share//x", "$share/a+/x", "$share/#/x", "$share/a", "$share/a/", "$share/"):
                with self.subTest(filter=wrong, version=version):
                    client = self.peer(version=version)
                    client.send(mqtt.subscribe(version, 1, [(wrong, 0)], None))
                    self.assert_ends(client)

    def test_is_available(self):
        self.assertNotEqual(0, self.peer().connack.prop.get("shared_subscription_available"))

    def test_unsubscribing_leaves_the_others(self):
        group, sender = self.members(4), self.peer()
        self.assertEqual([0], group[0].unsubscribe(self.shared()).codes)
        self.assertEqual([0x11], group[0].unsubscribe(self.shared()).codes)
        for number in range(30):
            sender.publish(self.name, str(number), 1)
        self.collect(30, *group[1:])
        self.assert_quiet(sender, group[0])
        for one in group[1:]:
            one.unsubscribe(self.shared())
        self.settle(sender)
        self.assertEqual(0x10, sender.publish(self.name, b"nobody", 1))

    def test_a_repeated_subscription_replaces(self):
        client, sender = self.peer(), self.peer()
        for number, qos in ((5, 0), (6, 2)):
            client.subscribe((self.shared(), qos), props={"subscription_identifier": number})
            sender.publish(self.name, b"x", 2)
            got = client.message()
            self.assertEqual((qos, [("subscription_identifier", number)]), (got.qos, got.props))
            self.assert_quiet(sender, client)

    def test_those_who_left_get_nothing(self):
        group, sender = self.members(5), self.peer()
        for one in group[:4]:
            one.leave()
        self.settle(sender)
        for number in range(20):
            self.assertEqual(0, sender.publish(self.name, str(number), 1))
        self.collect(20, group[4])

    def test_the_connected_come_before_the_absent(self):
        absent, sender = self.unique("absent"), self.peer()
        for name in (f"{absent}{n}" for n in range(4)):
            away = self.peer(name, props=KEPT)
            away.subscribe((self.shared(), 1))
            away.leave()
        here, = self.members(1, 1)
        self.settle(sender)
        for number in range(20):
            sender.publish(self.name, str(number), 1)
        self.collect(20, here)

    def test_the_absent_keep_what_nobody_else_takes(self):
        names, sender = [self.unique("absent") for _ in range(4)], self.peer()
        for name in names:
            away = self.peer(name, props=KEPT)
            away.subscribe((self.shared(), 1))
            away.leave()
        self.settle(sender)
        for number in range(20):
            self.assertEqual(0, sender.publish(self.name, str(number), 1))
        back = [self.peer(name, clean=False, props=KEPT) for name in names]
        found = self.collect(20, *back)
        self.assertEqual(list(range(20)), sorted(int(m.payload) for got in found for m in got))

    def test_a_full_member_is_passed_over(self):
        stuck = self.peer(acks=False, props={"receive_maximum": 2})
        stuck.subscribe((self.shared(), 1))
        other, = self.members(1, 1)
        sender, found = self.peer(), []
        for number in range(60):
            sender.publish(self.name, str(number), 1)
            try:
                found.append(other.message(0.02))
            except TimeoutError:
                pass
        # Whoever is full is found out when it is chosen, and between workers told of at the end of the turn.
        self.assertGreaterEqual(len(found), 56)

    def test_qos_1_of_an_ended_session_goes_to_another(self):
        for props in ({}, KEPT):
            self.name = self.unique("dies/")
            first, sender = self.peer(acks=False, props=props), self.peer()
            first.subscribe((self.shared(), 1))
            for number in range(3):
                sender.publish(self.name, str(number), 1)
            self.assertEqual(3, len(first.messages(3)))
            first.send(mqtt.ack(mqtt.PUBACK, 1))
            first.ping()
            second, = self.members(1, 1)
            first.leave(0, {"session_expiry_interval": 0} if props else None)
            self.assertEqual([b"1", b"2"], [second.message().payload for _ in range(2)])
            self.assert_quiet(sender, second)

    # [MQTT5 4.8.2-4] [MQTT5 4.8.2-5]
    def test_qos_2_that_was_begun_stays_with_its_client(self):
        name = self.unique("begun")
        first, sender = self.peer(name, acks=False, props=KEPT), self.peer()
        first.subscribe((self.shared(), 2))
        sender.publish(self.name, b"x", 2)
        got = first.message()
        second, = self.members(1, 2)
        first.drop()
        self.assert_quiet(sender, second)
        back = self.peer(name, clean=False, props=KEPT, acks=False)
        again = back.message()
        self.assertEqual((got.id, b"x", True), (again.id, again.payload, bool(again.dup)))
        back.leave(0, {"session_expiry_interval": 0})  # the session ends, and the message with it
        self.settle(sender)
        self.assert_quiet(sender, second)

    def test_qos_1_waits_for_its_client_while_the_session_lasts(self):
        name = self.unique("waits")
        first, sender = self.peer(name, acks=False, props=KEPT), self.peer()
        first.subscribe((self.shared(), 1))
        sender.publish(self.name, b"x", 1)
        first.message()
        second, = self.members(1, 1)
        first.drop()
        self.assert_quiet(sender, second)
        back = self.peer(name, clean=False, props=KEPT)
        self.assertTrue(back.message().dup)

    def test_what_was_not_sent_yet_goes_to_the_others_at_once(self):
        first = self.peer(acks=False, props={"receive_maximum": 1, **KEPT})
        first.subscribe((self.shared(), 1))
        sender = self.peer()
        for number in range(5):
            sender.publish(self.name, str(number), 1)
        first.message()
        second, = self.members(1, 1)
        first.drop()
        self.assertEqual([b"1", b"2", b"3", b"4"], [m.payload for m in second.messages(4)])

    # [MQTT5 4.8.2-6]
    def test_a_refused_message_goes_to_nobody_else(self):
        for qos, kind in ((1, mqtt.PUBACK), (2, mqtt.PUBREC)):
            self.name = self.unique("refused/")
            first, sender = self.peer(acks=False), self.peer()
            first.subscribe((self.shared(), qos))
            sender.publish(self.name, b"x", qos)
            got = first.message()
            second, = self.members(1, qos)
            first.send(mqtt.ack(kind, got.id, 0x80))
            first.ping()
            first.leave()
            self.settle(sender)
            self.assert_quiet(sender, second)

    def test_takeover_keeps_the_place(self):
        name, sender = self.unique("taken"), self.peer()
        self.peer(name, props=KEPT).subscribe((self.shared(), 1))
        again = self.peer(name, clean=False, props=KEPT)
        sender.publish(self.name, b"x", 1)
        self.assertEqual(b"x", again.message().payload)
        anew = self.peer(name, clean=True)
        self.settle(sender)
        self.assertEqual(0x10, sender.publish(self.name, b"y", 1))
        self.assert_quiet(sender, anew)

    def test_nothing_is_lost_while_members_come_and_go(self):
        steady, sender = self.members(2, 1), self.peer()
        for number in range(40):
            passing = self.peer()
            passing.subscribe((self.shared(), 1))
            sender.publish(self.name, str(number), 1)
            if number % 2:
                passing.drop()  # perhaps with the message on its way: then another one gets it
            else:
                passing.unsubscribe(self.shared())
                steady.append(passing)
        got = [m for one in self.collect_all(steady, set(range(40))) for m in one]
        self.assertEqual(set(range(40)), {int(m.payload) for m in got})

    def collect_all(self, members, wanted):
        found, end = [[] for _ in members], time.monotonic() + 20
        while time.monotonic() < end and not wanted <= {int(m.payload) for got in found for m in got}:
            for one, got in zip(members, found):
                try:
                    got.append(one.message(0.005))
                except TimeoutError:
                    pass
        return found
