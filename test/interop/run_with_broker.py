#!/usr/bin/env python3
"""Starts a broker, runs a program with the broker's port in NIGHTJAR_PORT, and asks that both end well.

    run_with_broker.py [-o NAME=VALUE]... -- PROGRAM [ARGUMENT]...

Needs the environment of nightjar_process.py.
"""

import argparse
import os
import subprocess
import sys
import time

from nightjar_process import engine, nightjar, workers


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-o", action="append", default=[], metavar="NAME=VALUE", help="an option of the broker")
    options.add_argument("program", nargs="+")
    wanted = options.parse_args()
    broker = nightjar(dict(one.split("=", 1) for one in wanted.o))
    began = time.monotonic()
    code = subprocess.run(wanted.program, env={**os.environ, "NIGHTJAR_PORT": str(broker.port)}, check=False).returncode
    spent, ended = time.monotonic() - began, broker.stop()
    if ended != 0 or code != 0:
        print(f"the program ended with {code}, the broker with {ended}:\n{broker.tail()}", file=sys.stderr)
    print(f"engine {engine()}, {workers()} workers: {spent:.1f} s", file=sys.stderr)
    return 0 if code == 0 and ended == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
