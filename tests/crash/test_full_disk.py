"""The disk is full while clients book: that is said so, nothing is half there, and it passes."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg
import pytest
from tests.crash.installation import LONGEST_WAIT, book_with, client_of, make_pair, report_of
from tests.faults.ledger import Ledger
from tests.faults.pg import Ballast, can_make_disks, on_small_disk

from tutelage.config.home import Home
from tutelage.core.clock import now
from tutelage.ops.tests.stack import Stack

SIZE: Final = "220m"
SAID_SO: Final = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}
HALF_THERE: Final = """
    SELECT (SELECT count(*) FROM session s WHERE 2 <>
               (SELECT count(*) FROM participant p WHERE p.session_id = s.id))
         + (SELECT count(*) FROM session s WHERE 2 <>
               (SELECT count(*) FROM reservation r WHERE r.session_id = s.id))
         + (SELECT count(*) FROM session s WHERE NOT EXISTS
               (SELECT FROM journal_entry e WHERE e.subject_id = s.id))
"""


class SmallStack(Stack):
    """An installation whose home is a disk of its own, seen from outside through its process."""

    @property
    def seen_home(self) -> Path:
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root{self.home}")

    @property
    def seen(self) -> dict[str, str]:
        return {**self.settings, "TUTELAGE_HOME": str(self.seen_home)}


@pytest.fixture
def stack() -> Iterator[SmallStack]:
    if not can_make_disks():
        pytest.skip("This machine lets nobody make a small disk (unshare, mount).")
    # As short as it can be: with what stands before it, a socket's path has to hold it.
    home = Path(tempfile.mkdtemp(prefix="small-", dir="/tmp"))
    stack = SmallStack(home, on_small_disk(home, SIZE), {"TMPDIR": str(home)})
    try:
        stack.start()
        yield stack
    finally:
        if stack.is_running():
            stack.stop()
        shutil.rmtree(home)
        stack.log.unlink()


@pytest.fixture
def client(stack: SmallStack) -> Iterator[httpx.Client]:
    with client_of(stack.port, stack.seen) as client:
        yield client


def book(client: httpx.Client, pair: str, number: int) -> httpx.Response:
    body = {
        "mentorship": pair,
        "local_start": f"{now() + timedelta(days=30, hours=number):%Y-%m-%dT%H:%M}",
        "zone": "UTC",
        "duration_minutes": 30,
    }
    return client.post("/api/sessions", json=body, headers={"Idempotency-Key": str(uuid4())})


def until_refused(client: httpx.Client, pair: str) -> list[httpx.Response]:
    """Pages that the tables have already still take something; then it is over."""
    replies = list[httpx.Response]()
    until = time.monotonic() + LONGEST_WAIT
    while sum(reply.status_code != HTTPStatus.CREATED for reply in replies) < 5:
        assert time.monotonic() < until, "It was never full: the test shows nothing."
        replies.append(book(client, pair, len(replies)))
    return replies


def health(client: httpx.Client) -> tuple[int, str]:
    reply = client.get("/readyz")
    return reply.status_code, reply.json()["storage"]


def look_around(client: httpx.Client, address: str) -> list[int]:
    """What only reads, and a page that would have to write."""
    read = [client.get(path) for path in ("/api/sessions", "/api/mentorships", "/healthz")]
    with httpx.Client(base_url=address, timeout=20) as visitor:
        door = visitor.get("/account/login/")
        read.append(door)
        form: dict[str, Any] = {"login": "admin@example.org", "password": "not-hers"}
        form["csrfmiddlewaretoken"] = visitor.cookies.get("csrf", "")
        tried = visitor.post("/account/login/", data=form)
        large = visitor.post("/account/login/", content=b"x" * 3_000_000)
    assert tried.status_code in {200, 429, *SAID_SO}, tried.text[:500]
    assert large.status_code == HTTPStatus.INSUFFICIENT_STORAGE
    return [reply.status_code for reply in read]


def half_there(stack: SmallStack) -> int:
    with psycopg.connect(Home(stack.seen_home).embedded_database_url()) as connection:
        row = connection.execute(HALF_THERE.encode()).fetchone()
        assert row is not None
        return int(row[0])


def test_a_full_disk_is_said_so_reading_goes_on_and_it_passes(
    stack: SmallStack, client: httpx.Client
) -> None:
    ledger, pairs = Ledger(), [make_pair(client, number) for number in range(3)]
    bookers = book_with(client, pairs[:2], ledger, days=2)
    stack.wait_until(lambda: len(ledger.acknowledged) > 8, seconds=LONGEST_WAIT)
    assert health(client) == (200, "ok")
    before = stack.children()["web"]

    ballast = Ballast(stack.seen_home)
    ballast.load()
    replies = until_refused(client, pairs[2])
    refused = [reply for reply in replies if reply.status_code != HTTPStatus.CREATED]
    assert {reply.status_code for reply in refused} <= SAID_SO, refused[0].text
    assert all(reply.json()["code"] and "Retry-After" in reply.headers for reply in refused)
    stack.wait_until(lambda: health(client) == (503, "full"), seconds=LONGEST_WAIT)
    assert look_around(client, f"http://127.0.0.1:{stack.port}") == [200] * 4

    ballast.drop()
    freed = time.monotonic()
    stack.wait_until(lambda: ledger.since(freed), seconds=LONGEST_WAIT)
    stack.wait_until(lambda: health(client) == (200, "ok"), seconds=LONGEST_WAIT)
    for booker in bookers:
        booker.stop()
    for reply in replies:
        if reply.status_code == HTTPStatus.CREATED:
            ledger.keep(reply.json()["id"], "", asked_at=0, replayed=False)

    report = report_of(client, ledger)
    print(f"\n{len(refused)} refused of {len(replies)} by {refused[0].status_code}; {report}; ")
    print(f"first success {ledger.since(freed)[0][0]:.1f} s after there was room again")
    assert (report.lost, report.duplicated, ledger.faults) == (set(), [], [])
    assert half_there(stack) == 0
    assert stack.children()["web"] == before, "It came back only by being started again."
