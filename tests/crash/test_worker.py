"""Workers are killed in the middle of their jobs: a sweep gives the jobs to others."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from django.db import connection
from procrastinate.contrib.django import app as jobs
from tests.faults.nursery import SLOW_JOB, STALLED_SECONDS, Nursery, nursery

DEEP = bool(os.environ.get("DEEP"))
KILLS: Final = 12
# The deep form keeps the product's own pace: a worker is given up after half a minute.
GIVEN_UP_SECONDS: Final = 40.0 if DEEP else STALLED_SECONDS
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queue() -> Iterator[None]:
    _empty()
    yield
    _empty()


@pytest.fixture
def born(queue: None, tmp_path: Path) -> Iterator[Nursery]:
    with (
        socket.create_server(("127.0.0.1", 0)) as unused,
        nursery(unused, tmp_path / "log", hasty=not DEEP) as born,
    ):
        yield born


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def numbers() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs "
            "WHERE task_name = %s GROUP BY status",
            [SLOW_JOB],
        )
        return dict(cursor.fetchall())


def begun() -> int:
    """How often a job was begun, by whomever; unlike those being done this never falls."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_events WHERE type = 'started'")
        return int(cursor.fetchone()[0])


def started_twice() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM procrastinate_events WHERE type = 'started' "
            "GROUP BY job_id HAVING count(*) > 1) AS again"
        )
        return int(cursor.fetchone()[0])


def wait_until(happened: Callable[[], bool], seconds: float = 120) -> float:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() < began + seconds, numbers()
        time.sleep(0.05)
    return time.monotonic() - began


def kill_at_work(born: Nursery, kind: str, times: int) -> None:
    """Each worker is killed once it has begun something."""
    for _ in range(times):
        for number in range(3):
            jobs.configure_task(SLOW_JOB).defer(number=number)
        before = begun()
        pid = born.start(kind)
        wait_until(lambda before=before: begun() > before)  # type: ignore[misc]
        os.kill(pid, signal.SIGKILL)


def test_a_job_whose_worker_was_killed_is_done_by_another(born: Nursery) -> None:
    kill_at_work(born, "worker", KILLS)
    stuck = numbers().get("doing", 0)
    born.start("worker")
    seconds = wait_until(lambda: numbers() == {"succeeded": 3 * KILLS})

    print(
        f"\n{KILLS} kills of workers: acknowledged {3 * KILLS}, lost 0, in doubt {stuck}, "
        f"begun twice {started_twice()}, all done after {seconds:.1f} s"
    )
    assert stuck > 0, "Nothing was at work when it was killed: the test shows nothing."


def test_without_the_sweep_such_jobs_are_stuck_for_ever(born: Nursery) -> None:
    kill_at_work(born, "worker-without-sweep", 2)
    born.start("worker-without-sweep")
    wait_until(lambda: "todo" not in numbers())
    time.sleep(2 * GIVEN_UP_SECONDS)

    print(f"\n2 kills without the sweep: {numbers().get('doing', 0)} jobs stuck")
    assert numbers().get("doing", 0) > 0
