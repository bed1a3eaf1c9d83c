"""MQTT 3.1, 3.1.1 and 5.0 packets as bytes and back, written from the standard for tests only.

Nothing here is shared with the broker, and nothing checks what a test wants to send.
"""

import struct
from types import SimpleNamespace

(CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ,
 PINGRESP, DISCONNECT, AUTH) = range(1, 16)

# [5.0 2.2.2.2]: B byte, H two bytes, I four bytes, v variable byte integer, s string, b binary, p pair of strings
PROPERTIES = {
    0x01: ("payload_format_indicator", "B"), 0x02: ("message_expiry_interval", "I"), 0x03: ("content_type", "s"),
    0x08: ("response_topic", "s"), 0x09: ("correlation_data", "b"), 0x0B: ("subscription_identifier", "v"),
    0x11: ("session_expiry_interval", "I"), 0x12: ("assigned_client_identifier", "s"),
    0x13: ("server_keep_alive", "H"), 0x15: ("authentication_method", "s"), 0x16: ("authentication_data", "b"),
    0x17: ("request_problem_information", "B"), 0x18: ("will_delay_interval", "I"),
    0x19: ("request_response_information", "B"), 0x1A: ("response_information", "s"),
    0x1C: ("server_reference", "s"), 0x1F: ("reason_string", "s"), 0x21: ("receive_maximum", "H"),
    0x22: ("topic_alias_maximum", "H"), 0x23: ("topic_alias", "H"), 0x24: ("maximum_qos", "B"),
    0x25: ("retain_available", "B"), 0x26: ("user_property", "p"), 0x27: ("maximum_packet_size", "I"),
    0x28: ("wildcard_subscription_available", "B"), 0x29: ("subscription_identifier_available", "B"),
    0x2A: ("shared_subscription_available", "B"),
}
NUMBERS = {name: (number, form) for number, (name, form) in PROPERTIES.items()}


# --- to bytes -------------------------------------------------------------------------------------


def varint(n):
    out = bytearray()
    while True:
        n, digit = divmod(n, 128)
        out.append(digit | (0x80 if n else 0))
        if not n:
            return bytes(out)


def blob(data):
    data = data.encode() if isinstance(data, str) else data
    return struct.pack("!H", len(data)) + data


def one_property(name, value):
    number, form = NUMBERS[name]
    if form in "BHI":
        body = struct.pack("!" + form, value)
    elif form == "v":
        body = varint(value)
    elif form == "p":
        body = blob(value[0]) + blob(value[1])
    else:
        body = blob(value)
    return bytes([number]) + body


def properties(props):
    pairs = props.items() if isinstance(props, dict) else props or ()
    body = b"".join(one_property(name, value) for name, value in pairs)
    return varint(len(body)) + body


def packet(kind, body=b"", flags=0):
    return bytes([kind << 4 | flags]) + varint(len(body)) + body


def connect(version, client_id, *, clean=True, keep_alive=0, props=None, will=None, user=None, password=None):
    """`will`: a dict of topic, payload, qos, retain, props."""
    flags = 0x02 if clean else 0
    tail = blob(client_id)
    if will:
        flags |= 0x04 | will.get("qos", 0) << 3 | (0x20 if will.get("retain") else 0)
        tail += properties(will.get("props")) if version == 5 else b""
        tail += blob(will["topic"]) + blob(will.get("payload", b""))
    if user is not None:
        flags |= 0x80
        tail += blob(user)
    if password is not None:
        flags |= 0x40
        tail += blob(password)
    head = blob("MQIsdp" if version == 3 else "MQTT") + bytes([version, flags]) + struct.pack("!H", keep_alive)
    return packet(CONNECT, head + (properties(props) if version == 5 else b"") + tail)


def publish(version, topic, payload=b"", *, qos=0, retain=False, dup=False, packet_id=None, props=None):
    body = blob(topic)
    if qos or packet_id is not None:
        body += struct.pack("!H", packet_id)
    if version == 5:
        body += properties(props)
    body += payload.encode() if isinstance(payload, str) else payload
    return packet(PUBLISH, body, qos << 1 | (1 if retain else 0) | (8 if dup else 0))


def ack(kind, packet_id, code=0):
    body = struct.pack("!H", packet_id) + (bytes([code]) if code else b"")
    return packet(kind, body, 2 if kind == PUBREL else 0)


def subscribe(version, packet_id, filters, props=None):
    """`filters`: pairs of filter and options byte."""
    body = struct.pack("!H", packet_id) + (properties(props) if version == 5 else b"")
    return packet(SUBSCRIBE, body + b"".join(blob(f) + bytes([options]) for f, options in filters), 2)


def unsubscribe(version, packet_id, filters):
    body = struct.pack("!H", packet_id) + (properties(None) if version == 5 else b"")
    return packet(UNSUBSCRIBE, body + b"".join(blob(f) for f in filters), 2)


def disconnect(version, code=0, props=None):
    if version != 5 or (code == 0 and not props):
        return packet(DISCONNECT)
    return packet(DISCONNECT, bytes([code]) + properties(props))


# --- from bytes -----------------------------------------------------------------------------------


class reader:
    """Takes fields off the front of one packet's body."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if self.at + n > len(self.data):
            raise ValueError("a field reaches beyond its packet")
        self.at += n
        return self.data[self.at - n:self.at]

    def left(self):
        return len(self.data) - self.at

    def rest(self):
        return self.take(self.left())

    def number(self, form):
        return struct.unpack("!" + form, self.take(struct.calcsize("!" + form)))[0]

    def blob(self):
        return self.take(self.number("H"))

    def text(self):
        return self.blob().decode()

    def varint(self):
        value, shift = 0, 0
        while True:
            digit = self.number("B")
            value |= (digit & 0x7F) << shift
            shift += 7
            if not digit & 0x80:
                return value

    def properties(self):
        inner, found = reader(self.take(self.varint())), []
        readers = {"v": inner.varint, "s": inner.text, "b": inner.blob, "p": lambda: (inner.text(), inner.text())}
        while inner.left():
            name, form = PROPERTIES[inner.varint()]
            found.append((name, readers[form]() if form in readers else inner.number(form)))
        return found


def decode(first, body, version):
    """What a server sent: a namespace of `kind`, `flags` and the packet's own fields."""
    kind, flags, r = first >> 4, first & 15, reader(body)
    out = SimpleNamespace(kind=kind, flags=flags, size=len(body), props=[], code=0)
    is_5 = version == 5
    if kind == CONNACK:
        out.session_present, out.code = bool(r.number("B") & 1), r.number("B")
        out.props = r.properties() if is_5 and r.left() else []
    elif kind == PUBLISH:
        out.dup, out.qos, out.retain = bool(flags & 8), flags >> 1 & 3, bool(flags & 1)
        out.topic, out.id = r.text(), r.number("H") if out.qos else None
        out.props = r.properties() if is_5 else []
        out.payload = r.rest()
    elif kind in (PUBACK, PUBREC, PUBREL, PUBCOMP):
        out.id, out.code = r.number("H"), r.number("B") if r.left() else 0
        out.props = r.properties() if r.left() else []
    elif kind in (SUBACK, UNSUBACK):
        out.id, out.props = r.number("H"), r.properties() if is_5 else []
        out.codes = list(r.rest())
    elif kind == DISCONNECT:
        out.code = r.number("B") if r.left() else 0
        out.props = r.properties() if r.left() else []
    if r.left():
        raise ValueError(f"{r.left()} bytes too many in a packet of kind {kind}")
    out.prop = dict(reversed(out.props))
    return out
