"""Command lines that make no sense, options files, and servers that say no."""

import os
import pathlib
import re
import tempfile

import tools_pair
from tools_pair import as_theirs, call, case, free_port, start_broker, without_time


class refusing(case):
    def test_pub(self):
        base = ["-t", "x", "-m", "y"]
        for more in (["-q", "3"], ["-p", "70000"], ["-V", "7"], ["-n"], ["-i", "a", "-I", "b"], ["-c"], ["-k", "3"], ["-k", "65536"],
                     ["--will-payload", "z"], ["--will-retain"], ["--will-topic", "a/#"], ["-L", "http://x/y"],
                     ["-L", "mqtt://x"], ["-M", "0"], ["-c", "-V", "5"], ["-x", "-1", "-V", "5"], ["--will-topic", "w", "--will-qos", "3"],
                     ["-D", "publish", "foo", "bar"], ["-D", "connect", "topic-alias", "1"], ["-D", "frob", "x", "y"],
                     ["-D", "publish", "topic-alias", "70000"], ["-D", "publish", "user-property", "a"], ["-D", "publish", "content-type"],
                     ["-D", "puback", "user-property", "a", "b"], ["-D", "pubrel", "user-property", "a", "b"],
                     ["-D", "publish", "subscription-identifier", "4"], ["-D", "publish", "message-expiry-interval", "-1"],
                     ["--repeat", "0"], ["--repeat", "x"], ["--repeat-delay", "-1"], ["-x", "abc"], ["-x", "-2"], ["-x", "4294967296"],
                     ["--foo"], ["-C", "1"], ["-W", "1"], ["-"], ["--"], ["-dq", "1"], ["--qos=1"], ["-t", b"\xff"],
                     ["--will-topic", b"\xff"]):
            self.same_error("pub", *base, *more)
        self.same_error("pub", "-t", "a/#", "-m", "x")
        self.same_error("pub", "-t", "x")
        self.same_error("pub", "-m", "x")
        self.same_error("pub", "-t", "x", "-s")

    def test_sub(self):
        self.same_error("sub")
        self.same_error("sub", "-t", "a/#/b")
        for more in (["-C", "0"], ["-W", "0"], ["-T", "#/a"], ["-U", "#/a"], ["-c"], ["-F", "%"], ["-F", "%Q"], ["-F", "%d"], ["-F", "@"], ["-F", "\\"],
                     ["-F", "\\q"], ["-F", "%5"], ["--random-filter", "0"], ["--repeat", "3"], ["-m", "x"],
                     ["-t", b"\xff"]):
            self.same_error("sub", "-t", "x", *more)

    def test_an_argument_that_is_missing(self):
        for name, flags in (("pub", "-h -i -I -k -L -m -M -P -q --repeat --repeat-delay -t -u --unix -x --will-payload --will-qos"),
                            ("sub", "-C -F -T -U -W --random-filter --host --filter-out --unsubscribe -D --will-topic"),
                            ("rr", "-e -f --file --topic --id --url --keepalive --username --pw --qos --property")):
            for flag in flags.split():
                if flag != "-M":  # theirs has another order of words
                    self.same_error(name, flag)

    def test_nobody_listens(self):
        port = free_port()
        for name, arguments in (("pub", ["-t", "x", "-m", "y"]), ("sub", ["-t", "x"]), ("rr", ["-t", "x", "-m", "y", "-e", "z"])):
            at = ["-h", "127.0.0.1", "-p", str(port), *arguments]
            ours, theirs = (call(who, name, at) for who in (True, False))
            self.assertEqual(ours, theirs)
            self.assertEqual(call(True, name, at + ["--quiet"])[1:], (b"", 1))

    def test_no_such_place(self):
        for place in (["-h", "host.invalid"], ["--unix", "/nonexistent/socket"], ["-h", ""]):
            theirs, ours = (call(who, "pub", ["-t", "x", "-m", "y", *place]) for who in (False, True))
            self.assertEqual((ours[0], ours[2]), (theirs[0], theirs[2]), place)
            self.assertTrue(ours[1].startswith(b"Error: Unable to connect to "), ours)

    def test_not_authorized(self):
        broker = start_broker(anonymous=False)
        self.addCleanup(broker.close)
        for version in ("31", "311", "5"):
            at = ["-h", "127.0.0.1", "-p", str(broker.port), "-V", version]
            theirs, ours = (call(who, "sub", [*at, "-t", "x"]) for who in (False, True))
            self.assertEqual(ours, theirs, version)
            theirs, ours = (call(who, "pub", [*at, "-t", "x", "-m", "y"]) for who in (False, True))
            self.assertEqual((ours[1].splitlines()[0], ours[2]), (theirs[1].splitlines()[0], theirs[2]), version)
            theirs, ours = (call(who, "rr", [*at, "-t", "x", "-m", "y", "-e", "z"]) for who in (False, True))
            self.assertEqual(ours[2], theirs[2], version)

    def test_what_is_not_here_is_named(self):
        for flag in ("--cafile", "--psk", "--proxy", "-S", "-A", "--tls-version", "--ws", "--mptcp", "--tls-keylog", "--insecure"):
            for name in ("pub", "sub", "rr"):
                ours = call(True, name, ["-t", "x", flag, "z"])
                self.assertEqual(ours[2], 2, flag)
                self.assertRegex(ours[1], rb"^Error: .* not available yet")

    def test_help_and_manual_name_the_same_flags(self):
        for name in ("pub", "sub", "rr"):
            out = call(True, name, ["--help"])
            self.assertEqual((out[1], out[2]), (b"", 0))
            self.assertIn(b"--will-topic", out[0])
            page = pathlib.Path(__file__).parents[2].joinpath("docs", "man", f"nightjar-{name}.1").read_text(encoding="utf-8")
            page = page.replace("\\-", "-")
            for flag in re.findall(r"^  (-\S+?)(?:,| |$)(?: (--\S+))?", out[0].decode(), re.MULTILINE):
                for one in filter(None, flag):
                    self.assertIn(f"\\fB{one}\\fR", page, name)
            self.assertEqual(call(True, name, ["--version"])[2], 0)


class options_files(case):
    """$XDG_CONFIG_HOME/mosquitto_pub and the like."""

    def in_both(self, text, name, *arguments, refused=False):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, f"mosquitto_{name}"), "wb") as file:
                file.write(text)
            for environment in ({"XDG_CONFIG_HOME": folder}, None):
                if environment is None:  # and by HOME
                    os.mkdir(os.path.join(folder, ".config"))
                    os.rename(os.path.join(folder, f"mosquitto_{name}"), os.path.join(folder, ".config", f"mosquitto_{name}"))
                    environment = {"HOME": folder}
                theirs, ours = (self.run_with(who, name, arguments, environment) for who in (False, True))
                self.assertEqual(without_time(ours[0]), without_time(theirs[0]), text)
                self.assertEqual(ours[2], theirs[2], text)
                wanted = theirs[1].splitlines()[:1]
                found = as_theirs(ours[1]).splitlines()[:1]
                self.assertTrue(found == wanted or (refused and found[0].startswith(wanted[0])), (found, wanted))

    def run_with(self, ours, name, arguments, environment):
        kept = tools_pair.ENVIRONMENT
        tools_pair.ENVIRONMENT = {k: v for k, v in kept.items() if k != "XDG_CONFIG_HOME"}
        try:
            return call(ours, name, self.at(*arguments), environment=environment)
        finally:
            tools_pair.ENVIRONMENT = kept

    def test_what_they_say(self):
        message = ("-t", "x", "-m", "y")
        for text in (b"# comment\n-d\n-i me\n", b"-d\r\n-i me\r\n", b"-d\n\n   \n-i me", b"-d\n-i a b\n",
                     b'-d\n-i "a b"\n', b"-V 5\n-d\n-i me\n-q 1\n", b"-h 127.0.0.1\n-P pw\n-u us er\n-d\n-i me", b""):
            self.in_both(text, "pub", *message)
        self.in_both(b"-t cfg\n-d\n-i me\n", "pub", "-m", "y")
        self.in_both(b"-t cfg\n-d\n-i me\n", "pub", *message)
        self.in_both(b"-m cfg cfg\n-d\n-i me\n", "pub", "-t", "x")
        self.in_both(b"-d\n-i file\n-q 1\n", "pub", *message, "-i", "me", "-q", "0")
        self.in_both(b"-t cfg\n-d\n-i me\n", "sub", "-t", "x", "-E")
        self.in_both(b"-v\n-e a\n-i me\n-W 1\n", "rr", *message, "-e", "x")

    def test_mistakes(self):
        message = ("-t", "x", "-m", "y")
        for text in (b"--frob x\n", b"frob\n", b"-i\n", b"-q 5\n", b"-m x\n", b"-I p\n-i x\n", b"-d x\n"):
            self.in_both(text, "pub", *message, refused=True)

    def test_a_file_of_ones_own(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"-d\n-i me\n-D publish user-property name two words\n")
            file.flush()
            printed = call(True, "pub", self.at("-t", "x", "-m", "y", "-o", file.name, "-q", "1"))
            self.assertIn(b"Client me received PUBACK", printed[0])
        ours = call(True, "pub", self.at("-t", "x", "-m", "y", "-o", "/nonexistent/file"))
        self.assertEqual((ours[1].splitlines()[0], ours[2]),
                         (b'Error: Unable to read options file "/nonexistent/file": No such file or directory.', 1))
