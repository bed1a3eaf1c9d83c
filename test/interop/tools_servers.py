"""Servers that behave as no broker does: what the tools send them, how they take it, and what they exit with."""

import socket
import subprocess
import threading
import time
import unittest

import mqtt_packets as mqtt
import tools_pair
from tools_pair import as_theirs, call, program, without_time


class gone(Exception):
    pass


class talk:
    """One connection, seen from the server."""

    def __init__(self, plug, version):
        self.plug, self.version, self.buffer, self.seen = plug, version, b"", []

    def read(self):
        """The first byte and the body of the next packet."""
        while True:
            size = 0
            for at in range(1, min(len(self.buffer), 5)):
                size |= (self.buffer[at] & 127) << 7 * (at - 1)
                if not self.buffer[at] & 128 and len(self.buffer) >= at + 1 + size:
                    found = self.buffer[0], self.buffer[at + 1:at + 1 + size]
                    self.buffer = self.buffer[at + 1 + size:]
                    self.seen.append(found)
                    return found
                if not self.buffer[at] & 128:
                    break
            part = self.plug.recv(1 << 16)
            if not part:
                raise gone()
            self.buffer += part

    def send(self, data):
        self.plug.sendall(data)

    def accept(self, code=0, props=None):
        """Reads CONNECT and answers it."""
        self.read()
        self.send(mqtt.packet(mqtt.CONNACK, bytes([0, code]) + (mqtt.properties(props) if self.version == 5 else b"")))

    def grant(self, *codes):
        """Reads SUBSCRIBE and answers it."""
        body = self.read()[1]
        self.send(mqtt.packet(mqtt.SUBACK, body[:2] + (b"\0" if self.version == 5 else b"") + bytes(codes or [0])))

    def rest(self):
        while True:
            self.read()


class server:
    """Runs `script(talk, number)` for each connection; `seen` is a list of packets per connection."""

    def __init__(self, script, version):
        self.script, self.version, self.seen = script, version, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                plug = self.listener.accept()[0]
            except OSError:
                return
            with plug:
                one = talk(plug, self.version)
                self.seen.append(one.seen)
                try:
                    self.script(one, len(self.seen))
                except (gone, OSError):
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(tools_pair.PATIENCE_S)


def without_window(packets):
    """CONNECT with the receive maximum cut out, in which the tools differ, and without what closes the connection."""
    return [(first, body.replace(b"!\x00\x14", b"!").replace(b"!\x04\x00", b"!").replace(b"!\x00\x01", b"!"))
            for first, body in packets if first >> 4 != mqtt.DISCONNECT]


class meeting(unittest.TestCase):
    def one(self, ours, script, name, arguments, version=4, data=b""):
        """How the tool ended, and what the server saw."""
        other = server(script, version)
        try:
            at = ["-h", "127.0.0.1", "-p", str(other.port), "-V", "5" if version == 5 else "311"]
            return call(ours, name, at + list(arguments), data), other
        finally:
            other.close()

    def same(self, script, name, *arguments, version=4, data=b"", errors=True):
        theirs, ours = (self.one(who, script, name, arguments, version, data) for who in (False, True))
        self.assertEqual(without_time(ours[0][0]), without_time(theirs[0][0]), arguments)
        if errors:
            self.assertEqual(as_theirs(ours[0][1]), theirs[0][1], arguments)
        self.assertEqual(ours[0][2], theirs[0][2], arguments)
        seen = lambda end: [without_window(one) for one in end[1].seen]
        if theirs[1].seen[0][1:]:  # theirs may leave before the server has read all
            self.assertEqual(seen(ours), seen(theirs), arguments)
        return ours


class connecting(meeting):
    message = {"pub": ["-t", "x", "-m", "y"], "sub": ["-t", "x", "-E"]}

    def welcome(self, one, _):
        one.accept()
        while True:
            first, body = one.read()
            if first >> 4 == mqtt.SUBSCRIBE:
                one.send(mqtt.packet(mqtt.SUBACK, body[:2] + (b"\0" if one.version == 5 else b"") + b"\0"))

    def both(self, *arguments, version=4):
        for name, message in self.message.items():
            self.same(self.welcome, name, *message, *arguments, version=version)

    def test_what_connect_holds(self):
        self.both("-k", "9")
        self.both("-u", "a", "-P", "b", "-i", "me")
        self.both("-c", "-i", "me")
        self.both("-c", "-i", "me", version=5)
        self.both("-i", "me", "-x", "7", version=5)
        self.both("-c", "-i", "me", "-x", "9", version=5)
        self.both("-i", "me", "-x", "∞", version=5)
        self.both("-M", "5", "-V", "5", version=5)
        self.both("--will-topic", "w", "--will-retain", "--will-qos", "2", "--will-payload", "p")
        self.both(*"--will-topic w --will-qos 1 -D will content-type c -D will will-delay-interval 4".split(), version=5)
        self.both(*"-D connect session-expiry-interval 9 -D connect user-property a b".split(), version=5)
        self.both(*"-D connect receive-maximum 9 -D connect topic-alias-maximum 4 -D connect maximum-packet-size 3000".split(), version=5)
        self.both(*"-D connect request-problem-information 0 -D connect request-response-information 1".split(), version=5)
        self.both(*"-D connect authentication-method m -D connect authentication-data d".split(), version=5)

    def test_what_subscribe_holds(self):
        self.same(self.welcome, "sub", *"-t x -E --retain-as-published -q 2".split(), version=5)
        self.same(self.welcome, "sub", *"-t x -E -D subscribe user-property a b -D subscribe subscription-identifier 4".split(), version=5)
        self.same(self.welcome, "sub", *"-t x -t a/+ -t b/# -q 1 -E".split())
        seen = self.one(True, self.welcome, "sub", "-t x -E --retain-handling never".split(), 5)[1].seen
        self.assertEqual(seen[0][1][1][-1] >> 4, 2)

    def test_what_disconnect_holds(self):
        farewell = "-D disconnect user-property a b -D disconnect session-expiry-interval 3".split()
        for name, message in self.message.items():
            seen = self.one(True, self.welcome, name, message + farewell, 5)[1].seen
            self.assertEqual(seen[0][-1], (mqtt.DISCONNECT << 4, b"\0\x0c" + b"&\0\1a\0\1b" + b"\x11\0\0\0\3"))

    def test_who_one_is(self):
        named = lambda who, arguments: self.one(who, self.welcome, "pub", ["-t", "x", "-m", "y", *arguments])[1].seen[0][0][1]
        for who in (False, True):
            self.assertRegex(named(who, ["-I", "prefix"]), rb"(?s)\x00.prefix\d+$")
            self.assertEqual(named(who, []), b"\0\4MQTT\4\2\0<\0\0")
            self.assertRegex(named(who, ["-V", "31"]), rb"(?s)^\x00\x06MQIsdp\x03\x02\x00<\x00\x17.{23}$")


class refused(meeting):
    def test_the_code_is_the_exit_code(self):
        for version, codes in ((4, range(1, 6)), (5, (0x80, 0x81, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x95, 0x97, 0x99,
                                                      0x9C, 0x9D, 0x9F))):
            for code in codes:
                ours = self.same(lambda one, _, code=code: one.accept(code), "sub", "-t", "x", version=version)
                self.assertEqual(ours[0][2], code)

    def test_publish_is_denied(self):
        """A warning; theirs calls that a success, too."""
        for code in (0x87, 0x97, 0x99):
            def deny(one, _, code=code):
                one.accept()
                one.read()
                one.send(mqtt.packet(mqtt.PUBACK, b"\0\1" + bytes([code])))
                one.rest()
            ours = self.same(deny, "pub", *"-t x -m y -q 1 -d -i me".split(), version=5)
            self.assertIn(b"Warning: Publish 1 failed: ", ours[0][1])

    def test_no_subscribers_is_no_failure(self):
        def answer(one, _):
            one.accept()
            one.read()
            one.send(mqtt.packet(mqtt.PUBACK, b"\0\1\x10"))
            one.rest()
        self.same(answer, "pub", *"-t x -m y -q 1 -d -i me".split(), version=5)

    def test_every_subscription_is_denied(self):
        """Theirs says so and exits with 0; the manual promises another code on errors."""
        for version, code in ((4, 0x80), (5, 0x87)):
            def deny(one, _, code=code):
                one.accept()
                one.grant(code)
                one.rest()
            theirs, ours = (self.one(who, deny, "sub", ["-t", "x", "-d", "-i", "me"], version)[0] for who in (False, True))
            self.assertEqual(ours[:2], theirs[:2])
            self.assertEqual(ours[2], 1)

    def test_one_of_two_is_denied(self):
        def deny(one, _):
            one.accept()
            one.grant(0x87, 1)
            one.rest()
        self.same(deny, "sub", *"-t x -t z -W 1 -d -i me".split(), version=5)

    def test_what_the_server_cannot_do(self):
        def poor(one, _):
            one.accept(props={"maximum_qos": 0, "retain_available": 0, "maximum_packet_size": 40})
            one.rest()
        ends = [self.one(True, poor, "pub", ["-t", "x", *more], 5)[0] for more in
                (["-m", "y", "-q", "1"], ["-m", "y", "-r"], ["-m", "y" * 100])]
        self.assertEqual([end[2] for end in ends], [1, 1, 1])
        self.assertEqual(ends[0][1], b"Error: Message QoS not supported on broker, try a lower QoS.\n")
        self.assertIn(b"retained", ends[1][1])
        self.assertIn(b"larger", ends[2][1])


class losing(meeting):
    def test_before_connack(self):
        for name, arguments in (("pub", ["-t", "x", "-m", "y"]), ("rr", ["-t", "x", "-m", "y", "-e", "z"])):
            ours = self.same(lambda one, _: one.read(), name, *arguments)
            self.assertEqual(ours[0], (b"", b"Error: The connection was lost.\n", 7))

    def test_before_the_acknowledgement(self):
        def close(one, _):
            one.accept()
            one.read()
        self.assertEqual(self.same(close, "pub", *"-t x -m y -q 1".split())[0][2], 7)

    def test_before_the_response(self):
        def close(one, _):
            one.accept()
            one.grant()
            one.read()
        self.assertEqual(self.same(close, "rr", *"-t x -m y -e z".split(), version=5)[0][2], 7)

    def test_lines_are_sent_again(self):
        """At least once, whatever happens to the connection. [MQTT-5 4.4]"""
        def flaky(one, number):
            one.accept()
            while True:
                first, body = one.read()
                if number > 1 and first >> 4 == mqtt.PUBLISH:
                    one.send(mqtt.packet(mqtt.PUBACK, body[3:5]))
                elif first >> 4 == mqtt.PUBLISH:
                    return
        end, other = self.one(True, flaky, "pub", ["-t", "x", "-l", "-q", "1", "-i", "me"], data=b"a\nb\nc\n")
        self.assertEqual((end[0], end[2]), (b"", 0))
        self.assertEqual(sorted({body[5:] for packets in other.seen for first, body in packets if first >> 4 == mqtt.PUBLISH}),
                         [b"a", b"b", b"c"])

    def test_exit_waits_for_acknowledgements(self):
        for qos in (1, 2):
            def late(one, _, qos=qos):
                one.accept()
                ids = [one.read()[1][3:5] for _ in range(3)]
                time.sleep(0.5)
                for each in ids:
                    one.send(mqtt.packet(mqtt.PUBACK if qos == 1 else mqtt.PUBREC, each))
                while True:
                    first, body = one.read()
                    if first >> 4 == mqtt.PUBREL:
                        one.send(mqtt.packet(mqtt.PUBCOMP, body[:2]))
            end, other = self.one(True, late, "pub", ["-t", "x", "-l", "-q", str(qos), "-i", "me"], data=b"a\nb\nc\n")
            self.assertEqual(end, (b"", b"", 0))
            kinds = [first >> 4 for first, _ in other.seen[0]]
            self.assertEqual(kinds[-1], mqtt.DISCONNECT)
            self.assertEqual(kinds.count(mqtt.PUBREL), 3 if qos == 2 else 0)

    def test_a_line_that_expires_while_it_waits(self):
        """[MQTT-5 3.3.2.3.3]"""
        def slow(one, _):
            one.accept(props={"receive_maximum": 1})
            first = one.read()[1]
            time.sleep(1.5)
            one.send(mqtt.packet(mqtt.PUBACK, first[3:5]))
            one.rest()
        lines = "-t x -l -q 1 -D publish message-expiry-interval 1".split()
        end, other = self.one(True, slow, "pub", lines, 5, data=b"a\nb\n")
        self.assertEqual(end[::2], (b"", 1))
        self.assertIn(b"expired", end[1])
        self.assertEqual([first >> 4 for first, _ in other.seen[0]], [mqtt.CONNECT, mqtt.PUBLISH, mqtt.DISCONNECT])

    def test_a_subscriber_comes_back_and_asks_once(self):
        def drop(one, number):
            one.accept()
            if number < 3:
                one.read()
                return
            one.grant()
            one.send(mqtt.publish(4, "x", "hi"))
            one.rest()
        end, other = self.one(True, drop, "sub", ["-t", "x", "-C", "1"])
        self.assertEqual((end[0], end[2]), (b"hi\n", 0))
        self.assertEqual([[first >> 4 for first, _ in packets] for packets in other.seen][2],
                         [mqtt.CONNECT, mqtt.SUBSCRIBE, mqtt.DISCONNECT])

    def test_nonsense_is_the_end(self):
        def babble(one, _):
            one.accept()
            one.send(b"\xf0\0")
            one.rest()
        self.assertEqual(self.same(babble, "sub", "-t", "x")[0][2], 2)

    def test_the_server_says_goodbye(self):
        def goodbye(one, _):
            one.accept()
            one.grant()
            one.send(mqtt.disconnect(5, 0x8E))
            one.rest()
        theirs, ours = (self.one(who, goodbye, "sub", ["-t", "x", "-d", "-i", "me"], 5)[0] for who in (False, True))
        self.assertEqual(ours[0], theirs[0])
        self.assertEqual((ours[1], ours[2]), (b"Error: Ended by the server: session taken over.\n", 4))

    def test_a_server_that_says_nothing(self):
        for name, arguments in (("sub", ["-t", "x"]), ("rr", ["-t", "x", "-m", "y", "-e", "z"])):
            end = self.one(True, lambda one, _: one.rest(), name, [*arguments, "-W", "1"])[0]
            self.assertEqual(end, (b"", b"Timed out\n", 27))

    def test_keeping_alive(self):
        def patient(one, _):
            one.accept()
            one.grant()
            one.read()
            one.send(mqtt.packet(mqtt.PINGRESP))
            one.rest()
        self.same(patient, "sub", *"-t x -k 5 -d -i me -W 7".split())

    def test_authentication(self):
        """[MQTT-5 4.12]"""
        def challenge(one, _):
            one.read()
            one.send(mqtt.packet(mqtt.AUTH, b"\x18" + mqtt.properties([("authentication_method", "m"), ("authentication_data", "?")])))
            one.read()
            one.send(mqtt.packet(mqtt.CONNACK, b"\0\0" + mqtt.properties({"authentication_method": "m"})))
            one.rest()
        flags = "-D connect authentication-method m -D connect authentication-data a -D auth authentication-data answer".split()
        end, other = self.one(True, challenge, "pub", ["-t", "x", "-m", "y", *flags], 5)
        self.assertEqual(end, (b"", b"", 0))
        answer = mqtt.reader(other.seen[0][1][1])
        self.assertEqual((other.seen[0][1][0], answer.number("B")), (mqtt.AUTH << 4, 0x18))
        self.assertEqual(answer.properties(), [("authentication_method", "m"), ("authentication_data", b"answer")])

    def test_the_second_signal_does_not_wait(self):
        other = server(lambda one, _: (one.read(), time.sleep(5)), 4)
        self.addCleanup(other.close)
        tool = subprocess.Popen([*program(True, "sub"), "-h", "127.0.0.1", "-p", str(other.port), "-t", "x"], stderr=subprocess.DEVNULL)
        while not (other.seen and other.seen[0]):
            time.sleep(0.01)
        began = time.monotonic()
        for _ in range(40):
            tool.terminate()
            if tool.poll() is not None:
                break
            time.sleep(0.05)
        self.assertEqual(tool.wait(tools_pair.PATIENCE_S), 0)
        self.assertLess(time.monotonic() - began, 2)
