"""Reading the journal for those who listen; each rule also shown with the rule taken away."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from tutelage.core.ids import uuid7
from tutelage.domain.journal import queries
from tutelage.domain.journal.models import Entry
from tutelage.domain.journal.tests.horizon import await_horizon
from tutelage.realtime import journal
from tutelage.realtime.django_thread import DjangoThread
from tutelage.realtime.journal import Concerned, Follower
from tutelage.realtime.streams import MAX_QUEUED_BYTES, Hub, Position, Stream

pytestmark = pytest.mark.django_db(transaction=True)

MENTOR, STRANGER = 1, 2


def mentor_alone(entries: Sequence[Entry]) -> Mapping[int, set[int]]:
    return {entry.pk: {MENTOR} for entry in entries}


def everybody(entries: Sequence[Entry]) -> Mapping[int, set[int]]:
    return {entry.pk: {MENTOR, STRANGER} for entry in entries}


def note(words: str) -> None:
    Entry.objects.create(type=words, subject_type="session", subject_id=uuid7(), payload={})


class Listeners:
    """A hub with the mentor and a stranger, and what each has heard."""

    def __init__(self, concerned: Concerned) -> None:
        self.thread = DjangoThread()
        self.hub = Hub()
        self.follower = Follower(self.hub, self.thread, concerned)
        self.streams = {who: open_stream(who) for who in (MENTOR, STRANGER)}
        for stream in self.streams.values():
            stream.catch_up([])
            self.hub.add(stream)

    async def heard(self, who: int) -> list[str]:
        self.streams[who].push(b":\n\n")
        lines = (await self.streams[who].take()).decode().splitlines()
        return [line[7:] for line in lines if line.startswith("event: ")]


def open_stream(user_id: int, cut: list[int] | None = None) -> Stream:
    return Stream(user_id=user_id, login="key", abort=lambda: (cut or []).append(user_id))


@pytest.mark.parametrize(
    ("concerned", "strangers"), [(mentor_alone, []), (everybody, ["session.noted"])]
)
def test_only_the_audience_keeps_a_stranger_from_hearing(
    concerned: Concerned, strangers: list[str]
) -> None:
    async def listen() -> None:
        listeners = Listeners(concerned)
        await listeners.follower.read_on()
        await listeners.thread.ask(note, "session.noted")
        await listeners.thread.ask(await_horizon)
        await listeners.follower.read_on()
        assert await listeners.heard(MENTOR) == ["session.noted"]
        assert await listeners.heard(STRANGER) == strangers
        listeners.thread.close()

    asyncio.run(listen())


def test_while_nobody_listens_nothing_is_read_and_who_comes_hears_what_follows() -> None:
    async def listen() -> None:
        listeners = Listeners(mentor_alone)
        stream = listeners.streams[MENTOR]
        for each in listeners.hub:
            listeners.hub.remove(each)
        assert await listeners.follower.begin() is None
        await listeners.thread.ask(note, "session.unheard")
        await listeners.thread.ask(await_horizon)
        await listeners.follower.read_on()
        assert listeners.follower.position is None

        listeners.hub.add(stream)
        assert await listeners.follower.begin() is not None
        await listeners.thread.ask(note, "session.heard")
        await listeners.thread.ask(await_horizon)
        await listeners.follower.read_on()
        assert await listeners.heard(MENTOR) == ["session.heard"]
        listeners.thread.close()

    asyncio.run(listen())


def test_more_than_one_batch_is_read_at_a_stroke(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "BATCH", 2)

    async def listen() -> None:
        listeners = Listeners(mentor_alone)
        await listeners.follower.begin()
        for number in range(5):
            await listeners.thread.ask(note, f"session.{number}")
        await listeners.thread.ask(await_horizon)
        await listeners.follower.read_on()
        assert await listeners.heard(MENTOR) == [f"session.{number}" for number in range(5)]
        listeners.thread.close()

    asyncio.run(listen())


@pytest.mark.parametrize(
    ("horizon", "heard"),
    [
        ("xid < pg_snapshot_xmin(pg_current_snapshot())", ["session.early", "session.late"]),
        ("true", ["session.late"]),
    ],
)
def test_only_the_horizon_keeps_a_slow_transaction_from_being_passed_over(
    elsewhere: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, horizon: str, heard: list[str]
) -> None:
    text = queries._AFTER.replace("xid < pg_snapshot_xmin(pg_current_snapshot())", horizon)
    monkeypatch.setattr(queries, "_AFTER", text)

    async def listen() -> None:
        listeners = Listeners(mentor_alone)
        await listeners.follower.read_on()
        elsewhere.submit(note, "session.early").result()
        await listeners.thread.ask(note, "session.late")
        await listeners.follower.read_on()
        elsewhere.submit(transaction.commit).result()
        await listeners.thread.ask(await_horizon)
        await listeners.follower.read_on()
        assert await listeners.heard(MENTOR) == heard
        listeners.thread.close()

    asyncio.run(listen())


def test_live_events_wait_for_what_was_missed_and_come_once() -> None:
    async def listen() -> None:
        stream = open_stream(MENTOR)
        stream.offer(Position(2, 1), b"two ")
        stream.offer(Position(3, 1), b"three ")
        stream.catch_up([(Position(1, 1), b"one "), (Position(2, 1), b"two ")])
        stream.offer(Position(3, 1), b"three ")
        stream.offer(Position(4, 1), b"four")
        assert await stream.take() == b"one two three four"

    asyncio.run(listen())


def test_a_stream_that_is_not_taken_from_is_cut_off_and_others_are_not() -> None:
    async def listen() -> None:
        cut: list[int] = [0]
        slow, quick = open_stream(MENTOR, cut), open_stream(STRANGER, cut)
        for _ in range(MAX_QUEUED_BYTES // 1000 + 1):
            slow.push(b"x" * 1000)
            quick.push(b"x" * 1000)
            await quick.take()
        assert cut == [0, MENTOR]
        assert slow.ended
        assert not quick.ended

    asyncio.run(listen())
