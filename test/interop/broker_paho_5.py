"""Paho for Python with what 5.0 added: sessions and messages that expire, delays, options, windows, aliases."""

import time

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCodes
from paho.mqtt.subscribeoptions import SubscribeOptions

from nightjar_process import PATIENCE_S
from paho_case import paho_case


def props(kind, **values):
    made = Properties(getattr(PacketTypes, kind))
    for name, value in values.items():
        setattr(made, name, value)
    return made


class paho_5(paho_case):
    def come(self, name=None, clean=True, will=None, **values):
        """A connected client; `values` are CONNECT's properties, `will` the arguments of will_set()."""
        client = self.client(paho.MQTTv5, name)
        if will:
            client.will_set(**will)
        client.flags = self.connect(client, clean_start=clean, properties=props("CONNECT", **values))
        return client

    def listens(self, topic, qos=1, **options):
        client = self.come()
        self.subscribe(client, topic, options=SubscribeOptions(qos, **options))
        return client

    def payloads(self, client, count):
        return [client.got.get(timeout=PATIENCE_S).payload.decode() for _ in range(count)]

    def test_session_expiry(self):
        lasting, brief = self.unique("paho"), self.unique("paho")
        for name, seconds in ((lasting, 600), (brief, 0)):
            client = self.come(name, clean=False, SessionExpiryInterval=600)
            self.subscribe(client, self.name, options=SubscribeOptions(2))
            self.leave(client, properties=props("DISCONNECT", SessionExpiryInterval=seconds))
        sender = self.peer()
        for number in range(5):
            sender.publish(self.name, str(number), 2)
        back = self.come(lasting, clean=False, SessionExpiryInterval=600)
        self.assertEqual(1, back.flags["session present"])
        self.assertEqual(list("01234"), self.payloads(back, 5))
        self.assertEqual(0, self.come(brief, clean=False).flags["session present"])

    def test_message_expiry(self):
        name = self.unique("paho")
        away = self.come(name, clean=False, SessionExpiryInterval=600)
        self.subscribe(away, self.name, options=SubscribeOptions(1))
        self.leave(away)
        sender = self.come()
        for text, seconds in (("short", 1), ("long", 1000)):
            how = props("PUBLISH", MessageExpiryInterval=seconds)
            sender.publish(self.name, text, 1, properties=how).wait_for_publish(PATIENCE_S)
        time.sleep(1.2)
        got = self.come(name, clean=False, SessionExpiryInterval=600).got.get(timeout=PATIENCE_S)
        self.assertEqual(b"long", got.payload)
        self.assertIn(got.properties.MessageExpiryInterval, range(900, 1000))

    def test_a_delayed_will(self):
        listener, name = self.listens(self.name), self.unique("paho")
        will = {"topic": self.name, "payload": "late", "qos": 1, "properties": props("WILLMESSAGE", WillDelayInterval=1)}
        client = self.come(name, will=will, SessionExpiryInterval=600)
        begun = time.monotonic()
        self.leave(client, reasoncode=ReasonCodes(PacketTypes.DISCONNECT, identifier=0x04))
        self.assertEqual(["late"], self.payloads(listener, 1))
        self.assertGreaterEqual(time.monotonic() - begun, 1)

    def test_takeover(self):
        name = self.unique("paho")
        old = self.come(name)
        old.on_disconnect = lambda c, *rest: (c.disconnect(), c.events.put(("disconnected",)))  # and does not come back
        self.come(name)
        self.assertEqual("disconnected", old.events.get(timeout=PATIENCE_S)[0])

    def test_no_local_and_retain_handling(self):
        kept, client = self.name + "/kept", self.come()
        client.publish(kept, "kept", 1, retain=True).wait_for_publish(PATIENCE_S)
        self.subscribe(client, self.name, options=SubscribeOptions(1, noLocal=True))
        self.subscribe(client, kept, options=SubscribeOptions(1, retainHandling=2))
        self.subscribe(client, kept, options=SubscribeOptions(1, retainHandling=1))
        client.publish(self.name, "mine", 1).wait_for_publish(PATIENCE_S)
        client.publish(kept, "now", 1).wait_for_publish(PATIENCE_S)
        self.assertEqual(["now"], self.payloads(client, 1))
        self.subscribe(client, kept, options=SubscribeOptions(1, retainHandling=0))
        self.assertEqual(["kept"], self.payloads(client, 1))

    def test_aliases_to_the_broker(self):
        listener, sender = self.listens(self.name + "/#"), self.come()
        for number in range(8):
            how = props("PUBLISH", TopicAlias=1 + number % 2)
            topic = f"{self.name}/{number % 2}" if number < 2 else ""
            packet = sender.publish(topic or f"{self.name}/{number % 2}", str(number), 1, properties=how)
            packet.wait_for_publish(PATIENCE_S)
        got = [listener.got.get(timeout=PATIENCE_S) for _ in range(8)]
        self.assertEqual([f"{self.name}/{n % 2}" for n in range(8)], [m.topic for m in got])

    def test_request_and_response(self):
        asks, answers = self.listens(self.name + "/answer"), self.listens(self.name + "/question", 2)
        how = props("PUBLISH", ResponseTopic=self.name + "/answer", CorrelationData=b"17")
        asks.publish(self.name + "/question", "why", 2, properties=how)
        got = answers.got.get(timeout=PATIENCE_S)
        back = props("PUBLISH", CorrelationData=got.properties.CorrelationData)
        answers.publish(got.properties.ResponseTopic, "because", 1, properties=back)
        self.assertEqual(b"17", asks.got.get(timeout=PATIENCE_S).properties.CorrelationData)

    def test_packets_within_what_the_client_takes(self):
        small, sender = self.come(MaximumPacketSize=200, ReceiveMaximum=2), self.peer()
        self.subscribe(small, self.name, options=SubscribeOptions(2))
        for number in range(6):
            sender.publish(self.name, b"x" * 300, 2)
            sender.publish(self.name, str(number), 2)
        self.assertEqual(list("012345"), self.payloads(small, 6))

    def test_an_assigned_identifier(self):
        client = paho.Client("", protocol=paho.MQTTv5)
        heard = []
        client.on_connect = lambda c, u, flags, code, properties: heard.append(properties) or client.disconnect()
        client.connect(self.broker.host, self.broker.port)
        client.loop_forever()
        self.assertRegex(heard[0].AssignedClientIdentifier, "^auto-[0-9a-f-]{36}$")
