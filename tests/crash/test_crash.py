"""Web, worker, database and supervisor are killed in turn while clients book.

How soon each is back is told and not judged: four processes begin anew beside other tests. The
database's own recovery is held to its limit in `test_database.py`, and that of the whole stack is
measured alone by `make bench`.
"""

import os
import signal
import time
from typing import NamedTuple

import httpx
import psycopg
from tests.crash.installation import (
    LONGEST_WAIT,
    all_sessions,
    book_with,
    make_pair,
    report_of,
)
from tests.faults.ledger import Ledger
from tests.faults.pg import kill_server

from tutelage.config.home import Home
from tutelage.ops.tests.stack import Stack

BOOKERS = 4


class Back(NamedTuple):
    """How long until a write was acknowledged again, and until somebody was told of it."""

    write: float
    notice: float


def kill(stack: Stack, name: str) -> None:
    """The process and, of the database, all that serve connections: as a power cut would."""
    pid = stack.children()[name]
    if name == "database":
        kill_server(pid)
    else:
        os.kill(pid, signal.SIGKILL)


def given_up(stack: Stack) -> list[str]:
    """Reactions that failed for good: what they owed would never happen."""
    with psycopg.connect(Home(stack.home).embedded_database_url()) as connection:
        rows = connection.execute(
            "SELECT task_name FROM procrastinate_jobs "
            "WHERE status = 'failed' AND task_name = 'notifications.tell_of'"
        )
        return [name for (name,) in rows]


def back_after(client: httpx.Client, moment: float, ledger: Ledger, stack: Stack) -> Back:
    """A job that the killed worker held is another's after half a minute: ask about several."""

    def is_told() -> bool:
        paths = [f"/api/sessions/{made}/notifications" for _after, made in ledger.since(moment)[:6]]
        return any(client.get(path).json()["notifications"] for path in paths)

    stack.wait_until(lambda: ledger.since(moment), seconds=LONGEST_WAIT)
    stack.wait_until(is_told, seconds=LONGEST_WAIT)
    written, _made = ledger.since(moment)[0]
    return Back(written, time.monotonic() - moment)


def kill_each(stack: Stack, client: httpx.Client, ledger: Ledger) -> dict[str, Back]:
    back = {}
    for name in ("web", "worker", "database", "supervisor"):
        time.sleep(1)
        stack.wait_until(lambda: len(stack.children()) == 3)
        moment = time.monotonic()
        if name == "supervisor":
            stack.stop(signal.SIGKILL)
            stack.start()
        else:
            kill(stack, name)
        back[name] = back_after(client, moment, ledger, stack)
    return back


def test_what_was_acknowledged_is_there_once_whatever_was_killed(
    stack: Stack, client: httpx.Client
) -> None:
    ledger = Ledger()
    pairs = [make_pair(client, number) for number in range(BOOKERS)]
    bookers = book_with(client, pairs, ledger, days=2)
    back = kill_each(stack, client, ledger)
    for booker in bookers:
        booker.stop()

    report = report_of(client, ledger)
    print(f"\n{report}")
    for name, times in back.items():
        print(f"{name}: first write after {times.write:.1f} s, first notice {times.notice:.1f} s")

    assert report.acknowledged > 50
    assert report.in_doubt > 0, "Nothing was at work when it was killed: the test shows nothing."
    assert (report.lost, report.duplicated, ledger.faults) == (set(), [], [])
    assert len(all_sessions(client)) == report.acknowledged
    assert given_up(stack) == []
