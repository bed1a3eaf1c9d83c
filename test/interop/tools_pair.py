"""The same command line to one of Mosquitto's tools and to ours, against one broker; what they say must be the same.

The environment says which program is ours (NIGHTJAR) and which broker serves both (NIGHTJAR_TOOLS_BROKER: mosquitto,
or an engine of `nightjar serve`, on which our tools run as well).
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import nightjar_process

NIGHTJAR = os.environ.get("NIGHTJAR", "nightjar")
BROKER = os.environ.get("NIGHTJAR_TOOLS_BROKER", "mosquitto")
MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
PATIENCE_S = 30

# No options file of whoever runs the tests.
ENVIRONMENT = {**os.environ, "XDG_CONFIG_HOME": "/nonexistent", "TZ": "UTC"}


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


class mosquitto:
    def __init__(self, anonymous=True):
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o777)  # the broker gives up being root before it makes its socket
        self.port = free_port()
        self.path = os.path.join(self.folder.name, "socket")
        conf = pathlib.Path(self.folder.name, "conf")
        allowed = f"allow_anonymous {str(anonymous).lower()}\n"
        conf.write_text(f"{allowed}listener {self.port} 127.0.0.1\nlistener 0 {self.path}\n")
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class nightjar:
    def __init__(self, anonymous=True):
        allowed = {"engine": BROKER, "allow_anonymous": str(anonymous).lower()}
        self.broker = nightjar_process.nightjar(allowed)
        self.port, self.path = self.broker.port, None

    def close(self):
        self.broker.stop()


def start_broker(**how):
    return mosquitto(**how) if BROKER == "mosquitto" else nightjar(**how)


def program(ours, name):
    if not ours:
        return [f"mosquitto_{name}"]
    return [NIGHTJAR, name] + ([] if BROKER == "mosquitto" else ["--engine", BROKER])


def call(ours, name, arguments, data=b"", environment=None, timeout=PATIENCE_S):
    """What it printed, what it complained of, its exit code (negative: the signal that ended it)."""
    done = subprocess.run(program(ours, name) + list(arguments), input=data, capture_output=True, timeout=timeout,
                          env={**ENVIRONMENT, **(environment or {})})
    return done.stdout, done.stderr, done.returncode


def start(command, **how):
    """A program whose output is read while it runs. Unbuffered: communicate() would lose what readline() read ahead."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0, env=ENVIRONMENT, **how)


def await_line(running, part):
    """Reads the standard output up to the line that holds `part`; returns what came before it."""
    before = b""
    while True:
        line = running.stdout.readline()
        if part in line:
            return before
        before += line
        if not line:
            raise AssertionError(f"it ended before it said {part}")


def without_time(text):
    """What no two runs share: time stamps, made-up client identifiers, seconds that have passed of an expiry interval."""
    text = re.sub(rb'"tst":(\s*)"[^"]*"', rb'"tst":\1"T"', text)
    text = re.sub(rb"Client (?!\(null\)|me )\S+ (sending|received)", rb"Client X \1", text)
    return re.sub(rb'"message-expiry-interval":(\s*)9\d\d', rb'"message-expiry-interval":\1E', text)


def as_theirs(text):
    return text.replace(b"nightjar ", b"mosquitto_")


class case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = start_broker()

    @classmethod
    def tearDownClass(cls):
        cls.broker.close()

    def at(self, *arguments):
        return ["-p", str(self.broker.port), "-h", "127.0.0.1", *arguments]

    def publish(self, *arguments, data=b""):
        out = call(False, "pub", self.at(*arguments), data)
        self.assertEqual(out[2], 0, out)

    def same(self, name, *arguments, data=b"", errors=True, environment=None):
        """Runs both and returns what ours answered."""
        theirs, ours = (call(who, name, self.at(*arguments), data, environment) for who in (False, True))
        self.assertEqual(without_time(ours[0]), without_time(theirs[0]), arguments)
        if errors:
            self.assertEqual(as_theirs(ours[1]), theirs[1], arguments)
        self.assertEqual(ours[2], theirs[2], arguments)
        return ours

    def same_error(self, name, *arguments, environment=None):
        """The first line of what they complain of; the usage hints differ in empty lines."""
        theirs, ours = (call(who, name, self.at(*arguments), environment=environment) for who in (False, True))
        self.assertEqual(as_theirs(ours[1]).splitlines()[:1], theirs[1].splitlines()[:1], arguments)
        self.assertEqual((ours[2], theirs[2]), (1, 1), arguments)
