"""Listeners, files, users and the background."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import unittest

from serve_case import WORKERS, eventually, free_port, serve_case


class listeners(serve_case):
    def test_a_port_in_use_names_file_line_and_remedy(self):
        self.serve()
        said = self.refused("-c", self.write("second.conf", "", f"listener {self.port} 127.0.0.1",
                                             "allow_anonymous true", "log_dest file " + self.path("log")))
        self.assertIn(f"second.conf:2: cannot listen on 127.0.0.1:{self.port}: Address already in use; "
                      "another program listens there", said)

    def test_an_address_of_somebody_else_s(self):
        said = self.refused("-c", self.write("n.conf", f"listener {self.port} 192.0.2.1", "allow_anonymous true"))
        self.assertIn("n.conf:1: cannot listen on 192.0.2.1", said)
        self.assertIn("no interface of this machine has this address", said)

    def test_bind_interface(self):
        path = self.write("n.conf", f"listener {self.port}", "bind_interface lo", "allow_anonymous true")
        broker = self.start("-c", path).says("running: ").says(rf"Listening on 127\.0\.0\.1:{self.port}\.")
        self.assertNotIn("0.0.0.0", broker.text())
        self.peer(broker).ping()
        broker.stop()
        path = self.write("n.conf", f"listener {self.port}", "bind_interface nosuch0", "allow_anonymous true")
        self.assertIn("n.conf:1: bind_interface: there is no interface nosuch0", self.refused("-c", path))

    def test_socket_domain(self):
        path = self.write("n.conf", f"listener {self.port}", "socket_domain ipv4", "allow_anonymous true")
        broker = self.start("-c", path).says("running: ")
        self.assertEqual(1, broker.text().count("Listening on"))
        self.assertIn(f"Listening on 0.0.0.0:{self.port}.", broker.text())

    def test_each_listener_has_its_own_maximum(self):
        other = free_port()
        broker = self.start("-c", self.write(
            "n.conf", "allow_anonymous true", f"listener {self.port} 127.0.0.1", "max_connections 2",
            f"listener {other} 127.0.0.1")).says("running: ")
        first = [self.peer(broker), self.peer(broker)]
        with self.assertRaises(Exception):
            self.peer(broker)
        broker.port = other
        self.peer(broker).ping()
        broker.port = self.port
        first[0].leave()
        eventually(lambda: self.lets_in(broker), "room for another")

    def lets_in(self, broker):
        try:
            self.peer(broker).ping()
            return True
        except Exception:  # pylint: disable=broad-except
            return False


class unix_socket(serve_case):
    def doors(self, **how):
        path = self.path("socket")
        made = self.start("-c", self.write("n.conf", f"listener 0 {path}", "allow_anonymous true"), **how)
        made.port, made.path = None, path
        return made

    def test_it_is_made_for_owner_and_group_and_removed(self):
        broker = self.doors().says("running: ")
        self.assertEqual(0o660, stat.S_IMODE(os.stat(broker.path).st_mode))
        self.peer(broker).ping()
        self.assertEqual(0, broker.stop())
        self.assertFalse(os.path.exists(broker.path))

    def test_a_dead_one_s_file_is_replaced(self):
        first = self.doors().says("running: ")
        first.signal(signal.SIGKILL)
        first.ended()
        self.assertTrue(os.path.exists(first.path))
        self.peer(self.doors().says("running: ")).ping()

    def test_a_live_one_is_left_alone(self):
        first = self.doors().says("running: ")
        second = self.doors()
        self.assertEqual(1, second.ended())
        self.assertIn("n.conf:1: cannot listen on ", second.text())
        self.assertIn("a program listens there", second.text())
        self.peer(first).ping()

    def test_another_file_is_left_alone(self):
        self.write("socket", "precious")
        self.assertEqual(1, self.doors().ended())
        self.assertEqual("precious\n", self.content("socket"))

    def test_a_failed_start_leaves_no_file(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.port))
            taken.listen()
            self.refused("-c", self.write("n.conf", f"listener 0 {self.path('socket')}",
                                          f"listener {self.port} 127.0.0.1", "allow_anonymous true"))
        self.assertFalse(os.path.exists(self.path("socket")))


class process(serve_case):
    def test_the_pid_file_is_written_and_removed(self):
        broker = self.serve(f"pid_file {self.path('pid')}")
        self.assertEqual(broker.process.pid, int(self.content("pid")))
        self.assertEqual(0, broker.stop())
        self.assertFalse(os.path.exists(self.path("pid")))

    def test_a_pid_file_that_cannot_be_written_stops_the_start(self):
        said = self.refused("-c", self.configure(f"pid_file {self.path('no/such/pid')}"))
        self.assertIn("cannot write the pid_file", said)

    def test_the_background(self):
        call = [os.environ["NIGHTJAR"], "serve", "-d", "-c",
                self.configure(f"pid_file {self.path('pid')}", f"log_dest file {self.path('log')}")]
        done = subprocess.run(call, capture_output=True, text=True, timeout=20)
        self.assertEqual((0, ""), (done.returncode, done.stdout + done.stderr))
        pid = int(self.content("pid"))  # it is there when the parent ends
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5):
                pass
            self.assertEqual(pid, os.getsid(pid))
        finally:
            os.kill(pid, signal.SIGTERM)
        eventually(lambda: not os.path.exists(self.path("pid")), "the end")
        self.assertIn("terminating", self.content("log"))

    def test_a_failed_start_in_the_background_is_told(self):
        self.serve()
        done = subprocess.run([os.environ["NIGHTJAR"], "serve", "-d", "-c", self.path("nightjar.conf")],
                              capture_output=True, text=True, timeout=20)
        self.assertEqual(1, done.returncode)
        self.assertIn("Address already in use", done.stdout + done.stderr)

    def test_workers_stay_on_their_cpus(self):
        cpu = max(os.sched_getaffinity(0))
        broker = self.serve(f"cpu_affinity {cpu}")
        tasks = f"/proc/{broker.process.pid}/task"
        pinned = [os.sched_getaffinity(int(one)) for one in os.listdir(tasks) if self.is_worker(tasks, one)]
        self.assertEqual([{cpu}] * WORKERS, pinned)

    @staticmethod
    def is_worker(tasks, one):
        with open(f"{tasks}/{one}/comm", encoding="utf-8") as file:
            return file.read().startswith("worker/")

    def test_a_cpu_that_is_not_there(self):
        self.assertIn("CPU", self.refused("-c", self.configure("cpu_affinity 1023")))


class user(serve_case):
    def test_one_that_does_not_exist(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become somebody else")
        self.assertIn("there is no user nosuchuser", self.refused("-c", self.configure("user nosuchuser")))

    def test_root_becomes_somebody_else(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become somebody else")
        os.chmod(self.folder, 0o755)
        nobody = pwd.getpwnam("nobody")
        broker = self.serve("user nobody", f"log_dest file {self.path('log')}", "log_dest stderr")
        tasks = f"/proc/{broker.process.pid}/task"
        for one in os.listdir(tasks):
            with open(f"{tasks}/{one}/status", encoding="utf-8") as file:
                text = file.read()
            ids = {line.split()[0]: line.split()[1:] for line in text.splitlines()
                   if line.startswith(("Uid:", "Gid:"))}
            self.assertEqual([str(nobody.pw_uid)] * 4, ids["Uid:"])
            self.assertEqual([str(nobody.pw_gid)] * 4, ids["Gid:"])
        self.assertEqual(nobody.pw_uid, os.stat(self.path("log")).st_uid)
        self.peer(broker, "served").ping()
        self.assertEqual(0, broker.stop())

    def test_others_keep_who_they_are(self):
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o755)
            broker = self.serve("user root")
            self.assertIn("Running as the user root.", broker.text())
            return
        self.assertIn("has no effect", self.serve("user nobody").text())


if __name__ == "__main__":
    unittest.main()
