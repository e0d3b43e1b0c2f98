"""Web, worker, database and supervisor are killed in turn while clients book."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from tests.crash.clients import Booker
from tests.faults.ledger import Ledger

from tutelage.config.home import Home
from tutelage.ops.tests.stack import Stack, tutelage

BOOKERS = 4
BACK_WITHIN = 5.0
LONGEST_WAIT = 60.0
ADMIN = "admin@example.org"


class Back(NamedTuple):
    """How long until a write was acknowledged again, and until somebody was told of it."""

    write: float
    notice: float


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "home")
    stack.start()
    yield stack
    if stack.is_running():
        stack.stop()


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    """An administrator's: what they book for a pair stands at once."""
    assert tutelage("user", ADMIN, "--name=Ana", "--role=admin", **stack.settings).returncode == 0
    token = tutelage("token", ADMIN, "--scope=write", **stack.settings).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    address = f"http://127.0.0.1:{stack.port}"
    with httpx.Client(base_url=address, headers=headers, timeout=10) as client:
        yield client


def make_pair(client: httpx.Client, number: int) -> str:
    emails = [f"{side}{number}@example.org" for side in ("mentor", "mentee")]
    for email in emails:
        client.post("/api/people", json={"name": "Bo", "email": email}).raise_for_status()
    sides = {"mentor_email": emails[0], "mentee_email": emails[1]}
    made = client.post("/api/mentorships", json=sides)
    return str(made.json()["id"])


def all_sessions(client: httpx.Client) -> list[dict[str, Any]]:
    rows, asked = list[dict[str, Any]](), "limit=100"
    while True:
        page = client.get(f"/api/sessions?{asked}").json()
        rows += page["sessions"]
        cursor = page["pagination"]["next_cursor"]
        if cursor is None:
            return rows
        asked = f"limit=100&cursor={cursor}"


def kill(stack: Stack, name: str) -> None:
    """The process and, of the database, all that serve connections: as a power cut would."""
    pid = stack.children()[name]
    below = own_children(pid) if name == "database" else []
    for each in [pid, *below]:
        with suppress(ProcessLookupError):  # it ended by itself, having seen the other one end
            os.kill(each, signal.SIGKILL)


def own_children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()]


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
    ledger, floor = Ledger(), seconds_to_begin(stack)
    first = datetime.now(UTC).replace(hour=0, minute=0) + timedelta(days=2)
    pairs = [make_pair(client, number) for number in range(BOOKERS)]
    bookers = [Booker(client, pair, first, ledger) for pair in pairs]
    back = kill_each(stack, client, ledger)
    for booker in bookers:
        booker.stop()
    floor = max(floor, seconds_to_begin(stack))

    there = {row["id"]: row for row in all_sessions(client)}
    slots = Counter((row["mentorship_id"], row["starts_at"]) for row in there.values())
    lost = ledger.acknowledged.keys() - there.keys()
    twice = [slot for slot, times in slots.items() if times > 1]
    print(
        f"\nacknowledged {len(ledger.acknowledged)}, lost {len(lost)}, duplicated {len(twice)}, "
        f"in doubt {ledger.in_doubt}, of them done before {ledger.replayed}; "
        f"a process of ours begins in {floor:.1f} s"
    )
    for name, times in back.items():
        print(f"{name}: first write after {times.write:.1f} s, first notice {times.notice:.1f} s")

    assert len(ledger.acknowledged) > 50
    assert ledger.in_doubt > 0, "Nothing was at work when it was killed: the test shows nothing."
    assert (lost, twice, ledger.faults) == (set(), [], [])
    assert there.keys() == ledger.acknowledged.keys()
    assert given_up(stack) == []
    # On a machine that is busy with other things all takes longer, and by the same factor. After
    # the supervisor itself was killed, four processes of ours begin one after the other.
    assert max(max(times) for times in back.values()) <= max(BACK_WITHIN, 5 * floor)


def seconds_to_begin(stack: Stack) -> float:
    """How long one process of ours takes to begin and to ask the database, here and now."""
    began = time.monotonic()
    tutelage("token", ADMIN, **stack.settings)
    return time.monotonic() - began
