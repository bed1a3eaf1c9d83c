"""Workers that die: what was not theirs goes on, and they are replaced, at a bounded rate."""

import os
import signal
import time
import unittest

from echo_case import MODELS, OF_PROCESSES, crowd, echo_case, eventually, processes_of, state_of


class crashes(echo_case):
    def test_connections_of_the_others_go_on(self):
        for name in OF_PROCESSES:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                clients = self.spread(at, 3)
                pids = {one["worker"]: one["pid"] for one in at.counters()}
                os.kill(pids[1], signal.SIGKILL)
                at.says(rf"worker 1 \(pid {pids[1]}\) was killed by signal 9; a new one starts")
                self.assertTrue(clients[1].is_closed())
                self.assertTrue(clients[0].is_alive() and clients[2].is_alive())
                eventually(lambda: len(processes_of(at.pid)) == 3, "a replacement")
                after = {one["worker"]: one["pid"] for one in at.counters()}
                self.assertEqual((pids[0], pids[2]), (after[0], after[2]))
                self.assertNotEqual(pids[1], after[1])
                at.stop()

    def test_under_load(self):
        for name in OF_PROCESSES:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                if name == "fork_per_core":
                    for one in self.spread(at, 3).values():
                        one.close()
                    eventually(lambda: at.total("connections") == 0, "nobody but the crowd")
                load = crowd(at, 60, 300, 100)
                victim = {}

                def kill_one(of):
                    if victim or of.answers < 3000:
                        return
                    one = max(at.counters(), key=lambda each: each["connections"])
                    victim.update(one)
                    os.kill(one["pid"], signal.SIGKILL)

                load.run(kill_one)
                self.assertTrue(victim, "it died under load")
                self.assertEqual(0, load.wrong)
                self.assertEqual(victim["connections"], load.broken, "the dead worker's, and no others")
                eventually(lambda: len(processes_of(at.pid)) == 3, "a replacement")
                again = crowd(at, 60, 5, 100).run()
                self.assertEqual((0, 0), (again.broken, again.wrong))
                at.stop()

    def test_a_holder_of_the_accept_mutex_may_die(self):
        at = self.serve("--model", "prefork", "--accept", "mutex", "--workers", "2")
        for _ in range(4):
            time.sleep(0.2)
            for pid in processes_of(at.pid):
                os.kill(pid, signal.SIGKILL)
                self.assertTrue(self.client(at).is_alive())

    def test_the_process_of_a_connection(self):
        at = self.serve(*MODELS["fork_per_connection"])
        clients = [self.client(at) for _ in range(3)]
        self.assertTrue(all(one.is_alive() for one in clients))
        victim = processes_of(at.pid)[1]
        os.kill(victim, signal.SIGKILL)
        at.says(rf"worker 1 \(pid {victim}\) was killed by signal 9$")
        self.assertEqual([True, False, True], [one.is_alive() for one in clients])
        self.assertTrue(self.client(at).is_alive())

    def test_nothing_in_a_backlog_is_lost(self):
        """Its socket outlives a worker: who waits there is served by the next one."""
        at = self.serve("--model", "reuseport", "--processes", "--workers", "1")
        pid = processes_of(at.pid)[0]
        os.kill(pid, signal.SIGSTOP)  # which takes its time where much else runs
        eventually(lambda: state_of(pid) == "T", "a worker that stands still")
        waiting = [self.client(at) for _ in range(5)]
        os.kill(pid, signal.SIGKILL)
        self.assertTrue(all(one.is_alive() for one in waiting))

    def test_a_crash_loop_is_slowed_down(self):
        at = self.serve("--model", "cluster", "--workers", "1")
        begin, deaths = time.monotonic(), 0
        while time.monotonic() - begin < 2.5:
            for pid in processes_of(at.pid):
                os.kill(pid, signal.SIGKILL)
                deaths += 1
            time.sleep(0.005)
        # Pauses of 100, 200, 400, 800 and 1600 ms.
        self.assertLessEqual(deaths, 8)
        self.assertGreaterEqual(deaths, 3)
        at.says("a new one starts in 100 ms")
        at.says("a new one starts in 400 ms")
        self.assertTrue(self.client(at).is_alive(), "served when the pause is over")


if __name__ == "__main__":
    unittest.main()
