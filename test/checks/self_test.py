#!/usr/bin/env python3
"""Proves that each check of tools/ can fail: plants one violation in a small tree and expects it to be named.

    self_test.py CHECK
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAYERS = "base:\nmqtt: base\nio: base\ntcpip: base\napps: *\n"
BASE, MQTT = "lib/base/include/nightjar/base/", "lib/mqtt/include/nightjar/mqtt/"
CLEAN = {
    "layers.txt": LAYERS,
    BASE + "a.hpp": "#pragma once\n\nstruct a {\n    int x;\n};\n",
    MQTT + "m.hpp": "#pragma once\n#include <nightjar/base/a.hpp>\n\ninline a make() { return {1}; }\n",
    "lib/base/test/t.hpp": "#pragma once\n",
    "lib/mqtt/src/own.hpp": "#pragma once\n",
    "lib/mqtt/src/m.cpp": '#include <nightjar/mqtt/m.hpp>\n\n#include "own.hpp"\n// #include <nightjar/io/x.hpp>\n',
    "examples/e.cpp": "// [snippet main]\nint main() {}\n// [end]\n",
    "README.md": "<!-- examples/e.cpp main -->\n```cpp\nint main() {}\n```\n",
}


def lines(count, text="    x();\n"):
    return text * count


def switch(depth):
    return "void f() {\n" + "".join("if (x) {\n" for _ in range(depth)) + "}\n" * depth + "}\n"


# check -> [(what is planted, file, text, what the check must print, or None where it must stay silent)]
PLANTED = {
    "layers": [
        ("upwards", "lib/base/src/b.cpp", "\n#include <nightjar/mqtt/m.hpp>\n", "lib/base/src/b.cpp:2: base may not see mqtt"),
        ("unknown library", "lib/mqtt/src/b.cpp", "#include <nightjar/nope/m.hpp>\n", "knows no library 'nope'"),
        ("private header", "lib/io/src/b.cpp", '#include "../../mqtt/src/own.hpp"\n', "lib/io/src/b.cpp:1:"),
        ("private header by name", "lib/io/src/b.cpp", '#include "own.hpp"\n', "is no file of lib/io"),
        ("public header in quotes", "lib/io/src/b.cpp", '#include "nightjar/base/a.hpp"\n', "write <nightjar/base/a.hpp>"),
        ("system header", "lib/base/src/b.cpp", "#include <sys/socket.h>\n", "without an operating system"),
        ("circle", "layers.txt", "base: mqtt\nmqtt: base\n", "layers.txt:1: a circle: base -> mqtt -> base"),
        ("io sees tcpip", "lib/io/src/b.cpp", "#include <nightjar/tcpip/t.hpp>\n", "io may not see tcpip"),
        ("its engine may", "lib/io/src/engines/tcpip/b.cpp", "#include <nightjar/tcpip/t.hpp>\n", None),
        ("a test may", "lib/base/test/b.cpp", "#include <nightjar/mqtt/m.hpp>\n", None),
        ("a test's own folder", "lib/base/test/a/a.cpp", '#include "t.hpp"\n', None),
        ("product sees a test", "lib/base/src/b.cpp", '#include "../test/t.hpp"\n', "belongs to the tests"),
        ("apps may", "apps/b.cpp", "#include <nightjar/mqtt/m.hpp>\n", None),
    ],
    "sizes": [
        ("long function", "apps/b.cpp", "\nvoid f() {\n" + lines(69) + "}\n", "apps/b.cpp:2: f() has 71 lines"),
        ("longest function", "apps/b.cpp", "void f() {\n" + lines(68) + "}\n", None),
        ("long method", "apps/b.cpp", "struct s : t<int> {\n s() : a_{1} {\n" + lines(70) + "}\n};\n", "s() has 72 lines"),
        ("long test", "lib/base/test/b.cpp", "TEST(a, b) {\n" + lines(70) + "}\n", "TEST() has 72 lines"),
        ("long file", "apps/b.cpp", lines(501, "int x;\n"), "apps/b.cpp:501: 501 lines"),
        ("long header", BASE + "b.hpp", lines(301, "int x;\n"), "a public header has at most 300"),
        ("long line", "apps/b.cpp", "// " + "x" * 108 + "\n", "apps/b.cpp:1: 111 columns"),
        ("parameters", "apps/b.cpp", "void f(int a, int b, int c, int d, int e, int f, int g);\n", "f() takes 7 parameters"),
        ("arguments in <>", "apps/b.cpp", "void f(m<a, b> x, m<c, d> y, m<e, f> z, g = {1, 2}) {}\n", None),
        ("nesting", "apps/b.cpp", switch(5), "f() nests 5 deep"),
        ("deepest nesting", "apps/b.cpp", switch(4), None),
        ("nesting in a lambda", "apps/b.cpp", "auto f() {\n    g([](int x) -> int {\n" + switch(4)[11:-2] + "});\n}\n", "nests 5 deep"),
        ("nesting in a test", "lib/base/test/b.cpp", switch(5), None),
        ("braces in literals", "apps/b.cpp", 'void f() { g("{{{", \'{\', R"({{{)"); }  // {{{\n', None),
    ],
    "headers": [
        ("needs another", BASE + "b.hpp", "#pragma once\ninline std::size_t n = 1;\n", "base/b.hpp:1: does not compile alone"),
        ("twice", BASE + "b.hpp", "struct b {};\n", "base/b.hpp:1: does not compile alone"),
        ("upper layer", BASE + "b.hpp", "#pragma once\n#include <nightjar/mqtt/m.hpp>\n", "base/b.hpp:1: does not compile alone"),
    ],
    "readme": [
        ("region", "README.md", "\n<!-- examples/e.cpp main -->\n```cpp\nint main() { }\n```\n", "README.md:2: differs from examples/e.cpp"),
        ("whole file", "docs/d.md", "<!-- examples/e.cpp -->\n```cpp\nint main() {}\n```\n", "docs/d.md:1: differs"),
        ("no file", "docs/d.md", "<!-- examples/f.cpp -->\n```cpp\n```\n", "there is no examples/f.cpp"),
        ("no region", "docs/d.md", "<!-- examples/e.cpp x -->\n```cpp\n```\n", "has no `// [snippet x]`"),
        ("no block", "docs/d.md", "<!-- examples/e.cpp -->\ntext\n", "docs/d.md:1: no fenced block"),
    ],
    "format": [
        ("spaces", "apps/b.cpp", "int  x;\n", "apps/b.cpp:1: not as .clang-format has it"),
    ],
    "words": [
        ("a machine's path", "docs/d.md", "see\n/ho" + "me/joe/x\n", "docs/d.md:2: a path of one machine"),
        ("a reminder", "apps/b.cpp", "// TO" + "DO\n", "apps/b.cpp:1: a reminder"),
        ("a conflict", "apps/b.cpp", "<" * 7 + " ours\n", "apps/b.cpp:1: a conflict mark"),
    ],
}


def run(check, tree):
    done = subprocess.run([sys.executable, ROOT / "tools" / f"check-{check}", "--root", tree], text=True, capture_output=True)
    return done.returncode, done.stdout + done.stderr


def plant(tree, contents):
    for name, text in contents.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def try_one(check, what, contents, expected):
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        shutil.copy(ROOT / ".clang-format", tree)
        plant(tree, CLEAN | contents)
        code, said = run(check, tree)
    good = code == 0 if expected is None else code == 1 and expected in said
    print(f"{'ok ' if good else 'BAD'} {check}: {what}")
    if not good:
        print(f"    expected {expected!r}, exit code {code}, it said:\n{said}")
    return good


def main():
    check = sys.argv[1]
    if check == "format" and not shutil.which("clang-format"):
        print("SKIPPED: there is no clang-format here")
        return 77
    results = [try_one(check, "a clean tree", {}, None)]
    results += [try_one(check, what, {file: text}, expected) for what, file, text, expected in PLANTED[check]]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
