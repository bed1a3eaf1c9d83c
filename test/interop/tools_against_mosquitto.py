#!/usr/bin/env python3
"""Compares `nightjar pub`, `sub` and `rr` with Mosquitto's tools, byte for byte.

    NIGHTJAR=build/dev/nightjar NIGHTJAR_TOOLS_BROKER=epoll tools_against_mosquitto.py [TEST...]

Each case runs with both programs against one broker on a free port (see tools_pair.py); standard output, the exit code and,
where the case says so, standard error must be the same.
"""

import sys
import unittest

import tools_pair

MODULES = ["tools_printing", "tools_publishing", "tools_refusing"]


def main():
    if tools_pair.BROKER == "mosquitto":  # servers of the test's own need no broker: once is enough
        MODULES.append("tools_servers")
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(sys.argv[1:] or MODULES)
    return 0 if unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
