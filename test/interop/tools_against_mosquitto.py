#!/usr/bin/env python3
"""Compares `nightjar pub` and `nightjar sub` with mosquitto_pub and mosquitto_sub, byte for byte.

    tools_against_mosquitto.py NIGHTJAR

Each case runs with both programs against one Mosquitto broker on a free port; standard output, and where the case says so
standard error, and the exit code must be the same.
"""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

NIGHTJAR = ""
MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("the broker did not start")


class Broker:
    def __init__(self, extra="allow_anonymous true\n"):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        conf = pathlib.Path(self.folder.name, "conf")
        conf.write_text(f"listener {self.port} 127.0.0.1\n{extra}")
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def tool(ours, name, port, arguments):
    program = [NIGHTJAR, name] if ours else [f"mosquitto_{name}"]
    return program + ["-p", str(port), "-h", "127.0.0.1"] + arguments


def run(ours, name, port, arguments, data=b""):
    done = subprocess.run(tool(ours, name, port, arguments), input=data, capture_output=True, timeout=30)
    return done.stdout, done.stderr, done.returncode


def without_time(text):
    """What no two runs share: time stamps, made-up client identifiers, seconds that have passed of an expiry interval."""
    text = re.sub(rb'"tst":(\s*)"[^"]*"', rb'"tst":\1"T"', text)
    text = re.sub(rb"auto-[0-9A-F-]+", b"auto", text)
    return re.sub(rb'"message-expiry-interval":(\s*)9\d\d', rb'"message-expiry-interval":\1E', text)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker()

    @classmethod
    def tearDownClass(cls):
        cls.broker.close()

    def publish(self, *arguments, data=b""):
        out = run(False, "pub", self.broker.port, list(arguments), data)
        self.assertEqual(out[2], 0, out)

    def same(self, name, *arguments, data=b"", errors=True):
        theirs, ours = (run(who, name, self.broker.port, list(arguments), data) for who in (False, True))
        self.assertEqual(without_time(ours[0]), without_time(theirs[0]), arguments)
        if errors:
            self.assertEqual(ours[1].replace(b"nightjar ", b"mosquitto_"), theirs[1], arguments)
        self.assertEqual(ours[2], theirs[2], arguments)
        return ours


class Printing(Case):
    """nightjar sub on retained messages, which come to each subscriber alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        publish = lambda *a, data=b"": run(False, "pub", cls.broker.port, ["-V", "5", "-r", *a], data)
        publish("-t", "r/1", "-q", "1", "-m", "hello", *"-D publish content-type text/plain".split(),
                *"-D publish user-property a b -D publish user-property c d -D publish correlation-data corr".split(),
                *"-D publish response-topic resp/t -D publish payload-format-indicator 1".split())
        publish("-t", "r/2", "-m", '{"a":[1,{"x":1e3}],"b":{},"c":"\\u00e9\\u0001/","d":0.1,"e":true,"f":null}')
        publish("-t", "r/3", "-s", data=b'\xff\x01"\\\n\t/\x7f')
        publish("-t", "r/4", "-m", "żółw")
        publish("-t", 'r/5"\\q', "-m", "12.50")

    def formatted(self, text, *more):
        self.same("sub", "-V", "5", "-t", "r/+", "-C", "5", "-F", text, *more, errors=False)

    def test_plain_and_verbose(self):
        for more in ([], ["-v"], ["-N"], ["-v", "-N"], ["-v", "-q", "2"], ["-v", "-V", "31"], ["-v", "-V", "mqttv311"]):
            self.same("sub", "-t", "r/#", "-C", "5", *more)

    def test_every_field(self):
        self.formatted(r"%A|%C|%D|%F|%l|%m|%P|%p|%q|%R|%r|%S|%t|%x|%X|%%|@@|\\|\t|\a|\e|\0|\n|\r|\v")

    def test_widths(self):
        # Not %x and %X: with a width Mosquitto 2.0.11 prints the half of a payload only, which helps nobody.
        for letter in "ACFlmpRSt":
            for flag in ("", "-", "0", "-0"):
                for width in ("1", "4", "30"):
                    self.formatted(f"[%{flag}{width}{letter}]")

    def test_maximum_widths(self):
        for letter in "CRt":
            for width in (".", ".0", ".2", "3.1", "-9.2", "09.3", "4.40"):
                self.formatted(f"[%{width}{letter}]")

    def test_json(self):
        for text in ("%j", "%J", "x%jy%jz", "x%Jy"):
            self.formatted(text)
            self.formatted(text, "--pretty")

    def test_time_is_told_by_strftime(self):
        self.formatted("@Y@% @Q @@")

    def test_filters(self):
        self.same("sub", "-t", "r/#", "-v", "-T", "r/2", "-T", "r/3", "-C", "3")
        self.same("sub", "-t", "r/#", "-v", "-W", "1", "-R")
        self.same("sub", "-t", "r/+", "-t", "r/1", "-v", "-C", "6")

    def test_timing_out(self):
        self.assertEqual(self.same("sub", "-t", "nothing", "-W", "1")[2], 27)
        self.same("sub", "-t", "nothing", "-W", "1", "--quiet")

    def test_leaving_when_subscribed(self):
        for version in ("31", "311", "5"):
            self.same("sub", "-t", "a", "-t", "b/#", "-U", "a", "-q", "1", "-E", "-V", version)
        self.same("sub", "-t", "a", "-t", "b/#", "-q", "2", "-E", "-d", "-i", "me")

    def test_tracing(self):
        self.same("sub", "-t", "r/1", "-C", "1", "-d")
        self.same("sub", "-t", "r/1", "-C", "1", "-d", "-V", "5")


class Publishing(Case):
    """What nightjar pub sends, as mosquitto_sub sees it."""

    def seen(self, ours, arguments, data, count):
        # Line by line, or "Subscribed" would come with the first message only.
        reader = subprocess.Popen(
            ["stdbuf", "-oL"] + tool(False, "sub", self.broker.port, ["-V", "5", "-q", "2", "-t", "p/#", "-C", str(count), "-W", "10", "-F",
                                                  "%t|%q|%r|%C|%D|%P|%R|%F|%l|%x"] + ["-d"]), stdout=subprocess.PIPE)
        while b"Subscribed" not in reader.stdout.readline():
            pass
        sent = run(ours, "pub", self.broker.port, arguments, data)
        lines = [line for line in reader.communicate()[0].splitlines() if line.startswith(b"p/")]
        return lines, sent

    def same_message(self, *arguments, data=b"", count=1):
        theirs, ours = (self.seen(who, list(arguments), data, count) for who in (False, True))
        self.assertEqual(len(ours[0]), count, ours)
        self.assertEqual(ours[0], theirs[0], arguments)
        self.assertEqual(without_time(ours[1][0]), without_time(theirs[1][0]), arguments)
        self.assertEqual(ours[1][1:], theirs[1][1:], arguments)

    # [MQTT311 7.1.2-1] [MQTT5 4.2.0-1]
    def test_versions_and_qos(self):
        for version in ("31", "311", "5", "mqttv31", "mqttv311", "mqttv5"):
            for qos in "012":
                self.same_message("-t", "p/x", "-m", "text", "-q", qos, "-V", version)

    def test_sources(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"from\nfile\0" * 9000)
            file.flush()
            self.same_message("-t", "p/f", "-f", file.name)
        self.same_message("-t", "p/n", "-n")
        self.same_message("-t", "p/s", "-s", data=b"a\nb\n")
        self.same_message("-t", "p/l", "-l", "-q", "1", data=b"a\n\nb\nc", count=4)
        self.same_message("-t", "p/l", "-l", data=b"".join(b"%d\n" % i for i in range(3000)), count=3000)
        self.same_message("-t", "p/r", "-m", "x", "--repeat", "3", "-q", "1", count=3)
        self.same_message("-t", "p/r", "-m", "x", "--repeat", "2", "--repeat-delay", "0.1", count=2)

    def test_properties(self):
        self.same_message("-t", "p/p", "-m", "x", *"-D publish content-type c -D PUBLISH user-property a b".split(),
                          *"-D publish correlation-data d -D publish response-topic r".split(),
                          *"-D publish payload-format-indicator 1 -D publish user-property c d".split())

    def test_tracing(self):
        for qos in "012":
            self.same("pub", "-t", "x", "-m", "y", "-q", qos, "-d")
            self.same("pub", "-t", "x", "-m", "y", "-q", qos, "-d", "-i", "me", "-V", "31")
        self.same("pub", "-t", "x", "-n", "-r", "-d")

    def test_url(self):
        self.same_message("-t", "q", "-m", "u", "-L", f"mqtt://u:p@127.0.0.1:{self.broker.port}/p/url")

    def test_will(self):
        theirs, ours = ("--will-topic", "w", "--will-payload", "p", "--will-qos", "1", "--will-retain"), ("-t", "x", "-m", "y")
        self.same("pub", *ours, *theirs)


class Refusing(Case):
    """Command lines that make no sense, and servers that say no. The usage hints may differ in empty lines."""

    def same_error(self, name, *arguments):
        theirs, ours = (run(who, name, self.broker.port, list(arguments)) for who in (False, True))
        first = lambda text: text.splitlines()[:1]
        self.assertEqual(first(ours[1]), first(theirs[1]), arguments)
        self.assertEqual(ours[2], theirs[2], arguments)
        self.assertEqual(ours[2], 1, arguments)

    def test_pub(self):
        base = ["-t", "x", "-m", "y"]
        for more in (["-q", "3"], ["-p", "70000"], ["-V", "7"], ["-n"], ["-i", "a", "-I", "b"], ["-c"], ["-k", "3"],
                     ["--will-payload", "z"], ["--will-retain"], ["--will-topic", "a/#"], ["-L", "http://x/y"],
                     ["-D", "publish", "foo", "bar"], ["-D", "connect", "topic-alias", "1"], ["-D", "frob", "x", "y"],
                     ["-D", "publish", "topic-alias", "70000"], ["-D", "publish", "user-property", "a"],
                     ["--repeat", "0"], ["--repeat-delay", "-1"], ["-x", "abc"], ["-x", "-2"], ["--foo"], ["-C", "1"]):
            self.same_error("pub", *base, *more)
        self.same_error("pub", "-t", "a/#", "-m", "x")
        self.same_error("pub", "-t", "x")
        self.same_error("pub", "-t", "x", "-s")

    def test_sub(self):
        self.same_error("sub")
        self.same_error("sub", "-t", "a/#/b")
        for more in (["-C", "0"], ["-W", "0"], ["-T", "#/a"], ["-c"], ["-F", "%"], ["-F", "%Q"], ["-F", "@"], ["-F", "\\"],
                     ["-F", "\\q"], ["-F", "%5"], ["--random-filter", "0"], ["--repeat", "3"]):
            self.same_error("sub", "-t", "x", *more)

    def test_nobody_listens(self):
        port = free_port()
        for name, arguments in (("pub", ["-t", "x", "-m", "y"]), ("sub", ["-t", "x"])):
            ours, theirs = (run(who, name, port, arguments) for who in (True, False))
            self.assertEqual(ours, theirs)
            self.assertEqual(run(True, name, port, arguments + ["--quiet"])[1:], (b"", 1))

    def test_not_authorized(self):
        broker = Broker("allow_anonymous false\n")
        self.addCleanup(broker.close)
        for version in ("31", "311", "5"):
            theirs, ours = (run(who, "sub", broker.port, ["-t", "x", "-V", version]) for who in (False, True))
            self.assertEqual(ours, theirs, version)

    def test_what_is_not_here_is_named(self):
        for flag in ("--cafile", "--psk", "--proxy", "-S", "-A", "--tls-version"):
            ours = run(True, "pub", self.broker.port, ["-t", "x", "-m", "y", flag, "z"])
            self.assertEqual(ours[2], 2, flag)
            self.assertIn(b"Error: ", ours[1])


if __name__ == "__main__":
    NIGHTJAR = sys.argv.pop(1)
    unittest.main()
