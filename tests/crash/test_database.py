"""The database is killed with all its processes while clients book: as at a power cut."""

import os
import time

import httpx
from tests.crash.clients import Booker
from tests.crash.installation import (
    BACK_WITHIN,
    LONGEST_WAIT,
    book_with,
    make_pair,
    report_of,
    seconds_to_begin,
)
from tests.faults.ledger import Ledger
from tests.faults.pg import kill_server, make_forgetful

from tutelage.config.home import Home
from tutelage.ops.children import FIRST_WAIT
from tutelage.ops.children import LONGEST_WAIT as WAIT_AT_MOST
from tutelage.ops.tests.stack import Stack

KILLS = 10 if os.environ.get("DEEP") else 3
PAIRS = 4


def kill_database(stack: Stack, ledger: Ledger) -> float:
    """How long until a write was acknowledged that was asked for after the kill."""
    stack.wait_until(lambda: "database" in stack.children(), seconds=LONGEST_WAIT)
    kill_server(stack.children()["database"])
    moment = time.monotonic()
    stack.wait_until(lambda: ledger.since(moment), seconds=LONGEST_WAIT)
    written, _made = ledger.since(moment)[0]
    return written


def stop(bookers: list[Booker]) -> None:
    for booker in bookers:
        booker.stop()


def wait_for_more(stack: Stack, ledger: Ledger, number: int) -> None:
    moment = time.monotonic()
    stack.wait_until(lambda: len(ledger.since(moment)) >= number, seconds=LONGEST_WAIT)


def lose_something(stack: Stack, client: httpx.Client, pairs: list[str], days: int) -> int:
    """The same, on a database that says so before it has saved."""
    make_forgetful(Home(stack.home).embedded_database_url())
    ledger = Ledger()
    bookers = book_with(client, pairs, ledger, days=days)
    wait_for_more(stack, ledger, 8)
    kill_database(stack, ledger)
    stop(bookers)
    report = report_of(client, ledger)
    print(f"with synchronous_commit off: {report}")
    return len(report.lost)


def test_what_was_acknowledged_survives_the_database_being_killed(
    stack: Stack, client: httpx.Client
) -> None:
    ledger, floor = Ledger(), seconds_to_begin(stack)
    pairs = [make_pair(client, number) for number in range(PAIRS)]
    bookers = book_with(client, pairs, ledger, days=2)
    back = []
    for _ in range(KILLS):
        wait_for_more(stack, ledger, 4)
        back.append(kill_database(stack, ledger))
    stop(bookers)
    floor = max(floor, seconds_to_begin(stack))

    report = report_of(client, ledger)
    times = ", ".join(f"{seconds:.1f}" for seconds in back)
    print(f"\n{KILLS} kills of the database: {report}; first success after {times} s")
    print(f"a process of ours begins in {floor:.1f} s")
    assert report.in_doubt > 0, "Nothing was at work when it was killed: the test shows nothing."
    assert (report.lost, report.duplicated, ledger.faults) == (set(), [], [])
    # What dies again and again is started after longer and longer pauses: they are not recovery.
    pauses = [min(FIRST_WAIT * 2**number, WAIT_AT_MOST) for number in range(KILLS)]
    recovery = [seconds - pause for seconds, pause in zip(back, pauses, strict=True)]
    assert max(recovery) <= max(BACK_WITHIN, 5 * floor)
    # Nothing is lost if all was written just before.
    seen = any(lose_something(stack, client, pairs, days) for days in (40, 80, 120))
    assert seen, "What this test looks for cannot be seen."
