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


def on_processors(numbers):
    """The front of a command line that pins it, where there are two processors to tell apart."""
    return ["taskset", "-c", numbers] if len(os.sched_getaffinity(0)) > 1 and shutil.which("taskset") else []


def derive(figures, workers):
    """Adds what follows from the figures of a load that shared its processors with the broker.

    A broker with w workers has w processors where it does not share them with the load. What it delivered per second of its
    processor time, times w, is what it would deliver there with all of them busy. That leaves out time in which a processor
    was idle, since one load in a closed loop cannot keep three threads busy on two processors; messages/s show it.
    """
    if "broker_cpu_us_per_message" not in figures:
        return
    figures["messages_per_broker_s"] = 1e6 / figures["broker_cpu_us_per_message"]
    figures["scaled_messages_per_s"] = figures["messages_per_broker_s"] * workers


class Servers:
    LABELS = {"mosquitto": "Mosquitto", "nightjar-epoll": "Nightjar, epoll", "nightjar-io_uring": "Nightjar, io_uring",
              "floor": "floor (no MQTT)"}

    def __init__(self, build):
        self.nightjar = build / "nightjar"
        self.floor = build / "nightjar_floor"
        for program in (self.nightjar, self.floor):
            if not program.exists():
                raise SystemExit(f"bench/run: {program} is not built; `make bench` builds it, or name its folder with --build")

    def command(self, server, workers, port, folder):
        if server == "floor":
            return [str(self.floor), str(port)]
        config = pathlib.Path(folder) / "broker.conf"
        text = COMMON.format(port=port)
        if server.startswith("nightjar-"):
            text += f"workers {workers}\nmax_subscriptions_per_client 0\nengine {server.removeprefix('nightjar-')}\n"
        config.write_text(text)
        if server == "mosquitto":
            if not MOSQUITTO:
                raise Trouble("there is no mosquitto here; `make deps-bench` installs it")
            return [MOSQUITTO, "-c", str(config)]
        return [str(self.nightjar), "serve", "-c", str(config)]

    @contextlib.contextmanager
    def running(self, server, workers=1, processors="0"):
        """Yields (process id, port) of a fresh server that accepts connections."""
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)  # Mosquitto started by root reads its file as another user
            port = free_port()
            process = subprocess.Popen(on_processors(processors) + self.command(server, workers, port, folder),
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

    def measure(self, column, arguments):
        """The figures of one load against a fresh server, as `nightjar bench --json` prints them, and what follows."""
        server, workers, shared = column["server"], column.get("workers", 1), column.get("shared", False)
        with self.running(server, workers, "0,1" if shared else "0") as (pid, port):
            figures = self.load(server, arguments, pid, port, "0,1" if shared else "1")
        derive(figures, workers)
        return figures

    def load(self, server, arguments, pid, port, processors="1"):
        """The figures of one load against a server that runs."""
        load = on_processors(processors)
        load += [str(self.nightjar), "bench", *arguments, "--json", "--quiet", "--pid", str(pid), "-p", str(port)]
        done = subprocess.run(load, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise Trouble(f"{server}: {' '.join(arguments)}: {done.stderr.strip()}")
        return json.loads(done.stdout)
