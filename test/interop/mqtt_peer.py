"""A client that does what a test tells it, packet by packet, over a plain socket.

It acknowledges what it receives unless told otherwise, and never retries or reconnects by itself.
"""

import collections
import itertools
import socket
import time

import mqtt_packets as mqtt
from nightjar_process import PATIENCE_S

serial = itertools.count(1)


class ended(Exception):
    """The broker closed the connection."""


def dial(broker):
    if broker.port is None:
        plug = socket.socket(socket.AF_UNIX)
        plug.settimeout(PATIENCE_S)
        plug.connect(broker.path)
        return plug
    plug = socket.create_connection((broker.host, broker.port), PATIENCE_S)
    plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return plug


class raw:
    """Bytes out, packets in."""

    def __init__(self, broker, version=5):
        self.version, self.buffer = version, bytearray()
        self.socket = dial(broker)

    def send(self, *parts):
        self.socket.settimeout(PATIENCE_S)
        self.socket.sendall(b"".join(parts))

    def fill(self, until):
        self.socket.settimeout(max(until - time.monotonic(), 0.001))
        try:
            got = self.socket.recv(1 << 18)
        except ConnectionError:
            got = b""
        if not got:
            raise ended()
        self.buffer += got

    def cut_packet(self):
        """One whole packet from the front of the buffer, or None."""
        size = 0
        for at in range(1, min(len(self.buffer), 5)):
            size |= (self.buffer[at] & 0x7F) << 7 * (at - 1)
            if self.buffer[at] & 0x80:
                continue
            end = at + 1 + size
            if len(self.buffer) < end:
                return None
            found = mqtt.decode(self.buffer[0], bytes(self.buffer[at + 1:end]), self.version)
            found.wire_size = end
            found.wire = bytes(self.buffer[:end])
            del self.buffer[:end]
            return found
        return None

    def read(self, patience_s=PATIENCE_S):
        """The next packet. TimeoutError if none comes, `ended` if none will come."""
        until = time.monotonic() + patience_s
        while True:
            found = self.cut_packet()
            if found:
                return found
            if time.monotonic() > until:
                raise TimeoutError("no packet came")
            self.fill(until)

    def close(self):
        self.socket.close()


class peer(raw):
    """A client that said CONNECT; `connack` is the answer."""

    def __init__(self, broker, client_id=None, version=5, *, acks=True, **connect):
        super().__init__(broker, version)
        self.id = f"c{next(serial)}" if client_id is None else client_id
        self.acks, self.inbox, self.ids = acks, collections.deque(), itertools.count(1)
        self.send(mqtt.connect(version, self.id, **connect))
        self.connack = self.wait(mqtt.CONNACK)

    def read(self, patience_s=PATIENCE_S):
        found = super().read(patience_s)
        if self.acks and found.kind == mqtt.PUBLISH and found.qos:
            self.send(mqtt.ack(mqtt.PUBACK if found.qos == 1 else mqtt.PUBREC, found.id))
        if self.acks and found.kind == mqtt.PUBREL:
            self.send(mqtt.ack(mqtt.PUBCOMP, found.id))
        return found

    def wait(self, kind, packet_id=None, patience_s=PATIENCE_S):
        """The next packet of this kind (and identifier); what else comes stays in the inbox, in order."""
        def fits(one):
            return one.kind == kind and packet_id in (None, getattr(one, "id", None))
        for at, one in enumerate(self.inbox):
            if fits(one):
                del self.inbox[at]
                return one
        while True:
            one = self.read(patience_s)
            if fits(one):
                return one
            self.inbox.append(one)

    def message(self, patience_s=PATIENCE_S):
        return self.wait(mqtt.PUBLISH, patience_s=patience_s)

    def messages(self, count):
        return [self.message() for _ in range(count)]

    def subscribe(self, *filters, props=None):
        """`filters`: names, or pairs of name and options byte. Returns SUBACK."""
        packet_id = next(self.ids)
        pairs = [(f, 0) if isinstance(f, str) else f for f in filters]
        self.send(mqtt.subscribe(self.version, packet_id, pairs, props))
        return self.wait(mqtt.SUBACK, packet_id)

    def unsubscribe(self, *filters):
        packet_id = next(self.ids)
        self.send(mqtt.unsubscribe(self.version, packet_id, filters))
        return self.wait(mqtt.UNSUBACK, packet_id)

    def publish(self, topic, payload=b"", qos=0, **how):
        """Publishes and waits for the last acknowledgement; returns the reason code."""
        packet_id = next(self.ids) if qos else None
        self.send(mqtt.publish(self.version, topic, payload, qos=qos, packet_id=packet_id, **how))
        if qos == 0:
            return 0
        if qos == 1:
            return self.wait(mqtt.PUBACK, packet_id).code
        code = self.wait(mqtt.PUBREC, packet_id).code
        if code < 0x80:
            self.send(mqtt.ack(mqtt.PUBREL, packet_id))
            self.wait(mqtt.PUBCOMP, packet_id)
        return code

    def ping(self):
        self.send(mqtt.packet(mqtt.PINGREQ))
        return self.wait(mqtt.PINGRESP)

    def leave(self, code=0, props=None):
        """DISCONNECT, then waits until the broker closed."""
        self.send(mqtt.disconnect(self.version, code, props))
        self.remainder()
        self.close()

    def drop(self):
        """The end without a word."""
        self.close()

    def remainder(self, patience_s=PATIENCE_S):
        """All packets until the broker closes, those of the inbox first."""
        found = list(self.inbox)
        self.inbox.clear()
        try:
            while True:
                found.append(super().read(patience_s))
        except ended:
            return found
