"""Runs the client examples against a broker on port 1883 of an address of their own.

    test_client.py BROKER PUBLISH SUBSCRIBE REQUEST [CLIENT_COROUTINE]
"""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

# The examples know no port but 1883: so the broker gets an address that nobody else uses.
ADDRESS = f"127.{os.getpid() >> 16 & 127 | 64}.{os.getpid() >> 8 & 255}.{os.getpid() & 255 or 1}"


def start(*command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wait_for_broker():
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex((ADDRESS, 1883)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit("the broker does not listen")


def expect(what, wanted):
    if what != wanted:
        raise SystemExit(f"wanted {wanted!r}, got {what!r}")


def run(programs):
    publish, subscribe, request = programs[:3]
    listening = start(subscribe, ADDRESS, "a/#")
    line = ""
    while not line:  # until the subscription is there
        subprocess.run([publish, ADDRESS, "a/b", "hello"], check=True, timeout=20)
        os.set_blocking(listening.stdout.fileno(), False)
        time.sleep(0.1)
        line = listening.stdout.readline()
    expect(line, "a/b hello\n")
    listening.kill()

    answering = start(request, ADDRESS, "ask")
    expect(answering.stdout.readline(), "ready\n")
    said = subprocess.run([request, ADDRESS, "ask", "who?"], capture_output=True, text=True, timeout=20)
    expect((said.returncode, said.stdout), (0, "who?\n"))
    answering.kill()

    for coroutine in programs[3:]:
        said = subprocess.run([coroutine, ADDRESS, "c/d", "1"], capture_output=True, text=True, timeout=20)
        expect((said.returncode, said.stdout), (0, "c/d hello\ndisconnected\n"))


def main():
    broker, *programs = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        conf = pathlib.Path(folder) / "conf"
        conf.write_text(f"listener 1883 {ADDRESS}\nallow_anonymous true\n", encoding="utf-8")
        server = subprocess.Popen([broker, "serve", "-c", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for_broker()
            run(programs)
        finally:
            server.kill()
            server.wait()


main()
