"""The command line, and what is said about one that makes no sense."""

import os
import subprocess

from serve_case import free_port, serve_case


class flags(serve_case):
    def run_once(self, *arguments):
        done = subprocess.run([os.environ["NIGHTJAR"], "serve", *arguments], capture_output=True, text=True, timeout=20)
        return done.returncode, done.stdout + done.stderr

    def test_help_is_useful(self):
        for flag in ("-h", "--help"):
            code, text = self.run_once(flag)
            self.assertEqual(0, code)
            for part in ("-c,--config-file", "-p,--port", "-d,--daemon", "-v,--verbose", "--test-config", "HUP"):
                self.assertIn(part, text)

    def test_a_wrong_flag_is_named(self):
        for flag in ("--confg", "-x"):
            code, text = self.run_once(flag)
            self.assertEqual(2, code)
            self.assertIn(f"there is no flag {flag}", text)
            self.assertIn("--help", text)

    def test_a_lone_file_is_explained(self):
        code, text = self.run_once("my.conf")
        self.assertEqual(2, code)
        self.assertIn("-c my.conf", text)

    def test_a_port_out_of_range(self):
        for port in ("65536", "-1", "x"):
            code, text = self.run_once("-p", port)
            self.assertEqual(2, code, text)
            self.assertIn("--port", text)

    def test_ports_of_the_command_line_are_loopback(self):
        ports = [free_port(), free_port()]
        broker = self.start("-p", str(ports[0]), "-p", str(ports[1]), "-o", "workers=1").says("running: ")
        for port in ports:
            broker.says(rf"Listening on 127\.0\.0\.1:{port}\.")
            broker.port = port
            self.peer(broker).ping()
        self.assertNotIn("0.0.0.0", broker.text())

    def test_a_port_does_not_win_over_the_file_s_listeners(self):
        broker = self.start("-c", self.configure(), "-p", str(free_port())).says("running: ")
        self.assertIn("-p is ignored", broker.text())
        self.peer(broker).ping()

    def test_quiet_and_verbose(self):
        loud = self.start("-c", self.configure(), "-v").says("running: ")
        self.peer(loud, "talker").publish("a/b", b"xyz")
        loud.says(r"Received PUBLISH from talker \(d0, q0, r0, m0, 'a/b', \.\.\. \(3 bytes\)\)")
        loud.stop()
        mute = self.start("-c", self.configure(), "-q", "-v")
        eventual = self.peer_when_open(mute)
        eventual.ping()
        mute.stop()
        self.assertEqual([], mute.lines)

    def peer_when_open(self, broker):
        for _ in range(200):
            try:
                return self.peer(broker)
            except ConnectionRefusedError:
                subprocess.run(["sleep", "0.05"], check=True)
        raise AssertionError("it does not listen")

    def test_the_check_says_all_at_once(self):
        path = self.write("bad.conf", "listener 1883", "max_keepalve 5", "max_qos 3")
        code, text = self.run_once("-c", path, "--test-config")
        self.assertEqual(2, code)
        self.assertIn(f"{path}:2: max_keepalve: unknown option; did you mean max_keepalive?", text)
        self.assertIn(f"{path}:3: max_qos: expected a whole number from 0 to 2", text)
        code, text = self.run_once("-c", self.configure(), "--test-config")
        self.assertEqual(0, code, text)

    def test_files_that_are_no_configuration(self):
        self.assertIn("cannot be read", self.refused("-c", self.path("none.conf")))
        self.assertIn("is a directory", self.refused("-c", self.folder))
        with open(self.path("huge.conf"), "wb") as file:
            file.truncate(17 * 1024 * 1024)
        self.assertIn("more than", self.refused("-c", self.path("huge.conf")))
        with open(self.path("binary.conf"), "wb") as file:
            file.write(bytes(range(256)) * 10)
        said = self.refused("-c", self.path("binary.conf"))
        self.assertIn("binary.conf:1: a control character within the line", said)
        self.assertTrue(said.replace("\n", "").isprintable(), said)

    def test_windows_line_ends_blanks_and_comments(self):
        broker = self.start("-c", self.configure("", "# a comment", "max_queued_messages 0", "max_keepalive 60",
                                                 "max_keepalive 70", "connection_messages false", end="\r\n"))
        broker.says("running: ")
        self.assertIn("max_keepalive: given before", broker.text())
        self.peer(broker).ping()
