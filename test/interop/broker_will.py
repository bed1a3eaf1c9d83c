"""Wills: what the broker says for those who cannot any more."""

import time

from broker_case import VERSIONS, broker_case, mqtt

WITH_WILL = 0x04
SHORT_S, LONGER_S = 1, 2  # the longer where being late must be told from a slow machine


class will(broker_case):
    def setUp(self):
        super().setUp()
        self.listener = self.peer()
        self.listener.subscribe((self.name, 2 | 8))  # retain as published, to see what the will asked for

    def will(self, **more):
        return {"topic": self.name, "payload": b"gone", "qos": 1, **more}

    def assert_will(self, payload=b"gone", qos=1):
        got = self.listener.message()
        self.assertEqual((self.name, payload, qos), (got.topic, got.payload, got.qos))
        return got

    # [MQTT311 3.1.2-8] [MQTT311 3.1.2-16] [MQTT5 3.1.2-7] [MQTT5 3.1.2-8] [MQTT5 3.1.2-14]
    def test_rude_end(self):
        for version in VERSIONS:
            for qos in range(3):
                self.peer(version=version, will=self.will(qos=qos)).drop()
                self.assertFalse(self.assert_will(qos=qos).retain)

    # [MQTT311 3.1.2-8] [MQTT311 3.1.2-10] [MQTT311 3.14.4-3] [MQTT5 3.1.2-10] [MQTT5 3.14.4-3]
    def test_polite_end(self):
        for version in VERSIONS:
            self.peer(version=version, will=self.will()).leave()
        self.assert_quiet(self.peer(), self.listener)

    # [MQTT311 3.1.2-12]
    def test_no_will_no_message(self):
        for version in VERSIONS:
            self.peer(version=version).drop()
        self.assert_quiet(self.peer(), self.listener)

    def test_polite_end_with_will(self):
        self.peer(will=self.will()).leave(WITH_WILL)
        self.assert_will()

    # [MQTT311 3.1.2-17] [MQTT5 3.1.2-15]
    def test_retained(self):
        for version in VERSIONS:
            self.peer(version=version, will=self.will(retain=True, payload=str(version))).drop()
            self.assertTrue(self.assert_will(str(version).encode()).retain)
            late = self.peer()
            late.subscribe(self.name)
            self.assertEqual((str(version).encode(), True), (lambda m: (m.payload, m.retain))(late.message()))

    def test_protocol_error(self):
        for version in (4, 5):
            rude = self.peer(version=version, will=self.will())
            rude.send(b"\xf0\x00" if version == 4 else b"\x00\x00")
            self.assert_ends(rude)
            self.assert_will()

    # [MQTT311 3.1.2-24] [MQTT5 3.1.2-22] [MQTT5 3.2.2-22]
    def test_silence_beyond_one_and_a_half_keep_alives(self):
        begun = time.monotonic()
        silent = [self.peer(version=version, keep_alive=LONGER_S, will=self.will()) for version in VERSIONS]
        ends = []
        for one in silent:
            last = one.remainder()
            ends.append(time.monotonic() - begun)
            self.assertEqual([0x8D] if one.version == 5 else [], [p.code for p in last if p.kind == mqtt.DISCONNECT])
            self.assert_will()
        self.assertGreaterEqual(min(ends), 1.5 * LONGER_S - 0.05)
        self.assertLess(min(ends), 2.8 * LONGER_S)

    def test_talk_keeps_alive(self):
        talker = self.peer(keep_alive=SHORT_S, will=self.will())
        end = time.monotonic() + 2.2 * SHORT_S
        while time.monotonic() < end:
            talker.ping()
            time.sleep(SHORT_S / 5)
        self.assert_quiet(self.peer(), self.listener)

    def test_takeover(self):
        for version in (4, 5):
            name = self.unique("taken")
            self.peer(name, version, will=self.will())
            self.peer(name, version)
            self.assert_will()

    def test_delay(self):
        props = {"session_expiry_interval": 60}
        name, begun = self.unique("late"), time.monotonic()
        self.peer(name, props=props, will=self.will(props={"will_delay_interval": SHORT_S})).drop()
        self.assert_quiet(self.peer(), self.listener)
        self.assert_will()
        self.assertGreaterEqual(time.monotonic() - begun, SHORT_S)
        self.assertTrue(self.peer(name, clean=False).connack.session_present)  # only the will's time was over

    # [MQTT5 3.1.3-9]
    def test_return_within_the_delay(self):
        name, props = self.unique("back"), {"session_expiry_interval": 60}
        delayed = self.will(props={"will_delay_interval": SHORT_S})
        self.peer(name, props=props, will=delayed).drop()
        back = self.peer(name, clean=False, props=props)
        self.assertTrue(back.connack.session_present)
        time.sleep(1.5 * SHORT_S)
        self.assert_quiet(self.peer(), self.listener)

    def test_delay_ends_with_the_session(self):
        self.peer(will=self.will(props={"will_delay_interval": 600})).drop()
        self.assert_will()

    def test_delay_ends_with_a_session_that_expires(self):
        begun = time.monotonic()
        delayed = self.will(props={"will_delay_interval": 600})
        self.peer(props={"session_expiry_interval": SHORT_S}, will=delayed).drop()
        self.assert_will()
        self.assertGreaterEqual(time.monotonic() - begun, SHORT_S)

    # [MQTT5 3.1.2-8] [MQTT5 3.1.3-9]
    def test_takeover_with_a_delay(self):
        """Whoever takes over goes on with the session, so the will waits and is cancelled; a clean start ends it."""
        for clean in (False, True):
            name, props = self.unique("taken"), {"session_expiry_interval": 600}
            delayed = self.will(props={"will_delay_interval": 600})
            self.peer(name, props=props, will=delayed)
            self.peer(name, clean=clean, props=props)
            if clean:
                self.assert_will()
            self.assert_quiet(self.peer(), self.listener)

    def test_belongs_to_its_connection(self):
        """The next connection brings its own, or none."""
        name, props = self.unique("next"), {"session_expiry_interval": 600}
        delayed = self.will(props={"will_delay_interval": 600})
        self.peer(name, props=props, will=delayed).drop()
        self.peer(name, clean=False, props=props, will=self.will(payload=b"second")).drop()
        self.assert_will(b"second")
        self.peer(name, clean=False, props=props, will=delayed).drop()
        self.peer(name, clean=False, props=props).leave(WITH_WILL, {"session_expiry_interval": 0})  # nothing may wait any more
        self.assert_quiet(self.peer(), self.listener)

    # [MQTT5 3.3.2-5]
    def test_expires_like_any_message(self):
        short = self.will(retain=True, props={"message_expiry_interval": 1})
        self.peer(will=short).drop()
        self.assertEqual(1, self.assert_will().prop["message_expiry_interval"])
        time.sleep(1.2)
        late = self.peer()
        late.subscribe(self.name)
        self.assert_quiet(self.peer(), late)

    # [MQTT5 3.1.2-8]
    def test_delay_ends_with_a_clean_start(self):
        name = self.unique("anew")
        delayed = self.will(props={"will_delay_interval": 600})
        self.peer(name, props={"session_expiry_interval": 600}, will=delayed).drop()
        self.peer(name, clean=True)
        self.assert_will()

    # [MQTT5 3.1.3-10]
    def test_properties(self):
        props = [("payload_format_indicator", 1), ("content_type", "text/plain"), ("response_topic", "answer/here"),
                 ("correlation_data", b"\x00\x01"), ("user_property", ("k", "1")), ("user_property", ("a", "2")),
                 ("user_property", ("k", "3"))]
        self.peer(will=self.will(props=props + [("will_delay_interval", 0)])).drop()
        got = self.assert_will()
        self.assertCountEqual(props, got.props)
        self.assertEqual(["1", "2", "3"], [value[1] for name, value in got.props if name == "user_property"])

    # [MQTT5 3.1.2-10]
    def test_is_published_once(self):
        name, props = self.unique("once"), {"session_expiry_interval": 60}
        self.peer(name, props=props, will=self.will()).drop()
        self.assert_will()
        self.peer(name, clean=False, props=props).drop()
        self.assert_quiet(self.peer(), self.listener)

    def test_shutdown(self):
        broker = self.own_broker()
        listener = self.peer(at=broker)
        listener.subscribe("gone/#")
        plain, late = {"topic": "gone/now"}, {"topic": "gone/delayed", "props": {"will_delay_interval": 600}}
        here = [self.peer(at=broker, will=plain), self.peer(at=broker, will=late, props={"session_expiry_interval": 9})]
        self.peer(at=broker, will=late, props={"session_expiry_interval": 900}).drop()
        here[0].ping()
        self.assertEqual(0, broker.stop())
        found = [p.topic for p in listener.remainder() if p.kind == mqtt.PUBLISH]
        self.assertEqual(["gone/delayed", "gone/delayed", "gone/now"], sorted(found))
