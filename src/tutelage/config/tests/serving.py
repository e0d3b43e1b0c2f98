"""Runs an ASGI application in a process of its own, by the server that we use."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import httpx
from django.db import connection
from psycopg.conninfo import make_conninfo

from tutelage.core.tests.ports import free_port

_RUN = """
import sys
from tutelage.config.server import make_server
make_server(port=int(sys.argv[1]), application=sys.argv[2]).run()
"""


@dataclass
class Served:
    port: int
    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: Path

    def logged(self) -> str:
        """All that it has written so far."""
        return self.log.read_text()

    def logged_of(self, *replies: httpx.Response) -> str:
        """The same, once each of these has left its line: it is written after the answer."""
        ids, until = {reply.headers["x-request-id"] for reply in replies}, monotonic() + 20
        while not all(map(self._has_line, ids)) and monotonic() < until:
            sleep(0.01)
        return self.logged()

    def _has_line(self, request_id: str) -> bool:
        lines = self.logged().splitlines()
        return any(request_id in line and '"tutelage.access"' in line for line in lines)

    def connect(self, buffer: int = 0) -> socket.socket:
        """Open a connection; with a small buffer little is taken of what is not read."""
        connection = socket.socket()
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def stop(self) -> float:
        """Ask it to end, and say how long that took."""
        began = monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        return monotonic() - began


def database_url(**other: str) -> str:
    """How another process reaches the database of the tests, or another one beside it."""
    settings = connection.settings_dict
    keys = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    given = {ours: settings[theirs] for ours, theirs in keys.items() if settings[theirs]}
    return make_conninfo(**{**given, **other})


@contextmanager
def serving(application: str, **variables: str) -> Iterator[Served]:
    """Serve on the database of the tests, with what its environment says besides."""
    port = free_port()
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
    with TemporaryDirectory() as folder, client:
        log = Path(folder) / "log"
        with log.open("wb") as written:  # by the server alone: who reads opens it for themselves
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", _RUN, str(port), application],
                env={**os.environ, "DATABASE_URL": database_url(), **variables},
                stderr=written,
            )
        served = Served(port, process, client, log)
        try:
            _await_answer(served)
            yield served
        finally:
            process.kill()
            process.wait()


def _await_answer(served: Served) -> None:
    began = monotonic()
    while monotonic() - began < 60 and served.process.poll() is None:
        try:
            served.client.get("/healthz")
        except httpx.TransportError:
            sleep(0.05)
        else:
            return
    raise RuntimeError(f"The server did not come up: {served.logged()}")
