"""What happens at the limits: queues, slow readers, memory. Others must not notice."""

import re
import unittest

from broker_case import broker_case, mqtt
from nightjar_process import eventually, is_sanitized

KEPT = {"session_expiry_interval": 60}
MEBIBYTE = 1 << 20


class small_queue(broker_case):
    """`survivors` of ten messages for a client that is away."""

    options = {"max_queued_messages": 5}
    survivors = [0, 1, 2, 3, 4]

    def test_a_full_queue(self):
        broker = self.broker
        for version in (4, 5):
            name = self.unique("k")
            how = {"clean": False, "props": KEPT} if version == 5 else {"clean": False}
            reader = self.peer(name, version, **how)
            reader.subscribe((self.name, 1))
            reader.leave()
            writer = self.peer()
            for number in range(10):
                writer.publish(self.name, b"%d" % number, 1)
            eventually(lambda: len(re.findall(f"being dropped for client {name}:", "\n".join(broker.log))) == 1,
                       "it is said once")
            self.settle(writer)
            again = self.peer(name, version, **how)
            self.assertEqual(self.survivors, [int(m.payload) for m in again.messages(5)])
            self.assert_quiet(writer, again)
            again.leave()
            eventually(lambda: f"Client {name} did not get 5 messages" in "\n".join(broker.log), "the total")


class small_queue_that_forgets_the_oldest(small_queue):
    options = {"max_queued_messages": 5, "slow_subscriber_policy": "drop_oldest"}
    survivors = [5, 6, 7, 8, 9]


class small_queue_of_bytes(small_queue):
    options = {"max_queued_bytes": 5, "slow_subscriber_policy": "drop_oldest"}
    survivors = [5, 6, 7, 8, 9]


class few_subscriptions(broker_case):
    options = {"max_subscriptions_per_client": 3}

    def test_max_subscriptions_per_client(self):
        for version, refused in ((4, 0x80), (5, 0x97)):
            client = self.peer(version=version)
            names = [f"{self.name}/{version}/{number}" for number in range(5)]
            self.assertEqual([0, 0, 0, refused, refused], client.subscribe(*names).codes)
            self.assertEqual([1], client.subscribe((names[0], 1)).codes, "one that it has")
            client.unsubscribe(names[1])
            self.assertEqual([0, refused], client.subscribe(names[4], names[3]).codes)
            self.assertEqual([0], self.peer(version=version).subscribe(names[3]).codes)


class slow_reader(broker_case):
    options = {"max_outgoing_buffer_bytes": 200_000, "max_queued_messages": 20}
    payload = b"x" * 50_000
    flood = 600  # far more than the sockets hold

    def overrun(self, broker, version=5, qos=0, **connect):
        """A reader that did not read while it was sent far too much, and one that always did."""
        lazy, busy, writer = (self.peer(version=version, at=broker, **connect) for _ in range(3))
        lazy.subscribe((self.name, qos))
        busy.subscribe((self.name, qos))
        for number in range(self.flood):
            writer.publish(self.name, b"%5d" % number + self.payload, 0)
            self.assertEqual(number, int(busy.message().payload[:5]))
        return lazy, writer

    def numbers(self, messages):
        return [int(m.payload[:5]) for m in messages]


class slow_reader_misses_the_newest(slow_reader):
    def test_qos_0(self):
        broker = self.own_broker(self.options)
        lazy, writer = self.overrun(broker)
        found = self.numbers(self.up_to_mark(writer, lazy))
        self.assertEqual(sorted(set(found)), found)
        self.assertLess(len(found), self.flood)
        self.assertNotIn(self.flood - 1, found)
        lazy.leave()
        eventually(lambda: any("it reads too slowly" in line and "did not get" in line for line in broker.log), "a line")


class slow_reader_misses_the_oldest(slow_reader):
    options = slow_reader.options | {"slow_subscriber_policy": "drop_oldest"}

    def test_qos_0(self):
        broker = self.own_broker(self.options)
        lazy, _ = self.overrun(broker)
        found = []
        while not found or found[-1] != self.flood - 1:
            found += self.numbers([lazy.message()])
        self.assertEqual(sorted(found), found)
        self.assertLess(len(found), self.flood)
        self.assertEqual(list(range(self.flood - 15, self.flood)), found[-15:], "the last, without a gap")


class slow_reader_is_sent_away(slow_reader):
    options = slow_reader.options | {"slow_subscriber_policy": "disconnect"}

    def test_qos_0(self):
        for version in (4, 5):
            broker = self.own_broker(self.options)
            lazy, writer = self.overrun(broker, version)
            last = [p for p in lazy.remainder() if p.kind != mqtt.PUBLISH]
            self.assertEqual([0x97] if version == 5 else [], [p.code for p in last])
            writer.ping()


@unittest.skipIf(is_sanitized(), "resident memory is the sanitizer's matter here")
class memory_is_short(broker_case):
    """Retained messages, queues and slow readers all want more than there is."""

    limit = 96 * MEBIBYTE
    beside = 64 * MEBIBYTE  # the program, threads' stacks, rings, and what the allocator keeps for later
    options = {"memory_limit": limit, "max_queued_messages": 0}

    def resident(self, broker):
        with open(f"/proc/{broker.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) * 1024

    def exchange(self, broker):
        """A newcomer and its messages get through."""
        reader, writer = self.peer(at=broker), self.peer(version=4, at=broker)
        for qos in (0, 1, 2):
            reader.subscribe((self.name, qos))
            writer.publish(self.name, b"still here", qos)
            self.assertEqual(b"still here", reader.message().payload)

    def test_retained_messages(self):
        broker = self.own_broker(self.options)
        writer, taken = self.peer(at=broker), []
        while writer.publish(f"{self.name}/{len(taken)}", b"x" * MEBIBYTE, 1, retain=True) < 0x80:
            taken.append(f"{self.name}/{len(taken)}")
            self.assertLess(len(taken), 200)
        self.assertGreater(len(taken), 40)
        self.assertLess(self.resident(broker), self.limit + self.beside)
        self.exchange(broker)
        old = self.peer(version=4, at=broker)
        old.send(mqtt.publish(4, self.name + "/new", b"x" * MEBIBYTE, qos=1, packet_id=1, retain=True))
        self.assert_ends(old)  # unacknowledged, so that it is sent again later
        for topic in taken[:20]:
            self.assertLess(writer.publish(topic, b"", 1, retain=True), 0x80)
        eventually(lambda: writer.publish(self.name, b"x" * MEBIBYTE, 1, retain=True) < 0x80, "there is room again")

    def test_queues(self):
        broker = self.own_broker(self.options)
        away = self.peer("away", at=broker, clean=False, props=KEPT)
        away.subscribe((self.name, 1))
        away.leave()
        writer = self.peer(at=broker)
        for _ in range(150):
            writer.publish(self.name, b"x" * MEBIBYTE, 1)
        self.assertLess(self.resident(broker), self.limit + self.beside)
        self.exchange(broker)

    def test_packets_that_never_end(self):
        broker = self.own_broker(self.options)
        cut = mqtt.publish(5, self.name, b"x" * 1_900_000)[:-1]
        crowd = []
        for _ in range(100):
            one = self.peer(at=broker)
            crowd.append(one)
            if one.connack.code:
                break
            try:
                one.send(cut)
            except OSError:
                pass
        self.assertLess(self.resident(broker), self.limit + self.beside)
        for one in crowd:
            one.close()
        eventually(lambda: self.peer(at=broker).connack.code == 0, "there is room again")
        self.exchange(broker)

    def test_memory_is_given_back(self):
        broker = self.own_broker({"max_queued_messages": 0})
        before = self.resident(broker)
        self.queue_for_many(broker)
        burst = self.resident(broker)
        self.assertGreater(burst, before + 40 * MEBIBYTE)
        for number in range(20):
            self.peer(f"away{number}", at=broker, clean=True).leave()
        eventually(lambda: self.resident(broker) < before + (burst - before) * 0.3, "most of it is back", 30)
        self.exchange(broker)

    def queue_for_many(self, broker):
        for number in range(20):
            away = self.peer(f"away{number}", at=broker, clean=False, props=KEPT)
            away.subscribe((self.name, 1))
            away.leave()
        writer = self.peer(at=broker)
        packets = b"".join(mqtt.publish(5, self.name, b"x" * 500, qos=1, packet_id=1) for _ in range(50))
        for _ in range(1000):
            writer.send(packets)
            for _ in range(50):
                writer.wait(mqtt.PUBACK)
