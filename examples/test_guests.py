"""Runs the guests together: the broker inside libevent's loop, the clients inside libuv's, Asio's and a loop of poll(2).

    test_guests.py GUEST_LIBUV GUEST_LIBEVENT GUEST_ASIO GUEST_POLL
"""
import os
import signal
import subprocess
import sys
import time

# The examples know no port but 1883: so the broker gets an address that nobody else uses.
ADDRESS = f"127.{os.getpid() >> 16 & 127 | 64}.{os.getpid() >> 8 & 255}.{os.getpid() & 255 or 1}"
PATIENCE_S = 20


def expect(what, wanted):
    if what != wanted:
        raise SystemExit(f"wanted {wanted!r}, got {what!r}")


def start(*command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run(libuv, asio, poll):
    # libuv's timer publishes, and what it says comes back; it ends by itself.
    said = subprocess.run([libuv, ADDRESS, "time", "3"], capture_output=True, text=True, timeout=PATIENCE_S)
    expect((said.returncode, len(said.stdout.split())), (0, 3))

    # A guest that has nothing to do costs nothing, and hears at once what comes.
    hearing = start(asio, ADDRESS, "typed", "2")
    time.sleep(1)
    ticks = sum(int(part) for part in open(f"/proc/{hearing.pid}/stat").read().rpartition(")")[2].split()[11:13])
    if ticks > 20:  # hundredths of a second
        raise SystemExit(f"the idle guest used {ticks / 100} s of processor time")
    typing = start(poll, ADDRESS, "typed")
    typing.communicate("first\nsecond\n", timeout=PATIENCE_S)
    expect(typing.returncode, 0)
    expect(hearing.communicate(timeout=PATIENCE_S)[0], "first\nsecond\n")
    expect(hearing.returncode, 0)


def main():
    libuv, libevent, asio, poll = sys.argv[1:]
    broker = start(libevent, ADDRESS)
    try:
        expect(broker.stdout.readline(), "listening\n")
        run(libuv, asio, poll)
        broker.send_signal(signal.SIGTERM)
        expect(broker.wait(PATIENCE_S), 0)
    finally:
        broker.kill()
        broker.wait()


main()
