"""What is measured: a web process as in production, and the floor beside it, each with a client."""

import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import Final

import psycopg

from bench import floor
from bench.measures import Round, cpu_ms
from tutelage.core.tests.ports import free_port

NAME: Final = "bench_web"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def written(self, port: int) -> bytes:
        lines = [
            f"{'POST' if self.body else 'GET'} {self.path} HTTP/1.1",
            f"Host: localhost:{port}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether it counts; to be led to the login does not."""
        return is_success(self.status)


def is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


class Client:
    """One client that keeps its connection, as thin as it can be: its time is in every figure."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: Request) -> Answer:
        self._socket.sendall(request.written(self.port))
        received = self._socket.recv(1 << 16)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (s.partition(": ") for s in lines)}
        body = received[end + 4 :]
        while len(body) < int(headers["content-length"]):
            body += self._more()
        return Answer(int(first.split()[1]), headers, body)

    def _more(self) -> bytes:
        block = self._socket.recv(1 << 16)
        if not block:
            raise ConnectionError("The server closed the connection.")
        return block


@dataclass(frozen=True, slots=True)
class Server:
    """A process that listens, and the database's processes that work for it."""

    pid: int
    port: int
    dsn: str
    name: str

    def measured(self, requests: list[Request]) -> Round:
        """One after the other on a new connection: one that rests is closed by the server."""
        with closing(Client(self.port)) as client:
            client.ask(requests[0])
            pids = [self.pid, *self._backends()]
            times, before = [], cpu_ms(pids)
            for request in requests[1:]:
                began = perf_counter()
                answer = client.ask(request)
                times.append(perf_counter() - began)
                if not answer.is_success:
                    raise RuntimeError(f"{request.path}: {answer.status} {answer.body[:500]!r}")
            return Round((cpu_ms(pids) - before) / len(times), [time * 1000 for time in times])

    def ask(self, request: Request) -> Answer:
        with closing(Client(self.port)) as client:
            return client.ask(request)

    def _backends(self) -> list[int]:
        with psycopg.connect(self.dsn) as connection:
            rows = connection.execute(
                "select pid from pg_stat_activity where application_name = %s", [self.name]
            ).fetchall()
        return [pid for (pid,) in rows]


@contextmanager
def web(dsn: str) -> Iterator[Server]:
    """`tutelage web`, one process; libpq tells the database its name."""
    port = free_port()
    variables = {**os.environ, "DATABASE_URL": dsn, "PORT": str(port), "PGAPPNAME": NAME}
    process = subprocess.Popen(
        [sys.executable, "-m", "tutelage", "web"], env=variables, stderr=subprocess.DEVNULL
    )
    try:
        _await(port, lambda: process.poll() is None)
        yield Server(process.pid, port, dsn, NAME)
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def beside(dsn: str, tasks: floor.Tasks, options: str = "") -> Iterator[Server]:
    """The floor, in a process of its own that has never heard of Django."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(
        target=floor.serve, args=(port, dsn, options, tasks), daemon=True
    )
    process.start()
    try:
        _await(port, process.is_alive)
        assert process.pid is not None
        yield Server(process.pid, port, dsn, floor.NAME)
    finally:
        process.terminate()
        process.join(timeout=20)


def _await(port: int, is_running: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while is_running() and time.monotonic() < until:
        try:
            Client(port).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not come up.")
