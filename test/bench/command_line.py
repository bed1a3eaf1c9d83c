#!/usr/bin/env python3
"""`nightjar bench` from outside: help, wrong flags, the keys of its JSON, its page, its progress.

    command_line.py PATH-OF-NIGHTJAR
"""
import contextlib
import html.parser
import json
import os
import pathlib
import pty
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

NIGHTJAR = sys.argv.pop(1) if len(sys.argv) > 1 else "nightjar"
SCENARIOS = ["connect", "publish", "subscribe", "pairs", "fanout", "fanin", "wildcards", "latency", "idle", "background"]
# small enough to take no time
SMALL = {"wildcards": ["-S", "400", "-n", "8", "--publishers", "4", "--topics", "40"], "idle": ["-n", "20"],
         "fanout": ["-n", "5"], "background": ["-S", "100", "-n", "4"], "latency": ["-n", "4", "-r", "2000"]}
SHORT = ["--seconds", "0.3", "--warmup", "0.1"]
COST = {"broker_cpu_share", "client_cpu_share", "wall_s"}
LATENCY = {f"latency_{name}_us" for name in ("mean", "p50", "p90", "p99", "p999", "max")}


def bench(*arguments):
    return subprocess.run([NIGHTJAR, "bench", *map(str, arguments)], capture_output=True, text=True, timeout=60)


@contextlib.contextmanager
def broker():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([NIGHTJAR, "serve", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(10)


def of(scenario):
    """The words of a short run, without where the broker is."""
    return [scenario, *SMALL.get(scenario, ["-n", "4"]), *([] if scenario == "idle" else SHORT)]


class Help(unittest.TestCase):
    def test_lists_every_scenario(self):
        said = bench("--help")
        self.assertEqual(said.returncode, 0)
        for scenario in SCENARIOS:
            self.assertRegex(said.stdout, rf"(?m)^  {scenario} +[A-Z]")

    def test_of_each_scenario_names_its_options(self):
        for scenario in SCENARIOS:
            said = bench(scenario, "--help")
            self.assertEqual(said.returncode, 0, scenario)
            for option in ("--host", "--port", "--protocol-version", "--pid", "--json", "--html", "--quiet"):
                self.assertIn(option, said.stdout, scenario)


class WrongFlags(unittest.TestCase):
    def refuses(self, *words, sentence):
        said = bench(*words)
        self.assertEqual(said.returncode, 2, said)
        self.assertIn(sentence, said.stderr)
        self.assertEqual(said.stdout, "")

    def test_each_has_a_sentence(self):
        self.refuses(sentence="Usage: nightjar bench SCENARIO")
        self.refuses("pears", sentence='no scenario "pears"')
        self.refuses("pairs", "--colour", "red", sentence="--colour")
        self.refuses("pairs", "--qos", 3, sentence="--qos: Value 3 not in range 0 to 2")
        self.refuses("pairs", "--size", 8, sentence="--size: Value 8 not in range 16 to 1048576")
        self.refuses("pairs", "--rate", 5, "--inflight", 2, sentence="excludes")
        self.refuses("pairs", "--spin", sentence="--spin: needs --rate")
        self.refuses("pairs", "--host", "no.such.host.invalid", sentence="no.such.host.invalid")
        self.refuses("wildcards", "--subscribers", 5, sentence="multiple of 4")
        self.refuses("wildcards", "--topics", 3, sentence="--topics")

    def test_the_page_is_opened_before_the_run(self):
        said = bench("pairs", "--html", "/nowhere/page.html", "-p", 1)
        self.assertEqual(said.returncode, 1)
        self.assertIn("cannot write /nowhere/page.html: No such file", said.stderr)

    def test_nobody_listens(self):
        said = bench("pairs", "-p", 1)
        self.assertEqual(said.returncode, 1)
        self.assertIn("Connection refused", said.stderr)


class Page(html.parser.HTMLParser):
    """Collects what a page refers to."""

    def __init__(self, text):
        super().__init__()
        self.references = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.references += [(tag, name, value) for name, value in attributes if name in ("src", "href", "srcset", "xlink:href")]
        if tag in ("script", "link", "iframe", "img"):
            self.references.append((tag, "", ""))


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = contextlib.ExitStack()
        cls.pid, cls.port = cls.running.enter_context(broker())

    @classmethod
    def tearDownClass(cls):
        cls.running.close()

    def report(self, *words):
        said = bench(*words, "--json", "--quiet", "--pid", self.pid, "-p", self.port)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertEqual(said.stderr, "")
        return json.loads(said.stdout)

    def test_keys_of_each_scenario(self):
        units = {"connect": "connection", "subscribe": "operation"}
        for scenario in SCENARIOS:
            found = self.report(*of(scenario))
            self.assertEqual(found["scenario"], scenario)
            self.assertIn("protocol_version", found["settings"])
            if scenario == "idle":
                wanted = {"connections", "connect_s", "bytes_per_connection"}
            else:
                unit = units.get(scenario, "message")
                wanted = COST | {f"{unit}s_per_s", f"broker_cpu_us_per_{unit}", f"client_cpu_us_per_{unit}"}
                self.assertGreater(found["samples"][-1]["count"], 0, scenario)
                self.assertAlmostEqual(found["samples"][-1]["at_s"], found["wall_s"], places=2)
            if scenario not in ("idle", "publish"):
                wanted |= LATENCY
                self.assertGreater(sum(count for _, count in found["latency_buckets"]), 0, scenario)
            if unit_is_message(scenario):
                wanted |= {"checked", "lost"}
                self.assertEqual(found["lost"], 0, scenario)
            self.assertLessEqual(wanted, found.keys(), scenario)

    def test_every_quality_and_version(self):
        for scenario in ("publish", "pairs", "fanout", "fanin", "wildcards", "latency"):
            for level in (0, 1, 2):
                for version in ("3.1.1", "5"):
                    found = self.report(*of(scenario)[:-4], "--seconds", 0.1, "--warmup", 0, "-q", level, "-V", version)
                    self.assertEqual(found["lost"], 0, (scenario, level, version))
                    self.assertEqual(found["settings"]["qos"], level)

    def test_a_run_by_count(self):
        found = self.report("pairs", "-n", 2, "--messages", 1000, "--warmup", 0)
        self.assertGreaterEqual(found["delivered"], 1000)

    def test_an_open_loop_keeps_its_rate(self):
        found = self.report("latency", "-n", 4, "-r", 2000, "--seconds", 1, "--warmup", 0.1)
        due = sum(count for _, count in found["latency_buckets"])  # on a busy machine too, because it counts when it was due
        self.assertAlmostEqual(due, 2000 * found["wall_s"], delta=20)
        self.assertIn("lateness_p99_us", found)

    def test_a_load_that_waits_costs_little(self):
        found = self.report("latency", "-n", 2, "-r", 50, "--seconds", 2, "--warmup", 0)
        self.assertLess(found["client_cpu_share"], 0.1)

    def test_percentiles_grow(self):
        found = self.report(*of("pairs"))
        values = [found[f"latency_{name}_us"] for name in ("p50", "p90", "p99", "p999", "max")]
        self.assertEqual(values, sorted(values))
        self.assertGreater(values[0], 0)

    def test_the_summary_is_for_people(self):
        said = bench(*of("pairs"), "--quiet", "-p", self.port)
        self.assertEqual(said.stderr, "")
        self.assertRegex(said.stdout, r"^pairs: 4 publishers, 4 subscribers, QoS 0, 64 bytes, MQTT 3.1.1, 64 under way each\n")
        self.assertRegex(said.stdout, r"  latency +p50 \S+ \S+ +p90 .* p99.9 .* max ")

    def test_the_page_stands_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            for scenario in SCENARIOS:
                path = pathlib.Path(folder) / f"{scenario}.html"
                said = bench(*of(scenario), "--quiet", "--html", path, "--pid", self.pid, "-p", self.port)
                self.assertEqual(said.returncode, 0, said.stderr)
                text = path.read_text(encoding="utf-8")
                xml.etree.ElementTree.fromstring(text)  # well-formed
                self.assertEqual(Page(text).references, [])
                self.assertNotRegex(text, r"https?:|url\(|@import")
                plots = {"idle": 0, "publish": 2}.get(scenario, 3)
                self.assertEqual(text.count("<svg"), plots, scenario)
                self.assertNotRegex(text, r"\b(nan|inf)\b")

    def test_progress_in_a_file_is_lines(self):
        said = bench("pairs", "-n", 2, "--seconds", 2.5, "--warmup", 0, "-p", self.port)
        lines = said.stderr.splitlines()
        self.assertGreaterEqual(len([line for line in lines if re.search(r"messages/s  load \d+ %  p99", line)]), 2, lines)
        self.assertNotIn("\r", said.stderr)

    def test_progress_on_a_terminal_is_one_line(self):
        ours, theirs = pty.openpty()
        run = subprocess.Popen([NIGHTJAR, "bench", "pairs", "-n", "2", "--seconds", "1", "--warmup", "0", "-p", str(self.port)],
                               stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        said = b""
        with contextlib.suppress(OSError):  # the end of a terminal
            while chunk := os.read(ours, 4096):
                said += chunk
        run.wait(10)
        self.assertNotIn(b"\n", said)
        self.assertGreaterEqual(said.count(b"messages/s"), 3)
        self.assertTrue(said.endswith(b"\r\x1b[K"), said[-40:])


def unit_is_message(scenario):
    return scenario not in ("connect", "subscribe", "idle")


if __name__ == "__main__":
    unittest.main()
