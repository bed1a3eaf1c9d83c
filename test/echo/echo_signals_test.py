"""QUIT drains, TERM and INT stop, HUP replaces workers one by one, USR1 prints counters."""

import os
import signal
import threading
import time
import unittest

from echo_case import MODELS, OF_PROCESSES, PATIENCE_S, crowd, echo_case, eventually, pattern, processes_of


class stopping(echo_case):
    def test_term_and_int_end_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            for name in MODELS:
                with self.subTest(model=name, signal=number):
                    at = self.serve(*MODELS[name])
                    held = [self.client(at) for _ in range(4)]
                    self.assertTrue(all(one.is_alive() for one in held))
                    begin = time.monotonic()
                    at.signal(number)
                    self.assertEqual(0, at.ended())
                    self.assertLess(time.monotonic() - begin, 2)
                    self.assertTrue(all(one.is_closed() for one in held))

    def test_nothing_is_left_behind(self):
        for name in OF_PROCESSES:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                self.assertTrue(self.client(at).is_alive())
                children = processes_of(at.pid)
                at.signal(signal.SIGTERM)
                at.ended()
                self.assertFalse([one for one in children if os.path.exists(f"/proc/{one}")])

    def test_the_end_of_the_first_process_ends_the_others(self):
        for name in OF_PROCESSES:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                one = self.client(at)
                self.assertTrue(one.is_alive())
                children = processes_of(at.pid)
                self.assertTrue(children)
                at.process.kill()
                at.ended()
                eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in children), "children end")


class draining(echo_case):
    def test_quit_finishes_open_exchanges_and_takes_no_new_ones(self):
        for name in MODELS:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name], "--drain", "20")
                idle = self.client(at)
                busy = self.client(at)
                self.assertTrue(idle.is_alive() and busy.is_alive())
                much = pattern(6_000_000)
                sender = threading.Thread(target=busy.socket.sendall, args=(much,))
                sender.start()
                time.sleep(0.1)  # its answer waits in the server now, and the rest in the sockets
                at.signal(signal.SIGQUIT)
                self.assertTrue(idle.is_closed())
                with self.assertRaises(OSError):
                    self.client(at)
                self.assertTrue(busy.read(len(much)) == much)
                sender.join(PATIENCE_S)
                self.assertTrue(busy.is_closed())
                self.assertEqual(0, at.ended())

    def test_the_drain_has_a_limit(self):
        for name in ("single", "threads", "reuseport_threads", "pool", "cluster", "fork_per_connection"):
            with self.subTest(model=name):
                at = self.serve(*MODELS[name], "--drain", "0.6")
                stuck = self.client(at)
                stuck.socket.settimeout(0.3)
                with self.assertRaises(TimeoutError):
                    while True:
                        stuck.socket.sendall(pattern(100_000))  # and reads nothing
                begin = time.monotonic()
                at.signal(signal.SIGQUIT)
                self.assertEqual(0, at.ended())
                self.assertGreater(time.monotonic() - begin, 0.5)
                self.assertLess(time.monotonic() - begin, 2.5)

    def test_without_connections_it_ends_at_once(self):
        for name in MODELS:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                begin = time.monotonic()
                at.signal(signal.SIGQUIT)
                self.assertEqual(0, at.ended())
                self.assertLess(time.monotonic() - begin, 1)


class restarting(echo_case):
    def pids(self, at):
        return {one["worker"]: one["pid"] for one in at.counters()}

    def test_hup_replaces_every_process_and_loses_no_exchange(self):
        for name in OF_PROCESSES:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name], "--drain", "20")
                if name == "fork_per_core":
                    self.spread(at, 3)
                before = self.pids(at)
                load = crowd(at, 30, 400, 200)
                state = {"answers": 0}

                def send_hup(of):
                    if not state["answers"] and of.answers > 1000:
                        state["answers"] = of.answers
                        at.signal(signal.SIGHUP)

                load.run(send_hup)
                self.assertGreater(state["answers"], 0, "HUP came under load")
                self.assertEqual((0, 0, 30 * 400), (load.broken, load.wrong, load.answers))
                eventually(lambda: not set(before.values()) & set(processes_of(at.pid)), "the old ones leave")
                after = self.pids(at)
                self.assertEqual(before.keys(), after.keys())
                self.assertTrue(self.client(at).is_alive())
                self.assertEqual(len(after), len(processes_of(at.pid)))
                at.stop()

    def test_an_idle_connection_is_closed_by_hup_and_a_new_one_served(self):
        at = self.serve(*MODELS["cluster"])
        one = self.client(at)
        self.assertTrue(one.is_alive())
        at.signal(signal.SIGHUP)
        self.assertTrue(one.is_closed())
        self.assertTrue(self.client(at).is_alive())

    def test_counters_go_on_over_a_restart(self):
        at = self.serve(*MODELS["cluster"])
        crowd(at, 9, 10, 50).run()
        before = at.total("messages"), at.total("bytes_in")
        old = set(processes_of(at.pid))
        at.signal(signal.SIGHUP)
        eventually(lambda: not old & set(processes_of(at.pid)), "the old ones leave")
        self.assertEqual(before, (at.total("messages"), at.total("bytes_in")))

    def test_hup_twice_is_two_restarts(self):
        at = self.serve(*MODELS["prefork_exclusive"])
        at.signal(signal.SIGHUP)
        at.says("HUP: the workers are replaced one by one")
        at.signal(signal.SIGHUP)
        at.says("once more when that is over|replaced one by one", 2)
        at.says("replaced one by one", 2)
        eventually(lambda: len(processes_of(at.pid)) == 3, "three workers again")

    def test_hup_says_where_there_is_nothing_to_replace(self):
        for name in ("single", "threads", "reuseport_threads", "pool"):
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                one = self.client(at)
                at.signal(signal.SIGHUP)
                at.says("HUP replaces worker processes; this model has none")
                self.assertTrue(one.is_alive())


class counting(echo_case):
    def test_usr1_prints_a_line_per_worker(self):
        for name in MODELS:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                one = self.client(at)
                self.assertEqual(b"x" * 10, one.ask(b"x" * 10))
                counters = at.counters()
                if "fork" not in name or "prefork" in name:
                    self.assertEqual(list(range(at.workers)), [each["worker"] for each in counters])
                self.assertEqual((1, 1, 1, 10, 10), tuple(sum(each[what] for each in counters) for what in (
                    "connections", "accepted", "messages", "bytes_in", "bytes_out")))
                of_processes = name in OF_PROCESSES or name == "fork_per_connection"
                pids = set(processes_of(at.pid)) if of_processes else {at.pid}
                self.assertEqual(pids, {each["pid"] for each in counters if each["pid"] or name != "fork_per_core"})
                at.stop()


if __name__ == "__main__":
    unittest.main()
