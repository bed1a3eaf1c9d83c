#!/usr/bin/env python3
"""Runs all broker_*.py against one broker per set of options, then asks that every broker ends well.

Arguments, if any, are patterns of tests: run_broker_tests.py -k will. Needs the environment of nightjar_process.py.
"""

import argparse
import pathlib
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


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-k", action="append", default=None, help="only tests whose names contain this")
    options.add_argument("-v", action="store_true", help="one line per test")
    wanted = options.parse_args()
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{k}*" for k in wanted.k] if wanted.k else None
    suite = loader.discover(str(pathlib.Path(__file__).parent), pattern="broker_*.py")
    runner = unittest.TextTestRunner(verbosity=2 if wanted.v else 1, resultclass=timed_result)
    found = runner.run(suite)
    troubles = brokers.stop()
    for one in troubles:
        print(one, file=sys.stderr)
    for spent, name in sorted(getattr(found, "spent", []), reverse=True)[:SLOWEST]:
        print(f"{spent:6.2f} s  {name}", file=sys.stderr)
    print(f"engine {engine()}, {workers()} workers: {found.testsRun} tests", file=sys.stderr)
    return 0 if found.wasSuccessful() and found.testsRun and not troubles else 1


if __name__ == "__main__":
    sys.exit(main())
