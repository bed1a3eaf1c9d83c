"""What `nightjar sub` prints."""

import re
import signal
import subprocess
import time

import tools_pair
from tools_pair import await_line, call, case, program, start

TRACE = re.compile(rb"Client \S+ (sending|received)")
ALL = r"%A|%C|%D|%F|%l|%m|%P|%p|%q|%R|%r|%S|%t|%x|%X|%%|@@|\\|\t|\a|\e|\0|\n|\r|\v"


class printing(case):
    """Of retained messages, which come to each subscriber alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        publish = lambda *a, data=b"": call(False, "pub", ["-p", str(cls.broker.port), "-V", "5", "-r", *a], data)
        publish("-t", "r/1", "-q", "1", "-m", "hello", *"-D publish content-type text/plain".split(),
                *"-D publish user-property a b -D publish user-property c d -D publish correlation-data corr".split(),
                *"-D publish response-topic resp/t -D publish payload-format-indicator 1".split())
        publish("-t", "r/2", "-m", '{"a":[1,{"x":1e3}],"b":{},"c":"\\u00e9\\u0001/","d":0.1,"e":true,"f":null}')
        publish("-t", "r/3", "-s", data=b'\xff\x01"\\\n\t/\x7f')
        publish("-t", "r/4", "-m", "żółw")
        publish("-t", 'r/5"\\q', "-m", "12.50")
        publish("-t", "e/1", "-m", "x", *"-D publish message-expiry-interval 999".split())

    # Each retained message on its own: their order is the broker's.
    topics = ("r/1", "r/2", "r/3", "r/4", 'r/5"\\q')

    def formatted(self, text, *more, topics=topics):
        for topic in topics:
            self.same("sub", "-V", "5", "-t", topic, "-C", "1", "-F", text, *more, errors=False)

    def test_plain_and_verbose(self):
        for more in ([], ["-v"], ["-N"], ["-v", "-N"], ["-v", "-q", "2"], ["-v", "-V", "31"], ["-v", "-V", "mqttv311"]):
            for topic in self.topics:
                self.same("sub", "-t", topic, "-C", "1", *more)

    def test_every_field(self):
        self.formatted(ALL)
        self.same("sub", "-V", "5", "-t", "r/1", "-C", "1", "-F", "%S", "-D", "subscribe", "subscription-identifier", "7")
        self.same("sub", "-t", "r/1", "-C", "1", "-F", ALL, "-V", "311")

    def test_expiry(self):
        printed = self.same("sub", "-V", "5", "-t", "e/1", "-C", "1", "-F", "%j")[0]
        self.assertIn(b'"message-expiry-interval":9', printed)
        self.assertRegex(call(True, "sub", self.at("-V", "5", "-t", "e/1", "-C", "1", "-F", "%E"))[0], rb"^9\d\d\n$")

    def test_widths(self):
        # Not %x and %X: with a width Mosquitto 2.0.11 prints the half of a payload only, which helps nobody.
        for letter in "ACFlmpRSt":
            text = "".join(f"[%{flag}{width}{letter}]" for flag in ("", "-", "0", "-0") for width in ("1", "4", "30"))
            self.formatted(text, topics=("r/1", "r/2"))

    def test_maximum_widths(self):
        for letter in "CRt":
            text = "".join(f"[%{width}{letter}]" for width in (".", ".0", ".2", "3.1", "-9.2", "09.3", "4.40"))
            self.formatted(text, topics=("r/1", "r/2"))

    def test_json(self):
        for text in ("%j", "%J", "x%jy%jz", "x%Jy"):
            self.formatted(text)
            self.formatted(text, "--pretty")
        # 2.0.11 writes an idle "Z" into it; later versions and the manual do not.
        printed = call(True, "sub", self.at("-t", "r/1", "-C", "1", "-F", "%j"))[0]
        self.assertRegex(printed, rb'"tst":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000"')

    def test_a_payload_that_is_no_json_is_told(self):
        self.assertIn(b"not valid JSON on topic r/4", self.same("sub", "-t", "r/4", "-C", "1", "-F", "%J")[1])

    def test_time_is_told_by_strftime(self):
        self.formatted("@Y@% @Q @@ @m")
        for text, form in (("%I", rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000\n$"), ("%U", rb"^\d+\.\d{9}\n$"), ("@N", rb"^\d{9}\n$"),
                           ("@s", rb"^\d+\n$"), ("%.4I", rb"^2\d\d\d\n$")):
            for ours in (False, True):
                self.assertRegex(call(ours, "sub", self.at("-t", "r/1", "-C", "1", "-F", text))[0], form)

    def test_filters(self):
        for ours in (False, True):
            printed = call(ours, "sub", self.at("-t", "r/#", "-v", "-T", "r/2", "-T", "r/3", "-C", "3"))
            self.assertEqual(sorted(line.split(b" ")[0] for line in printed[0].splitlines()), [b"r/1", b"r/4", b'r/5"\\q'])
        self.same("sub", "-t", "r/#", "-v", "-W", "1", "-R")
        self.same("sub", "-t", "r/1", "-t", "r/1", "-t", "r/2", "-T", "r/2", "-v", "-C", "1")

    def test_a_part_of_the_messages(self):
        """2.0.11 leaves some out even of a hundred per cent."""
        for n in range(200):
            self.publish("-t", f"part/{n}", "-r", "-m", "x")
        printed = lambda chance: len(call(True, "sub", self.at("-t", "part/#", "-W", "1", "--random-filter", chance))[0]) // 2
        self.assertEqual(printed("100"), 200)
        self.assertEqual(printed("100.0"), 200)
        self.assertTrue(40 < printed("50.0") < 160)
        self.assertTrue(printed("0.1") < 20)

    def test_retain_handling(self):
        """[MQTT-5 3.8.3.1]"""
        asked = lambda *more: call(True, "sub", self.at("-t", "r/1", "-V", "5", "-W", "1", *more))
        self.assertEqual(asked("--retain-handling", "never"), (b"", b"Timed out\n", 27))
        self.assertEqual(asked("--retain-handling", "always", "-C", "1")[0], b"hello\n")
        kept = ("--retain-handling", "new", "-i", "handled", "-c", "-x", "60")
        self.assertEqual(asked(*kept)[0], b"hello\n")
        self.assertEqual(asked(*kept)[0], b"")

    def test_timing_out(self):
        self.assertEqual(self.same("sub", "-t", "nothing", "-W", "1")[2], 27)
        self.same("sub", "-t", "nothing", "-W", "1", "--quiet")

    def test_leaving_when_subscribed(self):
        for version in ("31", "311", "5"):
            self.same("sub", "-t", "a", "-t", "b/#", "-U", "a", "-q", "1", "-E", "-V", version)
        self.same("sub", "-t", "a", "-t", "b/#", "-q", "2", "-E", "-d", "-i", "me")
        self.assertEqual(call(True, "sub", self.at("-U", "a", "-U", "b", "-E")), (b"", b"", 0))

    def test_tracing(self):
        for version in ("31", "311", "5"):
            self.same("sub", "-t", "r/1", "-C", "1", "-d", "-i", "me", "-V", version)
        self.same("sub", "-t", "r/1", "-C", "1", "-d", "-V", "5")
        self.same("sub", "-t", "r/1", "-t", "n", "-U", "r/1", "-U", "n", "-W", "1", "-d", "-i", "me")
        for options in (["--retain-as-published"], ["-D", "subscribe", "user-property", "a", "b"]):
            self.same("sub", "-t", "r/1", "-C", "1", "-d", "-i", "me", "-V", "5", *options)

    def test_flags_that_change_nothing_here(self):
        for more in (["--nodelay"], ["-k", "9"], ["-M", "3"], ["-u", "a", "-P", "b"], ["-x", "4"], ["-c", "-i", "me", "-V", "5"],
                     ["-I", "prefix"], ["--quiet"], ["-D", "disconnect", "user-property", "a", "b"],
                     ["--will-topic", "w", "--will-qos", "1", "--will-retain", "--will-payload", "p"]):
            self.same("sub", "-t", "r/1", "-C", "1", *more)
        self.assertEqual(call(True, "sub", self.at("-t", "r/1", "-C", "1", "--no-tls"))[0], b"hello\n")


class fresh(case):
    """Messages that are published while both tools listen."""

    def listen(self, ours, *arguments):
        listener = start(["stdbuf", "-oL"] + program(ours, "sub") + self.at("-d", *arguments), stderr=subprocess.PIPE)
        listener.before = await_line(listener, b"Subscribed")  # a retained message may come first
        return listener

    def end(self, listener):
        out, errors = listener.communicate(timeout=tools_pair.PATIENCE_S)
        lines = b"".join(line + b"\n" for line in (listener.before + out).split(b"\n") if line and not TRACE.match(line))
        return lines, errors, listener.returncode

    def both(self, arguments, *messages):
        listeners = [self.listen(ours, *arguments) for ours in (False, True)]
        for message in messages:
            self.publish(*message)
        theirs, ours = (self.end(one) for one in listeners)
        self.assertEqual(ours, theirs, arguments)
        return ours

    def test_an_empty_payload_is_no_line(self):
        messages = (("-t", "f/1", "-n"), ("-t", "f/1", "-m", "x"))
        self.assertEqual(self.both(["-t", "f/1", "-C", "2"], *messages)[0], b"x\n")
        self.assertEqual(self.both(["-t", "f/1", "-C", "2", "-v"], *messages)[0], b"f/1 (null)\nf/1 x\n")
        self.both(["-t", "f/1", "-C", "2", "-F", "[%p%l]"], *messages)

    def test_each_qos(self):
        for sent in "012":
            for asked in "012":
                self.both(["-t", "f/q", "-q", asked, "-C", "1", "-F", "%q %p %r"], ("-t", "f/q", "-q", sent, "-m", "x"))

    def test_the_end_by_a_fresh_message(self):
        self.publish("-t", "f/kept/1", "-r", "-m", "old")
        listeners = [self.listen(ours, "-t", "f/kept/#", "-v", "--retained-only") for ours in (False, True)]
        self.publish("-t", "f/kept/2", "-m", "new")
        theirs, ours = (self.end(one) for one in listeners)
        self.assertEqual(ours, theirs)
        self.assertEqual(ours[0], b"f/kept/1 old\n")

    def test_retained_messages_are_removed(self):
        for ours in (False, True):
            for n in range(3):
                self.publish("-t", f"f/gone/{n}", "-r", "-m", "old")
            printed = call(ours, "sub", self.at("-t", "f/gone/#", "-T", "f/gone/1", "--remove-retained", "-W", "1"))
            self.assertEqual((printed[0], printed[2]), (b"old\nold\n", 27))
            left = call(ours, "sub", self.at("-t", "f/gone/#", "-W", "1", "-v"))[0]
            self.assertEqual(left, b"f/gone/1 old\n")

    def test_message_rate(self):
        listener = self.listen(True, "-t", "f/rate", "--message-rate", "-W", "3")
        for _ in range(3):
            self.publish("-t", "f/rate", "-m", "x")
        out, _, code = self.end(listener)
        self.assertEqual(code, 27)
        self.assertEqual(sum(int(line) for line in out.splitlines()), 3)

    def test_watching(self):
        listener = self.listen(True, "-t", "f/watch/#", "--watch", "-v", "-C", "3")
        for topic, text in (("a", "1"), ("b", "2"), ("a", "3")):
            self.publish("-t", f"f/watch/{topic}", "-m", text)
        out = listener.communicate()[0]
        self.assertIn(b"\033[2J\033[1;1Hf/watch/a 1\033[K", out)
        self.assertIn(b"\033[2;1Hf/watch/b 2\033[K", out)
        self.assertIn(b"\033[1;1Hf/watch/a 3\033[K", out)

    def test_signals_end_it_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            listeners = [self.listen(ours, "-t", "f/s", "-i", f"s{ours}") for ours in (False, True)]
            for one in listeners:
                one.send_signal(number)
            outs = [one.communicate(timeout=tools_pair.PATIENCE_S) for one in listeners]
            self.assertEqual([one.returncode for one in listeners], [0, 0])
            self.assertTrue(outs[1][0].endswith(b"sending DISCONNECT\n"), outs[1])

    def test_a_reader_that_leaves_ends_it(self):
        listener = self.listen(True, "-t", "f/p")
        listener.stdout.close()
        for _ in range(3):
            self.publish("-t", "f/p", "-m", "x")
            time.sleep(0.1)
        listener.stderr.close()
        self.assertNotEqual(listener.wait(tools_pair.PATIENCE_S), 0)
