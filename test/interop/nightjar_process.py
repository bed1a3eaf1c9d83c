"""A broker in a process of its own, on ports that were free: started, watched, stopped.

The environment says which one: NIGHTJAR (the program), NIGHTJAR_ENGINE and NIGHTJAR_WORKERS.
"""

import collections
import mmap
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

PATIENCE_S = 20  # for what takes milliseconds on a machine that is not overloaded
LOG_LINES = 60
LISTENING = re.compile(r"Listening on 127\.0\.0\.1:(\d+)\.")
RUNNING = re.compile(r"nightjar version \S+ running")


def is_sanitized():
    """Whether the program has a sanitizer's allocator, which keeps what was freed."""
    with open(os.environ["NIGHTJAR"], "rb") as program, mmap.mmap(program.fileno(), 0, access=mmap.ACCESS_READ) as all_of_it:
        return any(all_of_it.find(name) >= 0 for name in (b"libasan.so", b"libtsan.so"))


def engine():
    return os.environ.get("NIGHTJAR_ENGINE", "auto")


def workers():
    return int(os.environ.get("NIGHTJAR_WORKERS", "1"))


def free_ports(count):
    """Ports that nobody listens on now, for configurations that have to name theirs."""
    plugs = [socket.socket() for _ in range(count)]
    try:
        for one in plugs:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in plugs]
    finally:
        for one in plugs:
            one.close()


class nightjar:
    """`nightjar serve` with these options. `lines` are a configuration; without any, -o does it all."""

    def __init__(self, options=None, lines=None):
        self.host, self.port = "127.0.0.1", None
        self.folder = tempfile.TemporaryDirectory(prefix="nightjar-")
        self.log = collections.deque(maxlen=LOG_LINES)
        self.ready, self.started = threading.Event(), False
        wanted = {"engine": engine(), "workers": workers(), **(options or {})}
        call = [os.environ["NIGHTJAR"], "serve"]
        if lines is None:
            wanted.setdefault("allow_anonymous", "true")
            call += ["-p", "0"]
        else:
            call += ["-c", self.write("nightjar.conf", "\n".join(lines) + "\n")]
        for name, value in wanted.items():
            call += ["-o", f"{name}={value}"]
        self.process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()
        if not self.ready.wait(PATIENCE_S) or not self.started:
            self.stop(signal.SIGKILL)
            raise RuntimeError("the broker did not start:\n" + self.tail())

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read_log(self):
        for line in self.process.stdout:
            self.log.append(line.rstrip())
            found = LISTENING.search(line)
            if found and self.port is None:
                self.port = int(found.group(1))
            if RUNNING.search(line):
                self.started = True
                self.ready.set()
        self.ready.set()  # the end of the log is an answer too

    def tail(self):
        return "\n".join(self.log)

    def is_running(self):
        return self.process.poll() is None

    def stop(self, by=signal.SIGTERM):
        """Sends the signal and returns the exit code; a broker that does not stop is killed and a failure."""
        if self.is_running():
            self.process.send_signal(by)
        try:
            code = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = "the broker did not stop"
        self.reader.join(PATIENCE_S)
        self.process.stdout.close()
        self.folder.cleanup()
        return code


class shared_brokers:
    """One broker per set of options, alive until all tests are over."""

    def __init__(self):
        self.running = {}

    def get(self, options):
        key = tuple(sorted(options.items()))
        if key not in self.running or not self.running[key].is_running():
            self.running[key] = nightjar(options)
        return self.running[key]

    def stop(self):
        """What went wrong while stopping, as sentences."""
        codes = [(dict(key), one.stop(), one) for key, one in self.running.items()]
        self.running.clear()
        return [f"the broker with {key} ended with {code}:\n{one.tail()}" for key, code, one in codes if code != 0]


def eventually(condition, what, patience_s=PATIENCE_S):
    """Waits for a condition that no event announces."""
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"in vain: {what}")
        time.sleep(0.01)
