"""The claims a supervisor makes before it starts anything: its home, and its port."""

import os
import socket
from contextlib import suppress

from tutelage.config.home import Home
from tutelage.ops import locks

FAILED, HELD, PORT_TAKEN = 1, 3, 4


class CannotStart(RuntimeError):
    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


def claim_home(home: Home) -> int:
    """Lock the home for as long as the descriptor is open.

    Raises:
        CannotStart: another supervisor has it.
    """
    home.make()
    path = home.running / "up.lock"
    try:
        lock = locks.take(path)
    except locks.Held:
        raise CannotStart(
            f"Tutelage is already running on {home.path}, as process {path.read_text().strip()}. "
            "Stop that one, or set TUTELAGE_HOME to another folder.",
            HELD,
        ) from None
    path.write_text(f"{os.getpid()}\n")
    return lock


def claim_port(host: str, port: int) -> socket.socket:
    """Listen. The supervisor keeps the port: while a web process is replaced, callers wait.

    Raises:
        CannotStart: it cannot be had.
    """
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {host} port {port} ({error.strerror}). Set PORT to a free one.",
            PORT_TAKEN,
        ) from None


def answers(host: str, port: int) -> bool:
    """Whether somebody behind the port speaks, and not only listens."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1) as caller:
        caller.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return bool(caller.recv(1))
    return False
