"""Who may come in, under which name, and what CONNACK promises."""

from types import SimpleNamespace

from broker_case import broker_case, ended, mqtt
from nightjar_process import free_ports


class as_it_comes(broker_case):
    def test_connack_names_the_limits_in_order(self):
        props = self.peer().connack.props
        self.assertEqual([("topic_alias_maximum", 10), ("maximum_packet_size", 2_000_000), ("receive_maximum", 20)],
                         props[:3])

    def test_a_made_up_name_is_told(self):
        found = self.peer("").connack.prop["assigned_client_identifier"]
        self.assertRegex(found, r"^auto-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")

    # [MQTT5 4.12.0-1]
    def test_an_unknown_authentication_method_is_named(self):
        refused = self.peer(props={"authentication_method": "SCRAM-SHA-1"})
        self.assertEqual(0x8C, refused.connack.code)
        self.assertIn("reason_string", refused.connack.prop)
        self.assert_ends(refused)

    # [MQTT5 3.2.2-19]
    def test_words_only_for_those_who_want_them(self):
        quiet = {"authentication_method": "x", "request_problem_information": 0}
        self.assertEqual([], self.peer(props=quiet).connack.props)
        small = {"authentication_method": "x", "maximum_packet_size": 20}
        self.assertEqual([], self.peer(props=small).connack.props)

    # [MQTT5 3.1.0-2] [MQTT311 3.1.0-2]
    def test_a_second_connect_is_an_error_and_the_will_is_sent(self):
        for version in (3, 4, 5):
            listener = self.peer()
            listener.subscribe(self.name)
            client = self.peer(version=version, will={"topic": self.name, "payload": b"last"})
            client.send(mqtt.connect(version, client.id))
            self.assert_ends(client, 0x82 if version == 5 else None)
            self.assertEqual(b"last", listener.message().payload)

    def test_a_connack_that_is_too_large_is_not_sent(self):
        for size, answers in ((1, []), (10, [0x95])):
            client = self.raw()
            client.send(mqtt.connect(5, self.unique(), props={"maximum_packet_size": size}))
            self.assertEqual(answers, [p.code for p in self.assert_ends(client)])

    def test_a_user_name_alone_changes_nothing(self):
        for version in (3, 4, 5):
            self.assertEqual(0, self.peer(version=version, user="somebody", password="secret").connack.code)


class short_keep_alive(broker_case):
    options = {"max_keepalive": 30}

    def test_max_keepalive(self):
        for asked, told in ((0, 30), (31, 30), (30, None), (5, None)):
            self.assertEqual(told, self.peer(keep_alive=asked).connack.prop.get("server_keep_alive"), asked)
            for version in (3, 4):
                refused = self.peer(version=version, keep_alive=asked)
                self.assertEqual(2 if told else 0, refused.connack.code, (version, asked))


class names_with_a_prefix(broker_case):
    options = {"clientid_prefixes": "plant-"}

    def test_clientid_prefixes(self):
        for version, code in ((4, 5), (5, 0x87)):
            self.assertEqual(0, self.peer("plant-7", version).connack.code)
            for name in ("plan", "home-plant-", ""):
                refused = self.peer(name, version)
                self.assertEqual(code, refused.connack.code, name)
                self.assert_ends(refused)


class names_of_users(broker_case):
    options = {"use_username_as_clientid": "true"}

    def test_use_username_as_clientid(self):
        for version, code in ((4, 5), (5, 0x87)):
            for how in ({}, {"user": ""}):
                self.assertEqual(code, self.peer("named", version, **how).connack.code)
        user = self.unique("user")
        first = self.peer("one", user=user)
        second = self.peer("two", user=user)
        self.assert_ends(first, 0x8E)
        second.ping()
        nameless = self.peer("", user=self.unique("user"))
        self.assertIn("user", nameless.connack.prop["assigned_client_identifier"])


class names_needed(broker_case):
    options = {"allow_zero_length_clientid": "false"}

    def test_allow_zero_length_clientid(self):
        for version, code in ((4, 2), (5, 0x85)):
            self.assertEqual(code, self.peer("", version).connack.code)
            self.assertEqual(0, self.peer(version=version).connack.code)


class one_version(broker_case):
    options = {"accept_protocol_versions": "5"}

    # [MQTT5 3.1.2-2] [MQTT311 3.1.2-2]
    def test_accept_protocol_versions(self):
        for version in (3, 4):
            refused = self.peer(version=version)
            self.assertEqual(1, refused.connack.code)
            self.assert_ends(refused)
        self.peer().ping()


class no_aliases(broker_case):
    options = {"max_topic_alias": 0, "max_topic_alias_broker": 0, "max_inflight_messages": 0}

    def test_what_has_no_limit_is_not_announced(self):
        client = self.peer(props={"topic_alias_maximum": 10})
        self.assertFalse({"topic_alias_maximum", "receive_maximum"} & set(client.connack.prop))
        client.subscribe(self.name)
        for _ in range(2):
            client.publish(self.name)
            self.assertEqual((self.name, []), (client.message().topic, []))
        client.send(mqtt.publish(5, self.name, props={"topic_alias": 1}))
        self.assert_ends(client, 0x94)


class words(broker_case):
    options = {"message_size_limit": 10}

    # [MQTT5 3.4.2-2] [MQTT5 3.5.2-2] [MQTT5 3.14.2-3] [MQTT5 3.1.2-29]
    def test_reasons_in_words_where_they_fit_and_are_wanted(self):
        for props, is_told in (({}, True), ({"maximum_packet_size": 24}, False),
                               ({"request_problem_information": 0}, False)):
            client = self.raw()
            client.send(mqtt.connect(5, self.unique(), props=props))
            self.assertEqual(0, client.read().code)
            for qos in (1, 2):
                client.send(mqtt.publish(5, self.name, b"x" * 11, qos=qos, packet_id=qos))
                answer = client.read()
                self.assertEqual((0x97, is_told), (answer.code, "reason_string" in answer.prop))
            client.send(mqtt.publish(5, "", props={"topic_alias": 1}))
            last = self.assert_ends(client, 0x82)
            self.assertEqual(is_told, "reason_string" in last[-1].prop)


class no_retain(broker_case):
    options = {"retain_available": "false"}

    # [MQTT5 3.2.2-13]
    def test_retain_available(self):
        client = self.peer()
        self.assertEqual(0, client.connack.prop["retain_available"])
        self.assertEqual(0x9A, self.peer(will={"topic": self.name, "retain": True}).connack.code)
        client.send(mqtt.publish(5, self.name, b"x", retain=True))
        self.assert_ends(client, 0x9A)


class impatient(broker_case):
    options = {"connect_timeout": 1}

    def test_connect_timeout(self):
        silent, slow = self.raw(), self.raw()
        slow.send(mqtt.connect(5, self.unique())[:-1])
        self.peer(keep_alive=0).ping()
        self.assert_ends(silent)
        self.assert_ends(slow)


class full_house(broker_case):
    options = {"global_max_connections": 2}

    def test_global_max_connections(self):
        broker = self.own_broker(self.options)
        inside = [self.peer(at=broker) for _ in range(2)]
        for version, code in ((4, 3), (5, 0x89)):
            self.assertEqual(code, self.peer(version=version, at=broker).connack.code)
        again = self.peer(inside[0].id, at=broker)  # takes its own place
        self.assertEqual(0, again.connack.code)
        again.leave()
        self.assertEqual(0, self.peer(at=broker).connack.code)


class few_sessions(broker_case):
    options = {"global_max_clients": 2}

    def test_global_max_clients(self):
        broker = self.own_broker(self.options)
        kept = {"session_expiry_interval": 60}
        for name in ("a", "b"):
            self.peer(name, at=broker, clean=False, props=kept).leave()
        self.assertEqual(0x97, self.peer("c", at=broker).connack.code)
        back = self.peer("a", at=broker, clean=False, props=kept)
        self.assertTrue(back.connack.session_present)
        back.leave(props={"session_expiry_interval": 0})
        self.assertEqual(0, self.peer("c", at=broker).connack.code)


class slowly_in(broker_case):
    options = {"max_connect_rate": 5}

    def test_max_connect_rate(self):
        broker = self.own_broker(self.options)
        welcome = 0
        for _ in range(30):
            try:
                client = self.raw(at=broker)
                client.send(mqtt.connect(5, self.unique()))
                welcome += client.read(5).code == 0
            except (OSError, ended):
                continue
        self.assertGreaterEqual(welcome, 5)
        self.assertLess(welcome, 25)


class behind_a_mount(broker_case):
    def two_doors(self):
        """Two listeners of one broker; the second one's clients live below home/."""
        open_port, home_port = free_ports(2)
        self.own_broker(lines=[f"listener {open_port} 127.0.0.1", f"listener {home_port} 127.0.0.1",
                               "mount_point home/", "allow_anonymous true"])
        return (SimpleNamespace(host="127.0.0.1", port=port) for port in (open_port, home_port))

    def test_mount_point(self):
        outside, inside = self.two_doors()
        for version in (4, 5):
            wide, near = self.peer(version=version, at=outside), self.peer(version=version, at=inside)
            wide.subscribe(("home/#", 1))
            self.assertEqual([1, 0], near.subscribe(("t/+", 1), ("other/deep/#", 0)).codes)
            near.publish("t/1", b"in", 1)
            self.assertEqual("home/t/1", wide.message().topic)
            self.assertEqual("t/1", near.message().topic)
            wide.publish("home/other/deep/x", b"y" * 5000, 0)
            self.assertEqual(("other/deep/x", b"y" * 5000), (lambda m: (m.topic, m.payload))(near.message()))
            wide.message()
            near.unsubscribe("t/+")
            wide.publish("home/t/2", b"", 1)
            wide.message()
            wide.publish("home/other/deep/end", b"", 1)
            self.assertEqual("other/deep/end", near.message().topic)
            wide.message()
            self.peer(version=version, at=inside, will={"topic": "gone", "payload": b"w"}).drop()
            self.assertEqual("home/gone", wide.message().topic)

    def test_aliases_and_retained_messages_behind_a_mount(self):
        outside, inside = self.two_doors()
        near, wide = self.peer(at=inside), self.peer(at=outside)
        wide.subscribe("home/#")
        near.send(mqtt.publish(5, "long/topic", b"1", props={"topic_alias": 3}),
                  mqtt.publish(5, "", b"2", props={"topic_alias": 3}, retain=True))
        self.assertEqual(["home/long/topic"] * 2, [m.topic for m in wide.messages(2)])
        late = self.peer(at=inside, props={"topic_alias_maximum": 5})
        late.subscribe("long/#")
        first = late.message()
        self.assertEqual(("long/topic", 1), (first.topic, first.prop["topic_alias"]))
        near.publish("long/topic", b"3")
        second = late.message()
        self.assertEqual(("", 1), (second.topic, second.prop["topic_alias"]))

    def test_nothing_longer_than_mqtt_allows(self):
        _, inside = self.two_doors()
        for packet, code in ((mqtt.publish(5, "x" * 65_535), 0x90),
                             (mqtt.subscribe(5, 1, [("x" * 65_535, 0)]), 0x8F)):
            client = self.peer(at=inside)
            client.send(packet)
            self.assert_ends(client, code)

