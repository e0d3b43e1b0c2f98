"""A TCP proxy that does to connections what networks do: slow, cut, silent, half open, refused.

    with proxying(port, lambda number: DROPPED if number % 3 == 0 else CLEAN) as proxy:
        httpx.post(f"http://127.0.0.1:{proxy.port}/…")

The plan is asked once for each connection, by its number from 0 on, what becomes of it.
"""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Final

from tutelage.core.tests.ports import free_port

BLOCK: Final = 64 * 1024
_RESET: Final = struct.pack("ii", 1, 0)  # linger for no time: closing is a reset


@dataclass(frozen=True)
class Fault:
    """What becomes of one connection; as it stands, nothing."""

    latency: float = 0.0
    """Seconds by which each block is late, both ways."""
    refuse: bool = False
    """Reset as soon as it is there; the server never hears of it."""
    cut_after: int | None = None
    """Bytes of the answer that are passed on before the reset. The server has done the work."""
    silent: bool = False
    """The answer never comes, and the connection stays."""
    half_close: bool = False
    """After its first block the server is told that the client sends no more."""


CLEAN: Final = Fault()
DROPPED: Final = Fault(cut_after=0)
Plan = Callable[[int], Fault]


@dataclass
class Proxy:
    port: int
    faults: Counter[Fault] = field(default_factory=Counter)
    """How many connections met which."""


@contextmanager
def proxying(target: int, plan: Plan) -> Iterator[Proxy]:
    """Stand before a port of this machine, in a thread of its own."""
    loop = asyncio.new_event_loop()
    proxy = Proxy(free_port())
    listener = socket.create_server(("127.0.0.1", proxy.port), backlog=256)
    runner = _Runner(target, plan, proxy)
    thread = Thread(target=loop.run_until_complete, args=(runner.run(listener),), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(runner.stop)
        thread.join(10)
        loop.close()


class _Runner:
    def __init__(self, target: int, plan: Plan, proxy: Proxy) -> None:
        self.target, self.plan, self.proxy = target, plan, proxy
        self.stopped = asyncio.Event()
        self.open: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        self.stopped.set()

    async def run(self, listener: socket.socket) -> None:
        server = await asyncio.start_server(self._accept, sock=listener)
        await self.stopped.wait()
        server.close()
        for task in self.open:
            task.cancel()
        await asyncio.gather(*self.open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.plan(self.proxy.faults.total())
        self.proxy.faults[fault] += 1
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await self._pass_on(reader, writer, fault)
        writer.close()
        self.open.discard(task)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault
    ) -> None:
        if fault.refuse:
            _reset(writer)
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        sending = asyncio.create_task(_send(reader, back, fault))
        try:
            await _answer(there, writer, fault)
        finally:
            sending.cancel()
            back.close()


async def _send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
    with suppress(OSError):
        while block := await reader.read(BLOCK):
            await asyncio.sleep(fault.latency)
            writer.write(block)
            if fault.half_close:
                writer.write_eof()
                return
            await writer.drain()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault) -> None:
    left = fault.cut_after
    while block := await reader.read(BLOCK):
        await asyncio.sleep(fault.latency)
        if fault.silent:
            continue
        if left is not None and len(block) >= left:
            writer.write(block[:left])
            with suppress(OSError):
                await writer.drain()
            _reset(writer)
            return
        left = None if left is None else left - len(block)
        writer.write(block)
        await writer.drain()
    if fault.silent:
        await asyncio.Event().wait()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close at once, so that the other end sees a connection that broke and not one that ended."""
    kept = writer.get_extra_info("socket")
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
