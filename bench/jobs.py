"""How many jobs one worker does, and whether many reminders that wait slow it down."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Final, NamedTuple

import psycopg
from procrastinate.types import JSONDict

from bench import product
from bench.measures import cpu_ms
from bench.verdict import Figure, Section
from tutelage.domain.notifications.jobs import tell_of

NAME: Final = "bench_worker"
ROUNDS, JOBS, WAITING = 3, 1_500, 200_000
A_JOB_MS: Final = 1000 / 300
# Nobody is told of what was logged: each job reads its entry and the session, and writes nothing.
ENTRIES: Final = (
    "select id from journal_entry where type = 'session.completed' order by id limit %s"
)
REMINDERS: Final = """
insert into notice (uid, person_id, kind, session_id, slot_start, entry_id, channel, state, due_at,
    attempts, trouble)
select gen_random_uuid(), user_id, 'reminder_1h', session_id, now() + interval '30 days',
    row_number() over (), 'email', 'due', now() + interval '30 days', 0, ''
from (select user_id, session_id from participant limit %(number)s) as part,
    generate_series(1, 10)
limit %(number)s
"""


class Done(NamedTuple):
    """Of each job on average: from the first one's start to the last one's end, and CPU."""

    ms: float
    cpu_ms: float


def measure_jobs(dsn: str) -> Iterator[Section]:
    product.turn_to(dsn)
    with psycopg.connect(dsn, autocommit=True) as watch, _worker(dsn) as pid:
        entries = [number for (number,) in watch.execute(ENTRIES, [JOBS]).fetchall()]
        _round(watch, pid, entries)
        alone = [_round(watch, pid, entries) for _ in range(ROUNDS)]
        watch.execute(REMINDERS, {"number": WAITING})
        watch.execute("analyze notice")
        beside = [_round(watch, pid, entries) for _ in range(ROUNDS)]
    ms = min(each.ms for each in alone)
    cpu, cpu_beside = (median(each.cpu_ms for each in rounds) for rounds in (alone, beside))
    yield Section(
        "Jobs, one worker",
        [
            Figure("time of a job", [ms], " ms", A_JOB_MS, note=f"{1000 / ms:.0f} a second"),
            Figure("CPU of a job", [cpu], " ms"),
            Figure("CPU with 200 000 reminders waiting", [cpu_beside / cpu], " ×", budget=1.0),
            Figure("time with them", [min(each.ms for each in beside)], " ms", A_JOB_MS),
        ],
    )


@contextmanager
def _worker(dsn: str) -> Iterator[int]:
    """`tutelage worker`, as in production."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tutelage", "worker"],
        env={**os.environ, "DATABASE_URL": dsn, "PGAPPNAME": NAME},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _round(watch: "psycopg.Connection[tuple[int, ...]]", pid: int, entries: list[int]) -> Done:
    """Hand all of them over at once, and wait until the worker has done the last."""
    before = _cpu_ms(watch, pid)
    given: list[JSONDict] = [{"entry_id": entry} for entry in entries]
    ids = tell_of.batch_defer(*given)
    until = time.monotonic() + 180
    while _waiting(watch):
        if time.monotonic() > until:
            raise RuntimeError("The worker did not do its jobs.")
        time.sleep(0.1)
    [(seconds, failed)] = watch.execute(
        """select extract(epoch from max(at) - min(at))::float8,
            count(*) filter (where type = 'failed')
        from procrastinate_events where job_id = any(%s) and type <> 'deferred'""",
        [ids],
    ).fetchall()
    if failed:
        raise RuntimeError(f"{failed} of the jobs failed.")
    return Done(seconds * 1000 / len(ids), (_cpu_ms(watch, pid) - before) / len(ids))


def _waiting(watch: "psycopg.Connection[tuple[int, ...]]") -> int:
    [(number,)] = watch.execute(
        "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
    ).fetchall()
    return number


def _cpu_ms(watch: "psycopg.Connection[tuple[int, ...]]", pid: int) -> float:
    rows = watch.execute("select pid from pg_stat_activity where application_name = %s", [NAME])
    return cpu_ms([pid, *(backend for (backend,) in rows.fetchall())])
