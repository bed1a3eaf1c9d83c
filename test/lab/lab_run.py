#!/usr/bin/env python3
"""`nightjar lab` from outside: a quick run beside the bare epoll loop, its files, its words; wrong flags; Ctrl-C.

    lab_run.py PATH-OF-NIGHTJAR
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

NIGHTJAR = sys.argv.pop(1) if len(sys.argv) > 1 else "nightjar"
QUICK = ["run", "--quick", "--engines", "epoll", "--models", "single", "--peers", "epoll"]
SLOW = ["run", "--engines", "epoll", "--models", "single", "--peers", "epoll", "--seconds", "60", "--connections", "1"]
FIGURES = {"seconds", "messages_per_s", "cpu_us_per_message", "cpu_share", "client_cpu_us_per_message", "client_cpu_share",
           "latency_p50_us", "latency_p99_us", "latency_p999_us", "latency_max_us"}

class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {**os.environ, "XDG_STATE_HOME": folder.name}

    def lab(self, *words):
        return subprocess.run([NIGHTJAR, "lab", *map(str, words)], capture_output=True, text=True, timeout=90,
                              env=self.environment)


def descendants(root):
    """Process ids below `root`."""
    parents = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found = [root]
    for one in found:
        found += [pid for pid, parent in parents.items() if parent == one]
    return found[1:]


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Run(Case):
    def test_measures_and_explains(self):
        page, data, notes = (self.folder / name for name in ("page.html", "data.json", "notes.md"))
        notes.write_text("before\n<!-- lab: begin -->\nold\n<!-- lab: end -->\nafter\n")
        said = self.lab(*QUICK, "--text", "--json", data, "--html", page, "--markdown", notes)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.check_json(json.loads(data.read_text()))
        self.check_page(page.read_text())
        self.check_notes(notes.read_text())
        self.assertRegex(said.stdout, r"(?m)^Aims\n  (met|missed) .* epoll: at most 1\.1 times bare epoll;")
        self.check_words(data)

    def check_json(self, made):
        cells = {(one["engine"], one["model"], one["load"]["connections"], one["load"]["inflight"]): one
                 for one in made["cells"]}
        self.assertEqual(len(cells), 8)
        for model in ("bare", "single"):
            for connections in (1, 20):
                for inflight in (1, 16):
                    rounds = cells["epoll", model, connections, inflight]["rounds"]
                    self.assertEqual(len(rounds), 1)
                    self.assertEqual(set(rounds[0]) & FIGURES, FIGURES, rounds)
                    self.assertGreater(rounds[0]["messages_per_s"], 0)
                    self.assertGreater(rounds[0]["cpu_us_per_message"], 0)
                    self.assertLessEqual(rounds[0]["latency_p50_us"], rounds[0]["latency_p99_us"])

    def check_page(self, text):
        root = xml.etree.ElementTree.fromstring(text.partition("\n")[2])
        self.assertEqual(len(list(root.iter("svg"))), 8)
        self.assertNotRegex(text, r"(?:src|href)=|https?://")

    def check_notes(self, text):
        self.assertTrue(text.startswith("before\n<!-- lab: begin -->\n") and text.endswith("<!-- lab: end -->\nafter\n"))
        self.assertNotIn("old", text)
        self.assertIn("| bare epoll |", text)

    def check_words(self, data):
        words = self.lab("explain", data)
        self.assertEqual(words.returncode, 0, words.stderr)
        self.assertIn("Beside programs on the plain library: epoll ", words.stdout)
        self.assertEqual(self.lab("explain").stdout, words.stdout)  # the last run

    def test_a_server_that_does_not_start_is_a_row(self):
        (self.folder / "peer_libuv").write_text("#!/bin/sh\necho no such luck >&2\nexit 5\n")
        (self.folder / "peer_libuv").chmod(0o755)
        said = self.lab("run", "--quick", "--engines", "epoll", "--models", "single", "--peers", "libuv,libevent",
                        "--connections", "1", "--inflight", "1", "--peers-folder", self.folder)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertRegex(said.stdout, r"(?m)^  plain libuv +ended with code 5: no such luck$")
        self.assertRegex(said.stdout, r"(?m)^not measured: peer libevent: there is no ")
        self.assertRegex(said.stdout, r"(?m)^  epoll, single +\d")


class Models(Case):
    def test_each_has_its_workers_counted(self):
        said = self.lab("run", "--quick", "--engines", "epoll", "--peers", "none", "--connections", "50", "--inflight", "1",
                        "--json", "-")
        self.assertEqual(said.returncode, 0, said.stderr)
        cells = json.loads(said.stdout)["cells"]
        self.assertEqual({one["model"] for one in cells},
                         {"single", "fork", "prefork", "cluster", "threads", "reuseport", "pool"})
        for one in cells:
            with self.subTest(one["model"]):
                figures = one["rounds"][0]
                self.assertNotIn("trouble", figures)
                self.assertIn("bytes_per_connection", figures)
                self.assertEqual("unfairness" in figures, one["model"] not in ("single", "fork"))
                if one["model"] == "cluster":  # round robin
                    self.assertLess(figures["unfairness"], 0.9)


class Interrupted(Case):
    def check(self, number):
        process = subprocess.Popen([NIGHTJAR, "lab", *SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=self.environment)
        try:
            children = []
            for _ in range(500):
                children = descendants(process.pid)
                if children:
                    break
                time.sleep(0.02)
            self.assertTrue(children)
            time.sleep(0.3)
            process.send_signal(number)
            _, complaints = process.communicate(timeout=20)
        finally:
            process.kill()
            process.wait()
        self.assertEqual(process.returncode, -number)
        self.assertIn("interrupted", complaints)
        self.assertFalse([pid for pid in children if is_alive(pid)])

    def test_ctrl_c_ends_the_servers_too(self):
        self.check(signal.SIGINT)

    def test_so_does_sigterm(self):
        self.check(signal.SIGTERM)


class WrongFlags(Case):
    def refuses(self, code, sentence, *words):
        said = self.lab(*words)
        self.assertEqual(said.returncode, code, said)
        self.assertIn(sentence, said.stderr)
        self.assertEqual(said.stdout, "")

    def test_each_has_a_sentence(self):
        self.refuses(2, "Usage: nightjar lab run")
        self.refuses(2, 'there is no "guess"', "guess")
        self.refuses(2, "--models", "run", "--models", "many")
        self.refuses(2, "--seconds", "run", "--seconds", "0")
        self.refuses(2, "under way", "run", "--sizes", "1000000", "--inflight", "4000")
        self.refuses(1, "cannot write", "run", "--quick", "--json", self.folder / "no" / "where.json")
        self.refuses(1, "no lines", "run", "--quick", "--markdown", self.folder / "nothing.md")
        self.refuses(1, "there was no run yet", "explain")
        self.refuses(1, "cannot read", "explain", self.folder / "none.json")
        (self.folder / "other.json").write_text("{}")
        self.refuses(1, "no result of", "explain", self.folder / "other.json")

    def test_help_lists_the_options(self):
        said = self.lab("run", "--help")
        self.assertEqual(said.returncode, 0)
        for option in ("--engines", "--models", "--peers", "--connections", "--sizes", "--inflight", "--separate", "--idle",
                       "--work", "--workers", "--rounds", "--seconds", "--warmup", "--text", "--json", "--html", "--quick"):
            self.assertIn(option, said.stdout)


if __name__ == "__main__":
    unittest.main()
