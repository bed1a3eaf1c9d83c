"""Clients of Paho for Python, and what they hear, as queues."""

import queue

import paho.mqtt.client as paho

from broker_case import broker_case
from nightjar_process import PATIENCE_S


class paho_case(broker_case):
    def client(self, version, name=None, **how):
        name = name or self.unique("paho")
        if version != paho.MQTTv5:
            how.setdefault("clean_session", True)
        made = paho.Client(name, protocol=version, **how)
        made.got, made.events = queue.Queue(), queue.Queue()
        made.on_message = lambda c, u, message: made.got.put(message)
        made.on_connect = lambda c, u, flags, code, *rest: made.events.put(("connected", flags, code))
        made.on_subscribe = lambda c, u, mid, codes, *rest: made.events.put(("subscribed", codes))
        made.on_disconnect = lambda c, u, code, *rest: made.events.put(("disconnected", code))
        return made

    def connect(self, made, **how):
        made.connect(self.broker.host, self.broker.port, **how)
        made.loop_start()
        self.addCleanup(made.loop_stop)
        self.addCleanup(made.disconnect)  # wakes the loop, which would sleep for a second
        what = made.events.get(timeout=PATIENCE_S)
        self.assertEqual(("connected", 0), (what[0], int(getattr(what[2], "value", what[2]))))
        return what[1]

    def subscribe(self, client, *arguments, **how):
        """The codes of SUBACK."""
        client.subscribe(*arguments, **how)
        what, codes = client.events.get(timeout=PATIENCE_S)
        self.assertEqual("subscribed", what)
        return [int(getattr(code, "value", code)) for code in codes]

    def leave(self, client, *arguments, **how):
        client.disconnect(*arguments, **how)
        self.assertEqual("disconnected", client.events.get(timeout=PATIENCE_S)[0])
        client.loop_stop()
