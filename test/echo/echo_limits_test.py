"""What is bounded: connections, tasks, memory; and what is refused."""

import os
import socket
import time
import unittest

from echo_case import MODELS, PATIENCE_S, crowd, echo_case, eventually, pattern, processes_of, resident_bytes


class connections(echo_case):
    def test_beyond_the_limit_they_wait_for_room(self):
        for name in ("single", "threads", "pool", "cluster", "prefork_exclusive", "prefork_mutex"):
            with self.subTest(model=name):
                at = self.serve(*MODELS[name], "--workers", "1", "--connections-max", "3")
                inside = [self.client(at) for _ in range(3)]
                self.assertTrue(all(one.is_alive() for one in inside))
                waiting = self.client(at)
                waiting.socket.sendall(b"let me in")
                waiting.socket.settimeout(0.4)
                with self.assertRaises(TimeoutError):
                    waiting.socket.recv(1)
                inside[0].close()
                waiting.socket.settimeout(PATIENCE_S)
                self.assertEqual(b"let me in", waiting.read(9))
                self.assertTrue(inside[1].is_alive())
                at.stop()

    def test_no_more_processes_than_there_may_be(self):
        at = self.serve("--model", "fork", "--processes-max", "2")
        inside = [self.client(at) for _ in range(2)]
        self.assertTrue(all(one.is_alive() for one in inside))
        waiting = self.client(at)
        waiting.socket.sendall(b"x")
        time.sleep(0.2)
        self.assertEqual(2, len(processes_of(at.pid)))
        inside[0].close()
        self.assertEqual(b"x", waiting.read(1))


class output(echo_case):
    def test_a_peer_that_reads_nothing_is_not_read(self):
        for name in MODELS:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                one = self.client(at)
                one.socket.settimeout(0.5)
                sent = 0
                with self.assertRaises(TimeoutError):
                    while True:
                        sent += one.socket.send(pattern(65536))
                self.assertLess(sent, 40_000_000)
                one.socket.settimeout(PATIENCE_S)
                self.assertTrue(one.read(sent) == pattern(65536) * (sent // 65536) + pattern(sent % 65536)
                                or sent % 65536)
                at.stop()


class tasks(echo_case):
    FLOOD = 400

    def test_a_full_queue_is_back_pressure(self):
        at = self.serve("--model", "pool", "--workers", "2", "--tasks-max", "8", "--work", "3000")
        before = resident_bytes(at.pid)
        piece = pattern(60_000)
        peers = []
        for _ in range(self.FLOOD):
            one = socket.create_connection((at.host, at.port), PATIENCE_S)
            self.addCleanup(one.close)
            one.setblocking(False)
            peers.append(one)
        sent = [0] * len(peers)
        for _ in range(20):
            for number, one in enumerate(peers):
                try:
                    sent[number] += one.send(piece)
                except BlockingIOError:
                    pass
            time.sleep(0.01)
        grown = resident_bytes(at.pid) - before
        # What was sent lies in the sockets. Without a limit, the tasks would hold a read of each of the connections.
        self.assertGreater(sum(sent), 60_000_000)
        self.assertLess(grown, 12_000_000, f"of {sum(sent)} bytes")
        self.assertLess(at.total("bytes_in"), sum(sent) // 2, "it was measured while tasks waited")
        self.assertEqual(self.FLOOD, at.total("connections"))

    def test_everybody_has_a_turn(self):
        at = self.serve("--model", "pool", "--workers", "2", "--tasks-max", "4", "--work", "200")
        load = crowd(at, 100, 10, 1000).run()
        self.assertEqual((0, 0, 1000), (load.broken, load.wrong, load.answers))

    def test_answers_keep_their_order(self):
        at = self.serve("--model", "pool", "--workers", "4", "--tasks-max", "16", "--work", "50")
        much = pattern(3_000_000)
        self.assertTrue(self.client(at).ask(much) == much)

    def test_a_connection_may_die_while_its_task_runs(self):
        at = self.serve("--model", "pool", "--workers", "2", "--work", "100000")
        for _ in range(4):
            one = self.client(at)
            one.socket.sendall(b"never mind")
            time.sleep(0.02)
            one.close()
        eventually(lambda: at.total("connections") == 0, "the dead ones leave")
        self.assertTrue(self.client(at).is_alive())


class places(echo_case):
    def cpus_of(self, pid):
        """Of each thread that works."""
        found = {}
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/comm", encoding="ascii") as file:
                name = file.read().strip()
            if "/" in name:
                found[name] = os.sched_getaffinity(int(thread))
        return found

    def test_pin_gives_each_worker_a_cpu(self):
        cpus = sorted(os.sched_getaffinity(0))
        wanted = {f"echo/{i}": {cpus[i % len(cpus)]} for i in range(3)}
        for name in ("threads", "reuseport_threads", "pool"):
            with self.subTest(model=name):
                self.assertEqual(wanted, self.cpus_of(self.serve(*MODELS[name], "--pin").pid))
        for name in ("cluster", "prefork_exclusive", "reuseport_processes"):
            with self.subTest(model=name):
                at = self.serve(*MODELS[name], "--pin")
                found = {}
                for pid in processes_of(at.pid):
                    found.update(self.cpus_of(pid))
                self.assertEqual(wanted, found)

    def test_numa_binds_memory(self):
        if not os.path.isdir("/sys/devices/system/node/node0"):
            self.skipTest("this kernel knows no NUMA nodes")
        at = self.launch(*MODELS["cluster"], "--numa", "0")
        try:
            at.ready()
        except AssertionError:
            self.assertIn("denied", " ".join(at.notes))
            self.skipTest("this container forbids set_mempolicy")
        for pid in processes_of(at.pid):
            with open(f"/proc/{pid}/numa_maps", encoding="ascii") as file:
                self.assertIn("bind:0", file.read())


class refusals(echo_case):
    def refused(self, code, *arguments):
        at = self.launch(*arguments)
        self.assertEqual(code, at.ended(), at.notes)
        self.assertEqual([], at.lines)
        return " ".join(at.notes)

    def test_command_lines(self):
        self.assertIn("there is no model solo", self.refused(2, "--model", "solo"))
        self.assertIn("there is no engine kqueue", self.refused(2, "--engine", "kqueue"))
        self.assertIn("localhost is no IP address", self.refused(2, "--address", "localhost"))
        self.assertIn("--workers", self.refused(2, "--workers", "5000"))
        self.assertIn("--cpus excludes --numa", self.refused(2, "--numa", "0", "--cpus", "0"))
        self.assertIn("--such-a-flag", self.refused(2, "--such-a-flag"))

    def test_places_that_do_not_exist(self):
        self.assertIn("there is no NUMA node 77", self.refused(1, "--numa", "77"))
        self.assertIn("CPU 1000 is not this process's", self.refused(1, "--cpus", "1000"))

    def test_a_port_in_use(self):
        first = self.serve("--model", "single")
        for name in MODELS:
            with self.subTest(model=name):
                at = self.launch(*MODELS[name], "--port", first.port)
                self.assertEqual(1, at.ended())
                self.assertIn("Address already in use", " ".join(at.notes))


if __name__ == "__main__":
    unittest.main()
