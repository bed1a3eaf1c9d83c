#!/usr/bin/env python3
"""Starts a broker, runs a program with the broker's port in NIGHTJAR_PORT, and asks that both end well.

    run_with_broker.py [-o NAME=VALUE]... [--shards N] -- PROGRAM [ARGUMENT]...

--shards is for a GoogleTest program whose tests mostly wait: N of it run at once, each with its share of the tests.

Needs the environment of nightjar_process.py.
"""

import argparse
import os
import subprocess
import sys
import time

from nightjar_process import engine, nightjar, workers


def start(program, broker, shard, shards):
    told = {"NIGHTJAR_PORT": str(broker.port)}
    if shards > 1:
        told |= {"GTEST_SHARD_INDEX": str(shard), "GTEST_TOTAL_SHARDS": str(shards)}
    return subprocess.Popen(program, env={**os.environ, **told})


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-o", action="append", default=[], metavar="NAME=VALUE", help="an option of the broker")
    options.add_argument("--shards", type=int, default=1, metavar="N", help="how many of the program run at once")
    options.add_argument("program", nargs="+")
    wanted = options.parse_args()
    broker = nightjar(dict(one.split("=", 1) for one in wanted.o))
    began = time.monotonic()
    codes = [one.wait() for one in [start(wanted.program, broker, n, wanted.shards) for n in range(wanted.shards)]]
    spent, ended = time.monotonic() - began, broker.stop()
    if ended != 0 or any(codes):
        print(f"the program ended with {codes}, the broker with {ended}:\n{broker.tail()}", file=sys.stderr)
    print(f"engine {engine()}, {workers()} workers: {spent:.1f} s", file=sys.stderr)
    return 1 if ended != 0 or any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
