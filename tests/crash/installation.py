"""What crash tests ask of a running installation, as its clients would."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
from tests.crash.clients import Booker
from tests.crash.report import Report, compare
from tests.faults.ledger import Ledger

from tutelage.ops.tests.stack import Stack, tutelage

ADMIN: Final = "admin@example.org"
BACK_WITHIN: Final = 5.0
LONGEST_WAIT: Final = 180.0


@contextmanager
def client_of(port: int, settings: Mapping[str, str]) -> Iterator[httpx.Client]:
    """An administrator's: what they book for a pair stands at once."""
    assert tutelage("user", ADMIN, "--name=Ana", "--role=admin", **settings).returncode == 0
    token = tutelage("token", ADMIN, "--scope=write", **settings).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as client:
        yield client


def make_pair(client: httpx.Client, number: int) -> str:
    emails = [f"{side}{number}@example.org" for side in ("mentor", "mentee")]
    for email in emails:
        client.post("/api/people", json={"name": "Bo", "email": email}).raise_for_status()
    sides = {"mentor_email": emails[0], "mentee_email": emails[1]}
    made = client.post("/api/mentorships", json=sides)
    return str(made.json()["id"])


def book_with(client: httpx.Client, pairs: list[str], ledger: Ledger, *, days: int) -> list[Booker]:
    """Let a client for each pair book one slot after the other, from that many days ahead on."""
    first = datetime.now(UTC).replace(hour=0, minute=0) + timedelta(days=days)
    return [Booker(client, pair, first, ledger) for pair in pairs]


def all_sessions(client: httpx.Client) -> list[dict[str, Any]]:
    rows, asked = list[dict[str, Any]](), "limit=100"
    while True:
        page = client.get(f"/api/sessions?{asked}").json()
        rows += page["sessions"]
        cursor = page["pagination"]["next_cursor"]
        if cursor is None:
            return rows
        asked = f"limit=100&cursor={cursor}"


def report_of(client: httpx.Client, ledger: Ledger) -> Report:
    rows = all_sessions(client)
    return compare(ledger, ((row["id"], (row["mentorship_id"], row["starts_at"])) for row in rows))


def seconds_to_begin(stack: Stack) -> float:
    """How long one process of ours takes to begin and to ask the database, here and now."""
    began = time.monotonic()
    tutelage("token", ADMIN, **stack.settings)
    return time.monotonic() - began
