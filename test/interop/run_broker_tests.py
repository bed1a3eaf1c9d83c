#!/usr/bin/env python3
"""Runs all broker_*.py against one broker per set of options, then asks that every broker ends well.

Most tests wait most of their time, so -j processes share them; each has brokers of its own. Arguments, if any, are
patterns of tests: run_broker_tests.py -k will. Needs the environment of nightjar_process.py.
"""

import argparse
import pathlib
import subprocess
import sys
import time
import unittest

from broker_case import brokers, engine, workers

SLOWEST = 5


class timed_result(unittest.TextTestResult):
    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.spent = getattr(self, "spent", [])
        self.spent.append((time.monotonic() - self.began, test.id()))


def each(suite):
    """The tests of a suite, in a stable order."""
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from each(one)
        else:
            yield one


def run(patterns, share, verbose):
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{k}*" for k in patterns] if patterns else None
    found = list(each(loader.discover(str(pathlib.Path(__file__).parent), pattern="broker_*.py")))
    mine, parts = share
    runner = unittest.TextTestRunner(verbosity=2 if verbose else 1, resultclass=timed_result)
    result = runner.run(unittest.TestSuite(found[mine::parts]))
    troubles = brokers.stop()
    for one in troubles:
        print(one, file=sys.stderr)
    for spent, name in sorted(getattr(result, "spent", []), reverse=True)[:SLOWEST]:
        print(f"{spent:6.2f} s  {name}", file=sys.stderr)
    print(f"engine {engine()}, {workers()} workers: {result.testsRun} tests", file=sys.stderr)
    return 0 if result.wasSuccessful() and found and not troubles else 1


def run_shared(arguments, parts):
    """The same call again in `parts` processes, each with its share of the tests."""
    calls = [[sys.executable, __file__, *arguments, "--share", str(n), str(parts)] for n in range(parts)]
    return max([one.wait() for one in [subprocess.Popen(call) for call in calls]])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-k", action="append", default=None, help="only tests whose names contain this")
    options.add_argument("-v", action="store_true", help="one line per test")
    options.add_argument("-j", type=int, default=1, metavar="N", help="share the tests among so many processes")
    options.add_argument("--share", type=int, nargs=2, default=(0, 1), metavar=("N", "OF"), help="only every OFth, from N on")
    wanted = options.parse_args()
    if wanted.j > 1:
        again = [f"-k{k}" for k in wanted.k or ()] + (["-v"] if wanted.v else [])
        return run_shared(again, wanted.j)
    return run(wanted.k, wanted.share, wanted.v)


if __name__ == "__main__":
    sys.exit(main())
