"""Ports for servers that tests start."""

import socket
from random import SystemRandom

# Below those that the system gives to outgoing connections: past it, a retry against a port
# that nobody has can connect to itself.
FIRST, LAST = 20_000, 30_000


def free_port() -> int:
    """One that nobody has, drawn at random: others, in other processes, look at the same time."""
    while True:
        port = SystemRandom().randrange(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
