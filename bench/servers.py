"""Starts the servers that are measured, one at a time, and the load against them."""
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import os

MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")

# The same file for both brokers: Mosquitto's own limits would otherwise throttle or drop.
COMMON = """listener {port} 127.0.0.1
allow_anonymous true
log_type none
max_queued_messages 0
max_inflight_messages 0
set_tcp_nodelay true
"""


class Trouble(Exception):
    """A sentence for the user: what could not be measured, and why."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on_processor(number):
    """The front of a command line that pins it, where there are two processors to tell apart."""
    return ["taskset", "-c", str(number)] if len(os.sched_getaffinity(0)) > 1 and shutil.which("taskset") else []


class Servers:
    LABELS = {"mosquitto": "Mosquitto", "nightjar-epoll": "Nightjar, epoll", "nightjar-io_uring": "Nightjar, io_uring",
              "floor": "floor (no MQTT)"}

    def __init__(self, build):
        self.nightjar = build / "nightjar"
        self.floor = build / "nightjar_floor"
        for program in (self.nightjar, self.floor):
            if not program.exists():
                raise SystemExit(f"bench/run: {program} is not built; `make bench` builds it, or name its folder with --build")

    def command(self, server, port, folder):
        if server == "floor":
            return [str(self.floor), str(port)]
        config = pathlib.Path(folder) / "broker.conf"
        text = COMMON.format(port=port)
        if server.startswith("nightjar-"):
            text += f"workers 1\nengine {server.removeprefix('nightjar-')}\n"
        config.write_text(text)
        if server == "mosquitto":
            if not MOSQUITTO:
                raise Trouble("there is no mosquitto here; `make deps-bench` installs it")
            return [MOSQUITTO, "-c", str(config)]
        return [str(self.nightjar), "serve", "-c", str(config)]

    @contextlib.contextmanager
    def running(self, server):
        """Yields (process id, port) of a fresh server that accepts connections."""
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)  # Mosquitto started by root reads its file as another user
            port = free_port()
            process = subprocess.Popen(on_processor(0) + self.command(server, port, folder),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            try:
                self.wait_for(process, server, port)
                yield process.pid, port
            finally:
                process.terminate()
                try:
                    process.communicate(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()

    @staticmethod
    def wait_for(process, server, port):
        limit = time.monotonic() + 10
        while time.monotonic() < limit:
            if process.poll() is not None:
                raise Trouble(f"{server} ended with code {process.returncode}: {process.stderr.read().strip()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                time.sleep(0.2)  # so that what it still does after start-up is not measured
                return
            time.sleep(0.02)
        raise Trouble(f"{server} does not accept connections on port {port}")

    def measure(self, server, arguments):
        """The figures of one load against a fresh server, as `nightjar bench --json` prints them."""
        with self.running(server) as (pid, port):
            load = on_processor(1) + [str(self.nightjar), "bench", *arguments, "--json", "--pid", str(pid), "-p", str(port)]
            done = subprocess.run(load, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise Trouble(f"{server}: {' '.join(arguments)}: {done.stderr.strip()}")
        return json.loads(done.stdout)
