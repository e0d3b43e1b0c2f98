"""The streams that are open in this process, and what waits to be sent on each."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, NamedTuple

MAX_QUEUED_BYTES: Final = 64 * 1024
MAX_PER_PERSON: Final = 6


class Position(NamedTuple):
    """A place in the journal's reading order; as text it is the id of an event."""

    xid: int
    entry_id: int

    def __str__(self) -> str:
        return f"{self.xid}-{self.entry_id}"


class Stream:
    """One browser that listens."""

    __slots__ = (
        "_held", "_position", "_queue", "_size", "_wake", "abort", "ended", "login", "user_id"
    )  # fmt: skip

    def __init__(self, *, user_id: int, login: str, abort: Callable[[], object]) -> None:
        self.user_id = user_id
        self.login = login
        self.abort = abort
        self.ended = False
        self._position = Position(0, 0)
        self._held: list[tuple[Position, bytes]] | None = []
        self._queue: deque[bytes] = deque()
        self._size = 0
        self._wake = asyncio.Event()

    def push(self, chunk: bytes) -> None:
        """Queue it; a reader so slow that too much waits is cut off, and comes back anew."""
        self._queue_up(chunk)
        if self._size > MAX_QUEUED_BYTES:
            self.end()
            self.abort()

    def offer(self, position: Position, chunk: bytes) -> None:
        """Queue an event once, in order: live ones wait until what was missed has been sent."""
        if self._held is not None:
            self._held.append((position, chunk))
        elif position > self._position:
            self._position = position
            self.push(chunk)

    def catch_up(self, missed: Collection[tuple[Position, bytes]]) -> None:
        """From now on, live. What was missed is bounded already, and no sign of a slow reader."""
        for position, chunk in missed:
            self._position = position
            self._queue_up(chunk)
        held, self._held = self._held or [], None
        for position, chunk in held:
            self.offer(position, chunk)

    def _queue_up(self, chunk: bytes) -> None:
        self._queue.append(chunk)
        self._size += len(chunk)
        self._wake.set()

    async def take(self) -> bytes:
        """Wait for something to send; nothing means that the stream has ended."""
        if not self._queue and not self.ended:
            self._wake.clear()
            await self._wake.wait()
        waiting = b"".join(self._queue)
        self._queue.clear()
        self._size = 0
        return waiting

    def end(self) -> None:
        self.ended = True
        self._wake.set()


class Hub:
    """Who listens, by person."""

    def __init__(self) -> None:
        self.closed = False
        self._streams: dict[int, set[Stream]] = {}

    def __iter__(self) -> Iterator[Stream]:
        """A copy: streams come and go while they are gone through."""
        return iter([stream for streams in self._streams.values() for stream in streams])

    def __len__(self) -> int:
        return sum(map(len, self._streams.values()))

    def has_room_for(self, user_id: int) -> bool:
        return not self.closed and len(self._streams.get(user_id, ())) < MAX_PER_PERSON

    def add(self, stream: Stream) -> None:
        self._streams.setdefault(stream.user_id, set()).add(stream)

    def remove(self, stream: Stream) -> None:
        streams = self._streams.get(stream.user_id, set())
        streams.discard(stream)
        if not streams:
            self._streams.pop(stream.user_id, None)

    def deliver(self, position: Position, chunk: bytes, user_ids: Collection[int]) -> None:
        for user_id in user_ids:
            for stream in self._streams.get(user_id, ()):
                stream.offer(position, chunk)

    def end_fallen(self, asked: Collection[str], standing: Mapping[str, int]) -> None:
        """End the streams of those asked logins that do not stand any more."""
        for stream in self:
            if stream.login in asked and standing.get(stream.login) != stream.user_id:
                stream.end()

    def close(self) -> None:
        """End every stream, and take no more: the server stops only when none is open."""
        self.closed = True
        for stream in self:
            stream.end()
