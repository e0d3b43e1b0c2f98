from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import ClassVar

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tutelage.core.events import Event, publish
from tutelage.core.ids import uuid7
from tutelage.domain.journal.models import Entry
from tutelage.domain.journal.relay import CHANNEL, relay, relay_until
from tutelage.domain.journal.tests.horizon import await_horizon

pytestmark = pytest.mark.django_db(transaction=True)


class Noted(Event):
    type: ClassVar = "test.noted"
    subject_type: ClassVar = "note"
    words: str


@app.task(name="test.read")
def read(entry_id: int) -> None:
    """A reader; what it was handed is seen in the queue."""


class Broken:
    def batch_defer(self, *jobs: object) -> list[int]:
        raise ConnectionError(jobs)


def make_conninfo() -> str:
    settings = connection.settings_dict
    keys = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    given = {ours: settings[theirs] for ours, theirs in keys.items() if settings[theirs]}
    return psycopg.conninfo.make_conninfo(**given)


def note(words: str) -> None:
    publish(Noted(subject_id=uuid7(), actor_id=None, words=words))


def handed_on() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name="test.read").order_by("id")
    return [Entry.objects.get(pk=job.args["entry_id"]).payload["words"] for job in jobs]


def test_nothing_is_published_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        note("a")


def test_a_rolled_back_transaction_tells_nobody(elsewhere: ThreadPoolExecutor) -> None:
    elsewhere.submit(note, "a").result()
    elsewhere.submit(transaction.rollback).result()

    assert relay({Noted: [read]}) == 0
    assert handed_on() == []


def test_what_commits_late_is_not_passed_over(elsewhere: ThreadPoolExecutor) -> None:
    elsewhere.submit(note, "began first").result()
    with transaction.atomic():
        note("began second")

    assert relay({Noted: [read]}) == 0  # "began second" waits for what stands before it
    elsewhere.submit(transaction.commit).result()
    await_horizon()

    assert relay({Noted: [read]}) == 2
    assert handed_on() == ["began first", "began second"]


def test_an_early_transaction_that_writes_late_is_not_passed_over(
    elsewhere: ThreadPoolExecutor,
) -> None:
    elsewhere.submit(note, "1").result()
    with transaction.atomic():
        note("2")
    elsewhere.submit(note, "3").result()
    elsewhere.submit(transaction.commit).result()
    await_horizon()

    while relay({Noted: [read]}, batch=1):
        pass

    assert handed_on() == ["1", "3", "2"]


def test_a_relay_stopped_midway_starts_again_where_it_was() -> None:
    with transaction.atomic():
        note("a")
        note("b")
    await_horizon()

    with pytest.raises(ConnectionError):
        relay({Noted: [read, Broken()]})
    assert handed_on() == []

    assert relay({Noted: [read]}) == 2
    assert relay({Noted: [read]}) == 0
    assert handed_on() == ["a", "b"]


def test_two_relays_at_once_hand_on_each_entry_once() -> None:
    with transaction.atomic():
        for number in range(50):
            note(str(number))
    await_horizon()

    def attempt(_: int) -> int:
        try:
            return relay({Noted: [read]}, batch=20)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 50
    assert handed_on() == [str(number) for number in range(50)]


def test_each_batch_that_was_handed_on_is_rung_for(transactional_db: None) -> None:
    stop = Signal()
    with psycopg.connect(make_conninfo(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with ThreadPoolExecutor(1) as thread:
            relaying = thread.submit(relay_until, stop, {Noted: [read]}, every=0.01)
            try:
                assert list(listener.notifies(timeout=0.3)) == []
                with transaction.atomic():
                    note("a")
                assert len(list(listener.notifies(timeout=60, stop_after=1))) == 1
            finally:
                stop.set()
                relaying.result()
