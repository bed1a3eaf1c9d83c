"""HUP, USR2, and the end."""

import re
import signal
import time
import unittest

from mqtt_peer import mqtt
from serve_case import WORKERS, eventually, free_port, serve_case


class end(serve_case):
    def test_int_and_term_tell_everybody_and_end_in_time(self):
        for by in (signal.SIGINT, signal.SIGTERM):
            self.port = free_port()
            broker = self.serve()
            clients = [self.peer(broker) for _ in range(8)]
            stuck = self.peer(broker)  # never reads again
            stuck.subscribe("flood")
            for _ in range(200):
                clients[0].publish("flood", b"x" * 60_000)
            began = time.monotonic()
            broker.signal(by)
            for one in clients:
                self.assertEqual(0x8B, one.wait(mqtt.DISCONNECT).code)
            self.assertEqual(0, broker.ended())
            self.assertLess(time.monotonic() - began, 10)


class reload(serve_case):
    def again(self, broker, *lines, times=1):
        self.configure(*lines)
        broker.signal(signal.SIGHUP)
        return broker.says("Config reloaded from|nothing has changed", times)

    def test_limits_change_for_those_who_come_later(self):
        broker = self.serve("max_keepalive 100")
        before = self.peer(broker, "before")
        self.again(broker, "max_keepalive 50", "max_packet_size 1000", "max_topic_alias 3")
        after = self.peer(broker, "after", keep_alive=0)
        self.assertEqual(50, after.connack.prop["server_keep_alive"])
        self.assertEqual(1000, after.connack.prop["maximum_packet_size"])
        self.assertEqual(3, after.connack.prop["topic_alias_maximum"])
        before.publish("a", b"x" * 2000, 1)  # it was promised more
        after.send(mqtt.publish(5, "a", b"x" * 2000))
        self.assertEqual(0x95, after.wait(mqtt.DISCONNECT).code)

    def test_who_may_come_in_changes(self):
        broker = self.serve()
        before = self.peer(broker, "before")
        self.configure()
        self.write("nightjar.conf", f"listener {self.port} 127.0.0.1", f"workers {WORKERS}")
        broker.signal(signal.SIGHUP)
        broker.says("Config reloaded from")
        refused = self.peer(broker, "after")
        self.assertEqual(0x87, refused.connack.code)
        before.ping()
        self.again(broker, times=2)
        self.assertEqual(0, self.peer(broker, "again").connack.code)

    def test_the_log_changes(self):
        broker = self.serve("connection_messages false")
        self.peer(broker, "silent").ping()
        self.again(broker, f"log_dest file {self.path('log')}", "log_dest stderr", "log_type all")
        self.peer(broker, "heard").ping()
        eventually(lambda: "as heard" in self.content("log"), "the client's line")
        self.assertNotIn("silent", broker.text())

    def test_a_bad_file_changes_nothing(self):
        broker = self.serve("max_keepalive 100")
        self.again(broker, "max_keepalive 50", "max_keepalve 3")
        self.assertIn("nightjar.conf:5: max_keepalve: unknown option", broker.text())
        self.assertIn("nothing has changed", broker.text())
        self.assertEqual(100, self.peer(broker, keep_alive=0).connack.prop["server_keep_alive"])

    def test_what_takes_a_restart_is_named(self):
        broker = self.serve()
        self.write("nightjar.conf", f"listener {self.port} 127.0.0.1", f"listener {free_port()} 127.0.0.1",
                   "allow_anonymous true", "workers 5", f"pid_file {self.path('pid')}", "max_keepalive 50")
        broker.signal(signal.SIGHUP)
        broker.says("Config reloaded from")
        kept = set(re.findall(r"(\w+) has changed, but that takes a restart", broker.text()))
        self.assertEqual({"listener", "workers", "pid_file"}, kept)
        self.assertEqual(50, self.peer(broker, keep_alive=0).connack.prop["server_keep_alive"])

    def test_a_log_file_that_cannot_be_opened_leaves_the_log(self):
        broker = self.serve("max_keepalive 100")
        self.again(broker, f"log_dest file {self.path('no/such/log')}", "max_keepalive 50")
        self.assertIn("the log stays", broker.text())
        self.assertEqual(50, self.peer(broker, keep_alive=0).connack.prop["server_keep_alive"])

    def test_the_sys_interval_changes(self):
        broker = self.serve("sys_interval 0")
        listener = self.peer(broker)
        listener.subscribe("$SYS/broker/uptime")
        with self.assertRaises(TimeoutError):
            listener.message(patience_s=0.5)
        self.again(broker, "sys_interval 1")
        listener.messages(2)

    def test_without_a_file_there_is_nothing_to_read(self):
        broker = self.start("-p", str(self.port)).says("running: ")
        broker.signal(signal.SIGHUP)
        broker.says("no configuration file to read again")

    def test_many_in_a_row_under_load(self):
        broker = self.serve()
        clients = [self.peer(broker) for _ in range(6)]
        for one in clients:
            one.subscribe("load")
        for turn in range(20):
            self.configure(f"max_inflight_messages {turn + 1}", f"max_connections {100 + turn}")
            broker.signal(signal.SIGHUP)
            clients[turn % 6].publish("load", b"x", 1)
            self.peer(broker).leave()
        for one in clients:
            one.messages(20)
        broker.says("Config reloaded from")


class subscriptions(serve_case):
    def test_usr2_prints_who_is_subscribed_to_what(self):
        broker = self.serve()
        for name, filters in (("ann", [("a/b", 0), ("a/#", 1)]), ("bob", [("a/b", 2)])):
            self.peer(broker, name).subscribe(*filters)
        broker.signal(signal.SIGUSR2)
        broker.says("Subscriptions of worker", WORKERS)
        found = re.findall(r"(\w+) \(QoS (\d)\)", broker.text())
        self.assertEqual([("ann", "0"), ("ann", "1"), ("bob", "2")], sorted(found))
        self.assertRegex(broker.text(), r"  a/#: ann \(QoS 1\)")



if __name__ == "__main__":
    unittest.main()
