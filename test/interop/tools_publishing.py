"""What `nightjar pub` sends, as mosquitto_sub sees it; and `nightjar rr`."""

import os
import signal
import subprocess
import tempfile
import time
import unittest

import tools_pair
from tools_pair import await_line, call, case, program, start, without_time


class publishing(case):
    def seen(self, ours, arguments, data, count):
        # Line by line, or "Subscribed" would come with the first message only.
        reader = start(["stdbuf", "-oL"] + program(False, "sub") + self.at(
            "-V", "5", "-q", "2", "-t", "p/#", "-C", str(count), "-W", "10", "-F", "%t|%q|%r|%C|%D|%P|%R|%F|%l|%x", "-d"))
        await_line(reader, b"Subscribed")
        sent = call(ours, "pub", self.at(*arguments), data)
        return [line for line in reader.communicate()[0].splitlines() if line.startswith(b"p/")], sent

    def same_message(self, *arguments, data=b"", count=1):
        theirs, ours = (self.seen(who, list(arguments), data, count) for who in (False, True))
        self.assertEqual(len(ours[0]), count, ours)
        self.assertEqual(ours[0], theirs[0], arguments)
        self.assertEqual(without_time(ours[1][0]), without_time(theirs[1][0]), arguments)
        self.assertEqual(ours[1][1:], theirs[1][1:], arguments)

    # [MQTT311 7.1.2-1] [MQTT5 4.2.0-1]
    def test_versions_and_qos(self):
        for version in ("31", "311", "5", "mqttv31", "mqttv311", "mqttv5"):
            for qos in "012":
                self.same_message("-t", "p/x", "-m", "text", "-q", qos, "-V", version)

    def test_sources(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"from\nfile\0" * 9000)
            file.flush()
            self.same_message("-t", "p/f", "-f", file.name)
        self.same_message("-t", "p/n", "-n")
        self.same_message("-t", "p/s", "-s", data=b"a\nb\n")
        self.same_message("-t", "p/l", "-l", "-q", "1", data=b"a\n\nb\nc", count=4)
        self.same_message("-t", "p/l", "-l", "-q", "2", data=b"a\nb\n", count=2)
        self.same_message("-t", "p/l", "-l", data=b"".join(b"%d\n" % i for i in range(3000)), count=3000)
        self.same_message("-t", "p/r", "-m", "x", "--repeat", "3", "-q", "1", count=3)
        self.same_message("-t", "p/r", "-m", "x", "--repeat", "2", "--repeat-delay", "0.1", count=2)

    def test_every_flag_by_its_long_name(self):
        self.same_message("--topic", "p/x", "--message", "m", "--qos", "1", "--keepalive", "9", "--username", "u", "--pw", "p")
        self.same_message("--topic", "p/x", "--null-message", "--retain", "--protocol-version", "5", "--id", "me")
        self.same_message("--topic", "p/x", "--stdin-file", "--id-prefix", "p", data=b"in")
        self.same_message("--topic", "p/x", "--stdin-line", "--quiet", data=b"in")
        self.same_message("--topic", "p/x", "--file", "/etc/hostname", "--nodelay", "-M", "3")
        self.same_message("--topic", "p/x", "--message", "m", "--disable-clean-session", "--id", "me", "-x", "3")

    def test_properties(self):
        self.same_message("-t", "p/p", "-m", "x", *"-D publish content-type c -D PUBLISH user-property a b".split(),
                          *"-D publish correlation-data d -D publish response-topic r".split(),
                          *"-D publish payload-format-indicator 1 --property publish user-property c d".split())
        self.same_message("-t", "p/p", "-m", "x", "-D", "publish", "message-expiry-interval", "60")

    def test_tracing(self):
        for qos in "012":
            self.same("pub", "-t", "x", "-m", "y", "-q", qos, "-d")
            for version in ("31", "311", "5"):
                self.same("pub", "-t", "x", "-m", "y", "-q", qos, "-d", "-i", "me", "-V", version)
        self.same("pub", "-t", "x", "-n", "-r", "--debug")

    def test_url(self):
        self.same_message("-t", "q", "-m", "u", "-L", f"mqtt://u:p@127.0.0.1:{self.broker.port}/p/url")
        self.same_message("-m", "u", "--url", f"mqtt://127.0.0.1:{self.broker.port}/p/url")

    def test_will(self):
        message, will = ("-t", "x", "-m", "y"), ("--will-topic", "w", "--will-payload", "p", "--will-qos", "1", "--will-retain")
        self.same("pub", *message, *will)
        self.same("pub", *message, *will, "-D", "will", "will-delay-interval", "3", "-D", "will", "content-type", "c")

    @unittest.skipIf(tools_pair.BROKER != "mosquitto", "the broker has no socket in the file system")
    def test_a_socket_in_the_file_system(self):
        for ours in (False, True):
            out = call(ours, "pub", ["--unix", self.broker.path, "-t", "x", "-m", "y", "-d", "-q", "1", "-i", "me"])
            self.assertEqual((out[1], out[2]), (b"", 0))
            self.assertTrue(out[0].endswith(b"received PUBACK (Mid: 1, RC:0)\nClient me sending DISCONNECT\n"), out)

    def test_too_much(self):
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(268_435_456)
            self.same_error("pub", "-t", "x", "-f", file.name)
            with open(file.name, "rb") as data:  # 2.0.11 crashes after it said the same
                done = subprocess.run([*program(True, "pub"), *self.at("-t", "x", "-s")], stdin=data, capture_output=True)
            self.assertEqual((done.returncode, done.stderr), (1, b"Error: Message length must be less than 268435455 bytes.\n"))
        self.same_error("pub", "-t", "x", "-f", "/nonexistent/file")
        endless = subprocess.Popen(["head", "-c", "300M", "/dev/zero"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        done = subprocess.run([*program(True, "pub"), *self.at("-t", "x", "-l")], stdin=endless.stdout, capture_output=True)
        endless.stdout.close()
        endless.wait()
        self.assertEqual((done.returncode, done.stderr), (1, b"Error: A line must be less than 268435455 bytes.\n"))

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer keeps freed memory")
    def test_a_pipe_of_lines_takes_little_memory(self):
        endless = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
        writer = subprocess.Popen([*program(True, "pub"), *self.at("-t", "x", "-l", "-q", "1")], stdin=endless.stdout)
        peak = 0
        for _ in range(20):
            time.sleep(0.1)
            with open(f"/proc/{writer.pid}/status", encoding="ascii") as status:
                peak = max(peak, *(int(line.split()[1]) for line in status if line.startswith("VmRSS")))
        writer.send_signal(signal.SIGTERM)
        self.assertEqual(writer.wait(tools_pair.PATIENCE_S), 128 + signal.SIGTERM)
        endless.kill()
        endless.wait()
        endless.stdout.close()
        self.assertLess(peak, 100_000, "kB")

    def test_an_interruption_is_no_success(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            reading, writing = os.pipe()
            writer = start([*program(True, "pub"), *self.at("-t", "x", "-l", "-d")], stdin=reading)
            await_line(writer, b"CONNACK")
            writer.send_signal(number)
            self.assertEqual((writer.communicate()[0][-11:], writer.returncode), (b"DISCONNECT\n", 128 + number))
            os.close(reading)
            os.close(writing)


class requesting(case):
    """A request that is its own response: published to the topic that the tool listens to."""

    own = ("-t", "q/r", "-e", "q/r", "-m", "ping")

    def test_versions_and_output(self):
        for version in ("31", "311", "5"):
            for more in ([], ["-v"], ["-N"], ["-q", "1"], ["-q", "2"], ["-F", "%t|%p|%q|%r|%l"], ["-R"]):
                self.same("rr", *self.own, "-V", version, *more)
        self.same("rr", *self.own, "-F", "%R|%D|%P", *"-D publish correlation-data c -D publish user-property a b".split())
        self.same("rr", *self.own, "-F", "%j")
        self.same("rr", *self.own, "-F", "%j", "--pretty", "-q", "1")
        self.same("rr", *self.own, "-F", "%S", "-D", "subscribe", "subscription-identifier", "4")

    def test_sources(self):
        # mosquitto_rr 2.0.11 sends nothing of its standard input or of a file.
        self.assertEqual(call(True, "rr", self.at("-t", "q/s", "-e", "q/s", "-s"), b"from\nstdin"), (b"from\nstdin\n", b"", 0))
        self.assertEqual(call(True, "rr", self.at("-t", "q/s", "-e", "q/s", "-s", "-v")), (b"q/s (null)\n", b"", 0))
        self.same("rr", "-t", "q/s", "-e", "q/s", "-n", "-v")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"from\nfile\0")
            file.flush()
            self.assertEqual(call(True, "rr", self.at("-t", "q/s", "-e", "q/s", "-f", file.name)), (b"from\nfile\0\n", b"", 0))

    def test_flags(self):
        for more in (["-c", "-i", "me"], ["-I", "p"], ["-k", "9"], ["-M", "3"], ["--nodelay"], ["--quiet"], ["-u", "a", "-P", "b"],
                     ["-x", "4"], ["--retain-as-published"], ["-D", "connect", "user-property", "a", "b"],
                     ["--will-topic", "w", "--will-payload", "p", "--will-qos", "1", "--will-retain"], ["-W", "9"]):
            self.same("rr", *self.own, *more)
        self.same("rr", "-e", "other", "-t", "other", *self.own)  # the last counts
        self.assertEqual(call(True, "rr", self.at(*self.own, "--retain-handling", "never"))[0], b"ping\n")

    def test_latency(self):
        self.assertRegex(call(True, "rr", self.at(*self.own, "--latency"))[0], rb"^ping\nLatency: \d+\.\d{3} ms\n$")

    def test_nobody_answers(self):
        for version in ("311", "5"):
            self.assertEqual(self.same("rr", "-t", "q/a", "-e", "q/b", "-m", "x", "-W", "1", "-V", version)[2], 27)
        self.same("rr", "-t", "q/a", "-e", "q/b", "-m", "x", "-W", "1", "-d", "-i", "me")
        self.same("rr", "-t", "q/a", "-e", "q/b", "-m", "x", "-W", "1", "--quiet")

    def test_what_was_retained_is_no_response(self):
        """Mosquitto's tool did not honour -R before 2.0.18."""
        self.publish("-t", "q/old", "-r", "-m", "stale")
        self.assertEqual(call(True, "rr", self.at("-t", "q/old", "-e", "q/old", "-m", "fresh", "-R"))[0], b"fresh\n")
        self.same("rr", "-t", "q/old", "-e", "q/old", "-m", "fresh")

    def test_command_lines_without_sense(self):
        for line in ([], ["-t", "x"], ["-t", "x", "-m", "y"], ["-t", "x", "-e", "r"], ["-e", "r/#", "-t", "x", "-m", "y"],
                     ["-t", "x/#", "-m", "y", "-e", "r"], ["-t", "x", "-m", "y", "-n", "-e", "r"],
                     *([*self.own, flag] for flag in
                     ("-l", "-C", "-r", "-T", "-U", "-E", "--repeat", "--random-filter", "--retained-only"))):
            self.same_error("rr", *line)
        twice = call(True, "rr", self.at(*self.own, "-D", "publish", "response-topic", "c"))
        self.assertIn(b"Duplicate response topic.", twice[1])
        self.assertEqual(twice[2], 1)
