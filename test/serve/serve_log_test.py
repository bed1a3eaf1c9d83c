"""Where the lines go, what they look like, and what does not get into them."""

import json
import os
import re
import signal
import socket
import unittest

from serve_case import eventually, serve_case

ANY_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


class log(serve_case):
    def test_a_file_and_nothing_else(self):
        broker = self.start("-c", self.configure(f"log_dest file {self.path('log')}"))
        eventually(lambda: os.path.exists(self.path("log")) and "running: " in self.content("log"), "a log")
        self.peer(broker, "older", 4).leave()
        self.peer(broker, "filed").leave()
        eventually(lambda: "Client filed disconnected." in self.content("log"), "the client's end")
        broker.stop()
        self.assertEqual([], broker.lines)
        self.assertRegex(self.content("log"), r"(?m)^\d{10}: New client connected from 127\.0\.0\.1:\d+ as filed "
                                              r"\(p5, c1, k\d+\)\.$")
        self.assertRegex(self.content("log"), r"as older \(p2, c1,")

    def test_none(self):
        broker = self.start("-c", self.configure("log_dest none", f"pid_file {self.path('pid')}"))
        eventually(lambda: os.path.exists(self.path("pid")), "the start")
        self.assertEqual(0, broker.stop())
        self.assertEqual([], broker.lines)

    def test_stdout_is_not_stderr(self):
        broker = self.serve("log_dest stdout")
        broker.stop()
        self.assertIn("terminating", broker.text())

    def test_a_time_of_one_s_own(self):
        broker = self.serve("log_timestamp_format %Y-%m-%dT%H:%M:%S")
        self.assertRegex(broker.lines[-1], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d: nightjar version")
        broker.stop()
        bare = self.serve("log_timestamp false")
        self.assertTrue(bare.lines[-1].startswith("nightjar version"), bare.lines[-1])

    def test_types_are_chosen(self):
        broker = self.start("-c", self.configure("log_type subscribe", "log_type unsubscribe"))
        eventually(lambda: self.listens(), "the listener")
        client = self.peer(broker, "picky")
        client.subscribe(("a/#", 1))
        client.unsubscribe("a/#")
        broker.says("unsub|picky a/#", 1)
        broker.stop()
        self.assertEqual(["picky 1 a/#", "picky a/#"], [one.split(": ", 1)[1] for one in broker.lines])

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def test_clients_may_be_left_out(self):
        broker = self.serve("connection_messages false")
        self.peer(broker, "unsung").leave()
        self.peer(broker, "unsung").ping()
        broker.stop()
        self.assertNotIn("unsung", broker.text())

    def test_json_is_an_object_a_line(self):
        broker = self.serve("log_format json")
        self.peer(broker, 'quo"te').leave()
        broker.says("quo.*disconnected")
        broker.stop()
        lines = [json.loads(one) for one in broker.lines]
        for one in lines:
            self.assertRegex(one["time"], f"^{ANY_TIME}$")
            self.assertTrue(one["type"] and one["message"], one)
        found = [one for one in lines if one.get("client") == 'quo"te' and "connected from" in one["message"]]
        self.assertEqual(1, len(found), lines)
        self.assertEqual("notice", found[0]["type"])
        self.assertEqual(f"{self.port} 127.0.0.1", found[0]["listener"])
        self.assertRegex(found[0]["address"], r"^127\.0\.0\.1:\d+$")

    def test_json_says_why(self):
        broker = self.serve("log_format json", "log_timestamp false", "allow_zero_length_clientid false")
        self.assertEqual(2, self.peer(broker, "", 4).connack.code)
        broker.says('"reason"')
        broker.stop()
        lines = [json.loads(one) for one in broker.lines]
        self.assertFalse(any("time" in one for one in lines))
        self.assertTrue(any(one.get("reason") for one in lines))

    def test_a_client_cannot_forge_a_line(self):
        broker = self.serve("log_type all")
        forged = "evil\n9999999999: nightjar is hacked\r\x1b[31m\x7f\u0085"
        client = self.peer(broker, forged)
        client.subscribe(forged)
        client.leave()
        broker.says(r"Client evil\\x0a.* disconnected\.")
        broker.stop()
        for one in broker.lines:
            self.assertTrue(one.isprintable(), repr(one))
            self.assertFalse(one.startswith("9999999999"), one)

    def test_topics(self):
        broker = self.serve("log_dest stderr", "log_dest topic", "log_type all")
        listener = self.peer(broker, "reader")
        listener.subscribe("$SYS/broker/log/#")
        other = self.peer(broker, "other")
        other.subscribe("x")
        other.unsubscribe("x")
        wanted = {"$SYS/broker/log/N": b"other", "$SYS/broker/log/M/subscribe": b"other 0 x",
                  "$SYS/broker/log/M/unsubscribe": b"other x"}
        while wanted:
            found = listener.message()
            self.assertNotEqual("$SYS/broker/log/D", found.topic)
            self.assertRegex(found.payload.decode(), r"^\d{10}: ")
            if found.topic in wanted and wanted[found.topic] in found.payload:
                del wanted[found.topic]

    def test_usr1_opens_the_file_again(self):
        broker = self.start("-c", self.configure(f"log_dest file {self.path('log')}"))
        eventually(lambda: os.path.exists(self.path("log")) and "running: " in self.content("log"), "a log")
        os.rename(self.path("log"), self.path("log.1"))
        broker.signal(signal.SIGUSR1)
        eventually(lambda: os.path.exists(self.path("log")) and "opened again" in self.content("log"), "a new log")
        self.peer(broker, "later").ping()
        eventually(lambda: "later" in self.content("log"), "a line in the new log")
        self.assertNotIn("later", self.content("log.1"))

    def test_a_log_that_cannot_be_opened_again_stays(self):
        os.mkdir(self.path("d"))
        broker = self.serve(f"log_dest file {self.path('d/log')}", "log_dest stderr")
        os.rename(self.path("d"), self.path("e"))
        self.write("d")  # a file where the folder was
        broker.signal(signal.SIGUSR1)
        broker.says("cannot open the log file .* again: ")
        self.peer(broker, "still").ping()
        eventually(lambda: "still" in self.content("e/log"), "a line in the old log")

    def test_a_file_that_cannot_be_opened_stops_the_start(self):
        said = self.refused("-c", self.configure(f"log_dest file {self.path('no/such/log')}"))
        self.assertIn("cannot open the log file", said)
        self.assertIn("No such file or directory", said)

    @unittest.skipUnless(os.geteuid() == 0, "only root can put a syslog socket into place")
    @unittest.skipIf(os.path.exists("/dev/log"), "this machine has a syslog of its own")
    def test_syslog(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
            system.bind("/dev/log")
            self.addCleanup(os.unlink, "/dev/log")
            system.settimeout(20)
            broker = self.start("-c", self.configure("log_dest syslog", "log_facility 3"))
            first = system.recv(4096).decode()
            self.assertRegex(first, r"^<(\d+)>.*nightjar\[\d+\]: nightjar version")
            self.assertEqual(16 + 3, int(re.match(r"<(\d+)>", first).group(1)) >> 3)
            while "running: " not in first:
                first = system.recv(4096).decode()
            self.assertEqual(0, broker.stop())


if __name__ == "__main__":
    unittest.main()
