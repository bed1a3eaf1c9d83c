"""Runs the examples of files, children and file events: `test_platform.py COPY_FILE RUN_CHILD ON_CHANGE`."""

import os
import subprocess
import sys
import tempfile


def copies(program: str, folder: str) -> None:
    text = bytes(i * 7 % 251 for i in range(3_000_001))
    source, target = os.path.join(folder, "from"), os.path.join(folder, "to")
    with open(source, "wb") as out:
        out.write(text)
    done = subprocess.run([program, source, target], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0 and done.stdout == f"{len(text)} bytes\n", done
    with open(target, "rb") as back:
        assert back.read() == text, "the copy differs"
    done = subprocess.run([program, folder + "/none", target], capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and "not found" in done.stderr, done


def runs(program: str) -> None:
    done = subprocess.run([program, "sh", "-c", "echo hello; exit 3"], capture_output=True, text=True, timeout=30)
    assert sorted(done.stdout.splitlines()) == ["6 bytes", "ended with 3"], done


def watches(program: str, folder: str) -> None:
    path = os.path.join(folder, "watched")
    with subprocess.Popen([program, path], stdout=subprocess.PIPE, text=True) as watcher:
        try:
            assert watcher.stdout.readline() == "watching\n"
            with open(path + ".new", "w", encoding="ascii") as out:
                out.write("text")
            os.rename(path + ".new", path)
            assert watcher.stdout.readline() == "read it again\n"
            os.remove(path)
            assert watcher.stdout.readline() == "gone\n"
            watcher.terminate()
            assert watcher.wait(timeout=30) == 0
        finally:
            watcher.kill()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        copies(sys.argv[1], folder)
        runs(sys.argv[2])
        watches(sys.argv[3], folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
