"""Follows the journal: woken by one doorbell, it hands each new entry to whom it concerns."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from random import uniform
from typing import TYPE_CHECKING, Any, Final

import django.db
import psycopg

from tutelage.domain.journal import queries
from tutelage.domain.journal.relay import CHANNEL, ring
from tutelage.realtime.django_thread import DjangoThread
from tutelage.realtime.streams import Hub, Position

if TYPE_CHECKING:
    from tutelage.domain.journal.models import Entry

Concerned = Callable[[Sequence["Entry"]], Mapping[int, Collection[int]]]

BATCH: Final = 250  # all of it may concern one person, and has to fit into the queue of a stream
MAX_MISSED: Final = 500
LOOK_ANYWAY_SECONDS: Final = 5  # an entry behind a long transaction has nobody to ring for it
RING_SECONDS: Final = 0.02
SHORTEST_WAIT, LONGEST_WAIT = 0.1, 5.0
REFRESH: Final = b"event: refresh\ndata: {}\n\n"
log = logging.getLogger(__name__)


def position_of(entry: "Entry") -> Position:
    return Position(int(entry.xid), entry.pk)


def event_of(entry: "Entry") -> bytes:
    """Ids and codes only: the page asks again for what it may see."""
    data = json.dumps({"subject": str(entry.subject_id), "type": entry.type})
    return f"id: {position_of(entry)}\nevent: {entry.type}\ndata: {data}\n\n".encode()


class Follower:
    """Reads on from where it stood, so a doorbell missed or a database restarted loses nothing.

    While nobody listens it stands nowhere and reads nothing: who comes lets it begin.
    """

    def __init__(self, hub: Hub, thread: DjangoThread, concerned: Concerned) -> None:
        self.hub = hub
        self.thread = thread
        self.position: Position | None = None
        self._concerned = concerned
        self._reading = asyncio.Lock()

    async def run(self, connection_of: Callable[[], Mapping[str, Any]]) -> None:
        wait = SHORTEST_WAIT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **connection_of(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    await self.read_on()
                    wait = SHORTEST_WAIT
                    await self._follow(connection)
            except (psycopg.Error, django.db.Error) as reason:
                log.warning("The journal cannot be followed just now: %s", reason)
            except Exception:
                log.exception("The journal could not be followed; trying again.")
            await asyncio.sleep(uniform(wait / 2, wait))  # noqa: S311  # spreads load, guards nothing
            wait = min(wait * 2, LONGEST_WAIT)

    async def _follow(self, connection: "psycopg.AsyncConnection[Any]") -> None:
        while True:
            async for _ in connection.notifies(timeout=LOOK_ANYWAY_SECONDS, stop_after=1):
                pass
            await self.read_on()

    async def begin(self) -> Position | None:
        """Where who listens by now is told from on; nowhere if the database cannot be asked."""
        if self.position is None:
            try:
                await self.read_on()
            except django.db.Error as reason:
                log.warning("The journal cannot be read just now: %s", reason)
        return self.position

    async def read_on(self) -> None:
        """Deliver what is new."""
        async with self._reading:
            if not len(self.hub):
                self.position = None
                return
            if self.position is None:
                self.position = Position(await self.thread.ask(queries.horizon), 0)
            while await self._deliver_after(self.position) == BATCH:
                pass

    async def _deliver_after(self, position: Position) -> int:
        entries = await self.thread.ask(queries.list_after, *position, BATCH)
        if entries:
            concerned = await self.thread.ask(self._concerned, entries)
            for entry in entries:
                user_ids = concerned.get(entry.pk, ())
                self.hub.deliver(position_of(entry), event_of(entry), user_ids)
            self.position = position_of(entries[-1])
        return len(entries)

    async def missed(self, user_id: int, since: Position) -> list[tuple[Position, bytes]] | None:
        """What a person would have heard since; nothing when it is too much to be told."""
        entries = await self.thread.ask(queries.list_after, *since, MAX_MISSED + 1)
        if len(entries) > MAX_MISSED:
            return None
        concerned = await self.thread.ask(self._concerned, entries) if entries else {}
        return [
            (position_of(entry), event_of(entry))
            for entry in entries
            if user_id in concerned.get(entry.pk, ())
        ]


class Doorbell:
    """Rings for the commits of this process: outside their transactions, many at one stroke."""

    def __init__(self, thread: DjangoThread) -> None:
        self._thread = thread
        self._due = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """From any thread."""
        if not self._due.is_set():
            self._loop.call_soon_threadsafe(self._due.set)

    async def run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self._thread.ask(ring)
            except Exception:
                log.exception("The doorbell could not be rung; listeners look by themselves.")
            await asyncio.sleep(RING_SECONDS)
