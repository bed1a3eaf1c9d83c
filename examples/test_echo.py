"""Starts an echo server on a free port and holds it to its word: `test_echo.py PROGRAM`."""

import socket
import subprocess
import sys
import threading


def talk(port: int, text: bytes) -> bytes:
    """What the server answers to `text`."""
    heard = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as peer:
        sender = threading.Thread(target=peer.sendall, args=(text,))
        sender.start()
        while len(heard) < len(text):
            part = peer.recv(65536)
            if not part:
                break
            heard += part
        sender.join()
    return bytes(heard)


def main() -> int:
    with subprocess.Popen([sys.argv[1], "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            port = int(server.stdout.readline().rsplit(" ", 1)[1])
            for size in (1, 1000, 5_000_000):
                text = bytes(i * 7 % 251 for i in range(size))
                assert talk(port, text) == text, f"{size} bytes did not come back as they were"
        finally:
            server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
