"""What all tests of the broker share: a broker, peers that are closed at the end, and names of their own."""

import itertools
import unittest

import mqtt_packets as mqtt
from mqtt_peer import ended, peer, raw
from nightjar_process import engine, nightjar, shared_brokers, workers

brokers = shared_brokers()
names = itertools.count(1)
VERSIONS = (3, 4, 5)
EVERYWHERE = 8  # clients per worker, so that no worker is likely to be without any


class broker_case(unittest.TestCase):
    """`options` are the broker's; tests with equal options share a broker."""

    options = {}

    def setUp(self):
        self.broker = brokers.get(self.options)
        self.name = f"{self._testMethodName}/{next(names)}"

    def tearDown(self):
        if not self.broker.is_running():
            self.fail("the broker is gone:\n" + self.broker.tail())

    def unique(self, stem="x"):
        return f"{stem}{next(names)}"

    def peer(self, client_id=None, version=5, *, at=None, **how):
        made = peer(at or self.broker, client_id, version, **how)
        self.addCleanup(made.close)
        return made

    def raw(self, version=5, *, at=None):
        made = raw(at or self.broker, version)
        self.addCleanup(made.close)
        return made

    def own_broker(self, options=None, lines=None):
        made = nightjar(options, lines)
        self.addCleanup(made.stop)
        return made

    def up_to_mark(self, sender, listener, qos=0):
        """What `listener` got before a last message that `sender` sends it now: so that nothing more is on its way."""
        mark = self.unique("mark/")
        listener.subscribe((mark, qos))
        sender.publish(mark, b"mark", qos)
        found = []
        while True:
            one = listener.message()
            if one.topic == mark:
                return found
            found.append(one)

    def settle(self, sender):
        """Until every worker has what `sender` published: an acknowledgement does not wait for the others."""
        if workers() == 1:
            return
        mark = self.unique("settled/")
        crowd = [self.peer() for _ in range(EVERYWHERE * workers())]
        for one in crowd:
            one.subscribe(mark)
        sender.publish(mark, b"")
        for one in crowd:
            one.message()
            one.leave()

    def assert_quiet(self, sender, *listeners):
        for one in listeners:
            self.assertEqual([], [m.topic for m in self.up_to_mark(sender, one)])

    def assert_ends(self, client, code=None):
        """The broker closes; with `code`, after a DISCONNECT that says why."""
        try:
            last = [p for p in peer.remainder(client) if p.kind == mqtt.DISCONNECT] if isinstance(client, peer) \
                else drain(client)
        except TimeoutError:
            self.fail("the broker keeps the connection open")
        if code is not None:
            self.assertEqual([code], [p.code for p in last])
        return last


def drain(client):
    found = []
    try:
        while True:
            found.append(client.read())
    except ended:
        return found


__all__ = ["VERSIONS", "broker_case", "brokers", "engine", "ended", "mqtt", "peer", "raw", "workers"]
