"""An import is many transactions; whatever happens between them, each row is done once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from tutelage.core.clock import now
from tutelage.domain.imports import jobs
from tutelage.domain.imports.events import ImportStarted
from tutelage.domain.imports.lifecycle import BATCH, BatchState
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.queries import get_import
from tutelage.domain.imports.services import running
from tutelage.domain.imports.services.running import advance_import, start_import
from tutelage.domain.imports.tests.builders import bring_in, fates, make_file, rows_of, run, stage
from tutelage.domain.journal.models import Entry
from tutelage.domain.journal.relay import relay
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.scheduling.services.reserving import SlotTaken
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user


@pytest.mark.django_db
def test_a_thousand_rows_are_five_transactions_of_few_statements() -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 1_000)))
    start_import(actor=admin, batch_id=batch.uid)
    statements, goes_on = [], True
    while goes_on:
        with CaptureQueriesContext(
            connection,
        ) as done:
            goes_on = advance_import(batch.uid).goes_on
        told = sum('INSERT INTO "journal_entry"' in query["sql"] for query in done)
        statements.append(len(done) - told)
    assert len(statements) == 1_000 / BATCH
    assert max(statements) <= 20
    assert Session.objects.count() == 1_000
    assert Entry.objects.filter(type="session.imported").count() == 1_000


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches a kill."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["judge_rows", "write_rows", "keep_fates"])
def test_killed_in_the_middle_an_import_goes_on_and_does_each_row_once(
    monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 500)))
    start_import(actor=admin, batch_id=batch.uid)
    advance_import(batch.uid)
    real: Callable[..., Any] = getattr(running, when)

    def die_after(*given: Any) -> None:
        real(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(running, when, die_after)
        with pytest.raises(Killed):
            advance_import(batch.uid)
    batch.refresh_from_db()
    assert (batch.state, batch.created_count, Session.objects.count()) == ("running", 200, 200)

    while advance_import(batch.uid).goes_on:
        pass
    batch.refresh_from_db()
    assert (batch.state, batch.created_count, Session.objects.count()) == ("done", 500, 500)
    assert Session.objects.values("starts_at").distinct().count() == 500
    assert not advance_import(batch.uid).goes_on


def in_threads(count: int, work: Callable[[], None]) -> None:
    def alone() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [Thread(target=alone) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_import_do_each_row_once() -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 900)))
    start_import(actor=admin, batch_id=batch.uid)

    def work() -> None:
        while advance_import(batch.uid).goes_on:
            pass

    in_threads(3, work)
    batch.refresh_from_db()
    assert (batch.created_count, batch.refused_count, Session.objects.count()) == (900, 0, 900)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_the_same_file_imported_twice_at_once_is_imported_once(
    monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    admin = make_admin()
    content = make_file(*rows_of(make_pair(), 600))
    batches = [stage(admin, content) for _number in range(2)]
    for batch in batches:
        start_import(actor=admin, batch_id=batch.uid)
    waiting, ready = iter(batches), Barrier(2)
    if not guarded:
        monkeypatch.setattr(running, "_lock_imports", lambda: None)

    def work() -> None:
        own = next(waiting)
        ready.wait()
        while advance_import(own.uid).goes_on:
            pass

    in_threads(2, work)
    counts = [sum(fates(batch).count(fate) for batch in batches) for fate in ("created", "refused")]
    assert Session.objects.count() == counts[0] == 600
    if guarded:
        assert counts[1] == 0
    else:
        assert counts[1] > 0, "without the lock, rows are refused that should be known again"


def work_off() -> list[str]:
    """Do the jobs that wait, in this thread, and name them."""
    done = []
    for row in ProcrastinateJob.objects.filter(status="todo").order_by("id"):
        job = Job(
            id=row.pk, queue=row.queue_name, lock=None, queueing_lock=None,
            task_name=row.task_name, task_kwargs=row.args,
        )  # fmt: skip
        context = JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)
        app.tasks[row.task_name].func(context, **row.args)
        done.append(row.task_name)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return done


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_what_was_started() -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 300)))
    start_import(actor=admin, batch_id=batch.uid)
    while not relay({ImportStarted: [jobs.begin]}):
        sleep(0.05)  # for whatever else runs on this server: entries wait for older transactions
    assert work_off() == ["imports.begin"]
    batch.refresh_from_db()
    assert (batch.state, Session.objects.count()) == (BatchState.DONE, 300)


@pytest.mark.django_db(transaction=True)
def test_the_worker_goes_on_with_what_stands_still() -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 300)))
    start_import(actor=admin, batch_id=batch.uid)
    advance_import(batch.uid)
    assert jobs.resume_stalled() == 0
    ImportBatch.objects.update(touched_at=now() - timedelta(minutes=2))
    assert jobs.resume_stalled() == 1
    assert work_off() == ["imports.go_on"]
    batch.refresh_from_db()
    assert (batch.state, Session.objects.count()) == (BatchState.DONE, 300)


@pytest.mark.django_db
def test_an_import_that_stopped_by_a_fault_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 300)))
    start_import(actor=admin, batch_id=batch.uid)
    advance_import(batch.uid)
    running.fail_import(batch.uid)
    assert get_import(actor=admin, batch_id=batch.uid).state == BatchState.FAILED
    assert not advance_import(batch.uid).goes_on
    assert fates(run(admin, batch)) == ["created"] * 300
    assert Session.objects.count() == 300


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "state"),
    [(OperationalError(), BatchState.RUNNING), (RuntimeError(), BatchState.FAILED)],
)
def test_a_fault_of_ours_stops_an_import_and_a_trouble_of_the_database_does_not(
    error: Exception, state: BatchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise error

    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 3)))
    start_import(actor=admin, batch_id=batch.uid)
    monkeypatch.setattr(running, "write_rows", broken)

    with pytest.raises(type(error)):
        running.advance_or_fail(batch.uid)

    batch.refresh_from_db()
    assert batch.state == state


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    admin, pair = make_admin(), make_pair()
    rows = rows_of(pair, 7)
    # The check of the inputs is taken away, so that the database's own meets the row.
    monkeypatch.setattr("tutelage.domain.imports.inputs.rows.SHORTEST", timedelta(0))
    rows[4][4] = 1
    batch = bring_in(admin, make_file(*rows))
    assert fates(batch) == ["created"] * 4 + ["refused"] + ["created"] * 2


@pytest.mark.django_db(transaction=True)
def test_an_import_and_people_who_book_share_one_slot_without_deadlock() -> None:
    """Rows name the pairs in one order, the people who book come in another."""
    admin, mentors = make_admin(), [make_user() for _number in range(4)]
    pairs = [make_pair(mentor=mentor) for mentor in mentors for _number in range(3)]
    day = (now() + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    rows = [
        [pair.mentor.email, pair.mentee.email, day.date().isoformat(), "09:00", 60, "planned", ""]
        for pair in pairs
    ]
    batch = stage(admin, make_file(*rows))
    start_import(actor=admin, batch_id=batch.uid)
    waiting, ready, refused = iter([None, *reversed(pairs)]), Barrier(len(pairs) + 1), []

    def work() -> None:
        pair = next(waiting)
        ready.wait()
        try:
            if pair is None:
                advance_import(batch.uid)
            else:
                start = day.replace(tzinfo=None)
                given = AskForTime(mentorship=pair.uid, local_start=start, zone="UTC")
                ask_for_time(actor=pair.mentee, given=given)
        except SlotTaken as taken:
            refused.append(taken)

    in_threads(len(pairs) + 1, work)
    held = list(Session.objects.values_list("host", flat=True))
    assert sorted(held) == sorted(mentor.pk for mentor in mentors)
    settled = fates(batch)
    assert set(settled) <= {"created", "refused", "unchanged"}
    assert len(refused) == len(pairs) - (len(mentors) - settled.count("created"))
