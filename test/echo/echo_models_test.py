"""Every model answers many connections, on every engine."""

import socket
import unittest

from echo_case import MODELS, OF_PROCESSES, crowd, echo_case, pattern, processes_of

ENGINES = ["epoll", "io_uring", "libuv", "libevent"]


class answers(echo_case):
    def started(self, name, engine, *more):
        made = self.launch(*MODELS[name], "--engine", engine, *more)
        try:
            return made.ready()
        except AssertionError:
            if engine != "epoll" and made.process.poll() == 1:
                self.skipTest(f"no {engine} here")
            raise

    def each(self, *names):
        for name in names or MODELS:
            for engine in ENGINES:
                with self.subTest(model=name, engine=engine):
                    yield name, engine

    def test_many_connections(self):
        for name, engine in self.each():
            at = self.started(name, engine)
            self.assertEqual(engine, at.engine)
            load = crowd(at, 60, 20, 300).run()
            self.assertEqual((0, 0, 60 * 20), (load.broken, load.wrong, load.answers))
            self.assertEqual(60, at.total("accepted"))
            self.assertEqual(at.total("bytes_in"), at.total("bytes_out"))
            self.assertEqual(sum((300 + i % 7) * 20 for i in range(60)), at.total("bytes_in"))
            at.stop()

    def test_more_than_fits_a_socket(self):
        for name, engine in self.each():
            at = self.started(name, engine)
            much = pattern(8_000_000)
            self.assertTrue(self.client(at).ask(much) == much)
            at.stop()

    def test_what_was_asked_before_the_end_is_answered(self):
        for name, engine in self.each():
            at = self.started(name, engine, "--work", "2000")
            one = self.client(at)
            one.socket.sendall(b"last words")
            one.socket.shutdown(socket.SHUT_WR)
            self.assertEqual(b"last words", one.read(10))
            self.assertTrue(one.is_closed())
            at.stop()

    def test_connections_are_counted_while_they_are_open(self):
        for name, engine in self.each():
            if engine != "epoll":
                continue
            at = self.started(name, engine)
            open_ones = [self.client(at) for _ in range(5)]
            self.assertTrue(all(one.is_alive() for one in open_ones))
            self.assertEqual(5, at.total("connections"))
            for one in open_ones:
                one.close()
            for _ in range(200):
                if at.total("connections") == 0:
                    break
            self.assertEqual(0, at.total("connections"))
            self.assertEqual(5, at.total("accepted"))
            at.stop()


class distribution(echo_case):
    def test_connections_go_round(self):
        for name in ("threads", "cluster", "fork_per_core"):
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                clients = [self.client(at) for _ in range(30)]
                self.assertTrue(all(one.is_alive() for one in clients))
                each = [one["connections"] for one in at.counters()]
                self.assertEqual(3, len(each))
                # A process that is still being made is passed over.
                self.assertGreaterEqual(min(each), 8 if name == "fork_per_core" else 10, each)
                at.stop()

    def test_every_worker_gets_some(self):
        for name in ("prefork_exclusive", "prefork_mutex", "reuseport_threads", "reuseport_processes"):
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                self.spread(at, 3)
                at.stop()

    def test_workers_are_processes_or_are_not(self):
        for name in MODELS:
            with self.subTest(model=name):
                at = self.serve(*MODELS[name])
                at_rest = len(processes_of(at.pid))
                self.assertEqual(3 if name in OF_PROCESSES and "fork_per" not in name else 0, at_rest)
                at.stop()

    def test_a_process_per_connection(self):
        at = self.serve(*MODELS["fork_per_connection"])
        clients = [self.client(at) for _ in range(7)]
        self.assertTrue(all(one.is_alive() for one in clients))
        self.assertEqual(7, len(processes_of(at.pid)))
        self.assertEqual(7, len({one["pid"] for one in at.counters()}))
        for one in clients:
            one.close()
        for _ in range(500):
            if not processes_of(at.pid):
                break
            at.counters()
        self.assertEqual([], processes_of(at.pid))

    def test_steering_by_cpu_needs_no_more_than_a_flag(self):
        for more in ([], ["--processes"]):
            at = self.serve("--model", "reuseport", "--workers", "2", "--steer", *more)
            load = crowd(at, 40, 5, 100).run()
            self.assertEqual((0, 0), (load.broken, load.wrong))
            at.stop()


if __name__ == "__main__":
    unittest.main()
