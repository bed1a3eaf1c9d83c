"""Clients that others wrote: Paho for Python, mosquitto_pub, mosquitto_sub and mosquitto_rr."""

import shutil
import subprocess
import threading
import unittest

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from broker_case import broker_case
from nightjar_process import PATIENCE_S
from paho_case import paho_case

MOSQUITTO_VERSIONS = ("mqttv31", "mqttv311", "mqttv5")


class with_paho(paho_case):
    def test_every_qos_and_version(self):
        for version in (paho.MQTTv31, paho.MQTTv311, paho.MQTTv5):
            with self.subTest(version=version):
                topic, one = self.unique(self.name), self.client(version)
                self.connect(one)
                one.subscribe(topic, 2)
                self.assertEqual("subscribed", one.events.get(timeout=PATIENCE_S)[0])
                for qos in range(3):
                    one.publish(topic, f"at {qos}", qos).wait_for_publish(PATIENCE_S)
                    got = one.got.get(timeout=PATIENCE_S)
                    self.assertEqual((topic, f"at {qos}".encode(), qos), (got.topic, got.payload, got.qos))
                one.disconnect()
                self.assertEqual("disconnected", one.events.get(timeout=PATIENCE_S)[0])

    def test_a_thousand_messages(self):
        one, other = self.client(paho.MQTTv311), self.client(paho.MQTTv5)
        self.connect(one)
        self.connect(other)
        other.subscribe(self.name, 2)
        other.events.get(timeout=PATIENCE_S)
        sent = [one.publish(self.name, str(n), 1 + n % 2) for n in range(1000)]
        for each in sent:
            each.wait_for_publish(PATIENCE_S)
        got = [other.got.get(timeout=PATIENCE_S) for _ in sent]
        for qos in (1, 2):
            self.assertEqual([n for n in range(1000) if 1 + n % 2 == qos], [int(m.payload) for m in got if m.qos == qos])

    def test_a_kept_session(self):
        name, sender = self.unique("paho"), self.peer()
        client = self.client(paho.MQTTv311, name, clean_session=False)
        self.assertEqual(0, self.connect(client)["session present"])
        client.subscribe(self.name, 2)
        client.events.get(timeout=PATIENCE_S)
        client.disconnect()
        client.events.get(timeout=PATIENCE_S)
        client.loop_stop()
        for number in range(10):
            sender.publish(self.name, str(number), 2)
        back = self.client(paho.MQTTv311, name, clean_session=False)
        self.assertEqual(1, self.connect(back)["session present"])
        self.assertEqual(list(range(10)), [int(back.got.get(timeout=PATIENCE_S).payload) for _ in range(10)])
        back.disconnect()

    def test_properties_and_subscription_options(self):
        client = self.client(paho.MQTTv5)
        self.connect(client)
        props = Properties(PacketTypes.SUBSCRIBE)
        props.SubscriptionIdentifier = 42
        client.subscribe(self.name, options=SubscribeOptions(2, retainAsPublished=True), properties=props)
        client.events.get(timeout=PATIENCE_S)
        props = Properties(PacketTypes.PUBLISH)
        props.ContentType, props.ResponseTopic, props.CorrelationData = "text/plain", "back", b"17"
        props.UserProperty = [("a", "1"), ("a", "2")]
        client.publish(self.name, "x", 2, retain=True, properties=props).wait_for_publish(PATIENCE_S)
        got = client.got.get(timeout=PATIENCE_S)
        self.assertTrue(got.retain)
        self.assertEqual([42], got.properties.SubscriptionIdentifier)
        self.assertEqual(("text/plain", "back", b"17", [("a", "1"), ("a", "2")]),
                         (got.properties.ContentType, got.properties.ResponseTopic, got.properties.CorrelationData,
                          got.properties.UserProperty))
        client.disconnect()

    def test_will(self):
        listener, client = self.peer(), self.client(paho.MQTTv311)
        listener.subscribe((self.name, 2))
        client.will_set(self.name, "gone", 2)
        self.connect(client)
        client._sock_close()  # no DISCONNECT
        client.loop_stop()
        self.assertEqual((b"gone", 2), (lambda m: (m.payload, m.qos))(listener.message()))


@unittest.skipUnless(shutil.which("mosquitto_sub"), "mosquitto's clients are not installed")
class with_mosquitto(broker_case):
    def command(self, program, version, *more):
        return [program, "-h", self.broker.host, "-p", str(self.broker.port), "-V", version, *more]

    def publish(self, version, *more, data=None):
        done = subprocess.run(self.command("mosquitto_pub", version, *more), input=data, capture_output=True,
                              timeout=PATIENCE_S, check=False)
        self.assertEqual((0, b""), (done.returncode, done.stderr))

    def start(self, program, version, *more):
        """A subscriber, once it has its SUBACK."""
        call = ["stdbuf", "-oL", *self.command(program, version, "-d", *more)]  # so that lines come as they are written
        made = subprocess.Popen(call, stdout=subprocess.PIPE, text=True)
        watchdog = threading.Timer(PATIENCE_S, made.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        self.addCleanup(made.stdout.close)
        self.addCleanup(made.wait)
        self.addCleanup(made.kill)
        for line in made.stdout:
            if line.startswith("Subscribed"):
                return made
        self.fail(f"{program} ended early")

    def lines(self, made):
        """What it printed, without its own debug lines."""
        lines = made.stdout.read().splitlines()
        made.wait(PATIENCE_S)
        return [line for line in lines if not line.startswith("Client ")]

    def test_every_qos_and_version(self):
        for version in MOSQUITTO_VERSIONS:
            with self.subTest(version=version):
                topic = self.unique(self.name)
                listener = self.start("mosquitto_sub", version, "-t", topic, "-q", "2", "-C", "3", "-F", "%t %q %p")
                for qos in "012":
                    self.publish(version, "-t", topic, "-q", qos, "-m", f"at {qos}")
                self.assertEqual([f"{topic} {q} at {q}" for q in range(3)], self.lines(listener))
                self.assertEqual(0, listener.returncode)

    def test_lines_in_order(self):
        listener = self.start("mosquitto_sub", "mqttv5", "-t", self.name, "-q", "2", "-C", "200")
        self.publish("mqttv5", "-t", self.name, "-q", "2", "-l", data="".join(f"{n}\n" for n in range(200)).encode())
        self.assertEqual([str(n) for n in range(200)], self.lines(listener))

    def test_retained(self):
        self.publish("mqttv311", "-t", self.name, "-r", "-q", "1", "-m", "kept")
        listener = self.start("mosquitto_sub", "mqttv5", "-t", self.name, "-C", "1", "-F", "%r %p")
        self.assertEqual(["1 kept"], self.lines(listener))
        self.publish("mqttv311", "-t", self.name, "-r", "-n", "-q", "1")
        late = self.peer()
        late.subscribe(self.name)
        self.assert_quiet(self.peer(), late)

    def test_a_kept_session(self):
        name, options = self.unique("mosq"), ["-t", self.name, "-q", "1", "-c", "-i"]
        made = self.command("mosquitto_sub", "mqttv311", *options, name, "-E")
        subprocess.run(made, timeout=PATIENCE_S, check=True)
        for number in range(3):
            self.publish("mqttv311", "-t", self.name, "-q", "1", "-m", str(number))
        done = subprocess.run(self.command("mosquitto_sub", "mqttv311", *options, name, "-C", "3"), timeout=PATIENCE_S,
                              capture_output=True, text=True, check=True)
        self.assertEqual(["0", "1", "2"], done.stdout.split())

    def test_request_and_response(self):
        responder = self.peer()
        responder.subscribe((self.name, 1))
        with subprocess.Popen(self.command("mosquitto_rr", "mqttv5", "-t", self.name, "-e", self.name + "/answer", "-m",
                                           "question", "-q", "1"), stdout=subprocess.PIPE, text=True) as asking:
            got = responder.message()
            self.assertEqual(b"question", got.payload)
            responder.publish(got.prop["response_topic"], b"answer", 1)
            self.assertEqual("answer\n", asking.communicate(timeout=PATIENCE_S)[0])

    def test_large_payload(self):
        path = self.broker.write("large", "0123456789abcdef" * 65536)
        for qos in "012":
            listener = self.start("mosquitto_sub", "mqttv5", "-t", self.name, "-q", qos, "-C", "1", "-F", "%l %q")
            self.publish("mqttv5", "-t", self.name, "-q", qos, "-f", path)
            self.assertEqual([f"1048576 {qos}"], self.lines(listener))
