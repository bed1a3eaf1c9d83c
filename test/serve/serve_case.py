"""A `nightjar serve` of a test's own: its configuration, its output line by line, its end."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from mqtt_peer import peer

PATIENCE_S = 20
WORKERS = 2


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"in vain: {what}")
        time.sleep(0.01)


class served:
    """A broker that runs, or has ended; `lines` are what it printed."""

    def __init__(self, arguments, port=None, **how):
        self.host, self.port, self.lines = "127.0.0.1", port, []
        self.process = subprocess.Popen([os.environ["NIGHTJAR"], "serve", *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace", **how)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def text(self):
        return "\n".join(self.lines)

    def says(self, pattern, times=1):
        """Waits for that many lines."""
        wanted = re.compile(pattern)
        eventually(lambda: sum(bool(wanted.search(one)) for one in list(self.lines)) >= times,
                   f"{times} × {pattern} in\n{self.text()}")
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def ended(self):
        """The exit code."""
        code = self.process.wait(PATIENCE_S)
        self.reader.join(PATIENCE_S)
        self.process.stdout.close()
        return code

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        if self.process.stdout.closed:
            return self.process.returncode
        try:
            return self.ended()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


class serve_case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="nightjar-serve-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.port = free_port()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, *lines, end="\n"):
        with open(self.path(name), "w", encoding="utf-8", newline="") as file:
            file.write("".join(one + end for one in lines))
        return self.path(name)

    def content(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()

    def configure(self, *lines, **how):
        return self.write("nightjar.conf", f"listener {self.port} 127.0.0.1", "allow_anonymous true",
                          f"workers {WORKERS}", *lines, **how)

    def start(self, *arguments, **how):
        made = served(arguments, self.port, **how)
        self.addCleanup(made.stop)
        return made

    def serve(self, *lines, **how):
        """A broker with these options that runs."""
        return self.start("-c", self.configure(*lines), **how).says("running: ")

    def refused(self, *arguments):
        """What a broker that does not start says; the exit code is checked."""
        made = self.start(*arguments)
        self.assertIn(made.ended(), (1, 2), made.text())
        return made.text()

    def peer(self, at, client_id=None, version=5, **how):
        made = peer(at, client_id, version, **how)
        self.addCleanup(made.close)
        return made
