"""A `nightjar echo` of a test's own, and clients that check every byte of what comes back."""

import os
import re
import selectors
import signal
import socket
import subprocess
import threading
import time
import unittest

PATIENCE_S = 30
COUNTERS = re.compile(r"worker (?P<worker>\d+) pid (?P<pid>\d+) connections (?P<connections>\d+) accepted (?P<accepted>\d+) "
                      r"messages (?P<messages>\d+) in (?P<bytes_in>\d+) out (?P<bytes_out>\d+)$")
READY = re.compile(r"listening on (.+):(\d+) \(model (\w+), engine (\w+), (\d+) workers\)$")

# Every model, with its variants.
MODELS = {
    "single": ["--model", "single"],
    "fork_per_connection": ["--model", "fork", "--processes-max", "64"],
    "fork_per_core": ["--model", "fork", "--fork-per", "core", "--workers", "3"],
    "prefork_exclusive": ["--model", "prefork", "--workers", "3"],
    "prefork_mutex": ["--model", "prefork", "--accept", "mutex", "--workers", "3"],
    "cluster": ["--model", "cluster", "--workers", "3"],
    "threads": ["--model", "threads", "--workers", "3"],
    "reuseport_threads": ["--model", "reuseport", "--workers", "3"],
    "reuseport_processes": ["--model", "reuseport", "--processes", "--workers", "3"],
    "pool": ["--model", "pool", "--workers", "3"],
}
OF_PROCESSES = ["fork_per_core", "prefork_exclusive", "prefork_mutex", "cluster", "reuseport_processes"]


def eventually(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"in vain: {what}")
        time.sleep(0.01)


def pattern(size, seed=0):
    """Bytes in which each position can be told from its neighbours."""
    block = bytes((i * 131 + (i >> 8) * 7 + seed * 29) & 0xFF for i in range(65536))
    return (block * (size // len(block) + 1))[:size]


def processes_of(pid):
    """Its children."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(one) for one in file.read().split()]


def state_of(pid):
    """A letter: R runs, S sleeps, T was stopped. [proc(5)]"""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0]


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def last_wins(arguments):
    """Without a flag that comes again later, and its value."""
    kept = []
    for at, word in enumerate(arguments):
        if word.startswith("--") and word in arguments[at + 1:]:
            continue
        if at and not word.startswith("--") and arguments[at - 1] in arguments[at:]:
            continue
        kept.append(word)
    return kept


class server:
    """`lines` are what it printed on standard output, `notes` on standard error."""

    def __init__(self, arguments):
        self.lines, self.notes = [], []
        self.process = subprocess.Popen([os.environ["NIGHTJAR"], "echo", *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.readers = [threading.Thread(target=self.read, args=(pipe, target), daemon=True)
                        for pipe, target in ((self.process.stdout, self.lines), (self.process.stderr, self.notes))]
        for one in self.readers:
            one.start()

    @staticmethod
    def read(pipe, target):
        for line in pipe:
            target.append(line.rstrip("\n"))

    @property
    def pid(self):
        return self.process.pid

    def ready(self):
        eventually(lambda: self.lines or self.process.poll() is not None, f"ready; {self.notes}")
        found = READY.match(self.lines[0]) if self.lines else None
        if not found:
            raise AssertionError(f"not ready: {self.lines} {self.notes}")
        self.host, self.port = found[1].strip("[]"), int(found[2])
        self.model, self.engine, self.workers = found[3], found[4], int(found[5])
        return self

    def says(self, pattern_, times=1):
        wanted = re.compile(pattern_)
        eventually(lambda: sum(bool(wanted.search(one)) for one in list(self.notes)) >= times,
                   f"{times} × {pattern_} in {self.notes}")

    def signal(self, number):
        self.process.send_signal(number)

    def counters(self):
        """What USR1 prints, a dictionary per worker."""
        before = len(self.lines)
        self.signal(signal.SIGUSR1)
        eventually(lambda: len(self.lines) > before, "counters")
        time.sleep(0.05)
        return [{name: int(value) for name, value in COUNTERS.match(one).groupdict().items()}
                for one in self.lines[before:]]

    def total(self, name):
        return sum(one[name] for one in self.counters())

    def ended(self):
        """The exit code."""
        code = self.process.wait(PATIENCE_S)
        for one in self.readers:
            one.join(PATIENCE_S)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def stop(self):
        if self.process.stdout.closed:
            return
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            self.ended()
        except subprocess.TimeoutExpired:
            for child in processes_of(self.pid):
                os.kill(child, signal.SIGKILL)
            self.process.kill()
            raise


class client:
    """A blocking connection."""

    def __init__(self, at):
        self.socket = socket.create_connection((at.host, at.port), PATIENCE_S)

    def ask(self, what):
        """Sends it and reads as much."""
        sender = threading.Thread(target=self.socket.sendall, args=(what,)) if len(what) > 65536 else None
        if sender:
            sender.start()
        else:
            self.socket.sendall(what)
        got = self.read(len(what))
        if sender:
            sender.join(PATIENCE_S)
        return got

    def read(self, size):
        got = bytearray()
        while len(got) < size:
            more = self.socket.recv(min(size - len(got), 1 << 20))
            if not more:
                raise EOFError(f"after {len(got)} of {size}")
            got += more
        return bytes(got)

    def is_alive(self):
        try:
            return self.ask(b"alive?") == b"alive?"
        except (OSError, EOFError):
            return False

    def is_closed(self):
        """Whether the server ends it; waits for that."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def close(self):
        self.socket.close()


class crowd:
    """Many connections at once, each asking `rounds` times and checking each answer, until all are through. A connection
    that breaks counts in `broken` and is over."""

    def __init__(self, at, connections, rounds, size):
        self.selector = selectors.DefaultSelector()
        self.left, self.broken, self.wrong, self.rounds = connections, 0, 0, rounds
        self.answers = 0
        for number in range(connections):
            one = socket.create_connection((at.host, at.port), PATIENCE_S)
            one.setblocking(False)
            state = {"what": pattern(size + number % 7, number), "got": 0, "rest": rounds, "out": 0}
            self.selector.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, state)

    def run(self, during=None):
        end = time.monotonic() + PATIENCE_S * 2
        while self.left:
            if during:
                during(self)
            for key, events in self.selector.select(1):
                self.turn(key.fileobj, key.data, events)
            if time.monotonic() > end:
                raise AssertionError(f"{self.left} connections wait for answers")
        self.selector.close()
        return self

    def turn(self, one, state, events):
        try:
            if events & selectors.EVENT_WRITE:
                state["out"] += one.send(state["what"][state["out"]:])
                if state["out"] == len(state["what"]):
                    self.selector.modify(one, selectors.EVENT_READ, state)
            if events & selectors.EVENT_READ:
                self.read(one, state)
        except BlockingIOError:
            pass
        except (ConnectionError, EOFError):
            self.broken += 1
            self.end(one)

    def read(self, one, state):
        got = one.recv(65536)
        if not got:
            raise EOFError
        at = state["got"]
        self.wrong += got != state["what"][at:at + len(got)]
        state["got"] += len(got)
        if state["got"] < len(state["what"]):
            return
        self.answers += 1
        state["rest"] -= 1
        state["got"] = state["out"] = 0
        if state["rest"] == 0:
            return self.end(one)
        self.selector.modify(one, selectors.EVENT_READ | selectors.EVENT_WRITE, state)

    def end(self, one):
        self.left -= 1
        self.selector.unregister(one)
        one.close()


class echo_case(unittest.TestCase):
    def launch(self, *arguments):
        made = server(last_wins(["--port", "0", *map(str, arguments)]))
        self.addCleanup(made.stop)
        return made

    def serve(self, *arguments):
        return self.launch(*arguments).ready()

    def client(self, at):
        made = client(at)
        self.addCleanup(made.close)
        return made

    def spread(self, at, wanted, most=200):
        """A client on each of `wanted` workers: connects until each has at least one. Returns {worker: client}, as the
        counters tell them apart."""
        found = {}
        for _ in range(most):
            before = {one["worker"]: one["accepted"] for one in at.counters()}
            made = self.client(at)
            self.assertTrue(made.is_alive())
            for one in at.counters():
                if one["accepted"] > before.get(one["worker"], 0):
                    found.setdefault(one["worker"], made)
            if len(found) >= wanted:
                return found
        raise AssertionError(f"only the workers {sorted(found)} got a connection")
