"""Many who want the same hour at the same moment, by each way there is to book it."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from threading import Barrier
from time import monotonic
from typing import Final

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client

from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.services.running import advance_import, start_import
from tutelage.domain.imports.tests.builders import make_file, stage
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_token
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair

OVERLAPS: Final = """
    SELECT count(*) FROM reservation a JOIN reservation b
    ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during
"""


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended, in the words of the way it took, and after how long."""

    way: str
    answer: str
    seconds: float


Attempt = Callable[[], Outcome]


def pairs_of_three() -> list[Mentorship]:
    """Three people, each the mentor of another: every two pairs share somebody."""
    first = make_pair()
    third = make_pair(mentor=first.mentor)
    return [first, third, make_pair(mentor=first.mentee, mentee=third.mentee)]


class ByApi:
    def __init__(self, address: str, pair: Mentorship) -> None:
        self.pair = pair
        headers = {"Authorization": f"Bearer {make_token(pair.mentee)}"}
        self.client = httpx.Client(base_url=address, headers=headers, timeout=30)

    def look(self) -> None:
        """Connect, and let the server read what it reads once."""
        self.client.get("/api/me").raise_for_status()

    def book(self, start: datetime) -> Outcome:
        body = {
            "mentorship": str(self.pair.program.uid),
            "local_start": f"{start:%Y-%m-%dT%H:%M}",
            "zone": "UTC",
        }
        began = monotonic()
        reply = self.client.post("/api/sessions", json=body)
        return Outcome("api", _said_by_api(reply), monotonic() - began)


def _said_by_api(reply: httpx.Response) -> str:
    if reply.status_code != 409:
        return str(reply.status_code)
    problem = reply.json()
    fields = " ".join(error["field"] for error in problem["errors"])
    return f"{problem['code']} at {fields}"


class ByPage:
    def __init__(self, address: str, pair: Mentorship) -> None:
        self.path = f"/mentorships/{pair.program.uid}/ask"
        self.secret = token_hex(16)
        cookies = {
            settings.SESSION_COOKIE_NAME: _login(pair.mentor),
            settings.CSRF_COOKIE_NAME: self.secret,
        }
        self.client = httpx.Client(base_url=address, cookies=cookies, timeout=30)

    def look(self) -> None:
        """Open the form, as whoever sends it has done."""
        self.client.get(self.path).raise_for_status()

    def book(self, start: datetime) -> Outcome:
        form = {
            "day": f"{start:%Y-%m-%d}",
            "hour": f"{start:%H:%M}",
            "zone": "UTC",
            "duration_minutes": "60",
            "csrfmiddlewaretoken": self.secret,
        }
        began = monotonic()
        reply = self.client.post(self.path, data=form)
        return Outcome("page", _said_by_page(reply), monotonic() - began)


def _login(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _said_by_page(reply: httpx.Response) -> str:
    if reply.status_code == 302:
        return "201" if "/sessions/" in reply.headers["Location"] else reply.headers["Location"]
    if reply.status_code != 409:
        return str(reply.status_code)
    return "slot_taken at day" if 'id="day-error"' in reply.text else "slot_taken at no field"


class ByImport:
    """A file of one row, staged and started; the worker's own service goes through its rows."""

    def __init__(self, admin: User, pair: Mentorship) -> None:
        self.admin, self.pair = admin, pair

    def stage(self, start: datetime) -> ImportBatch:
        row = (
            self.pair.mentor.email,
            self.pair.mentee.email,
            f"{start:%Y-%m-%d}",
            f"{start:%H:%M}",
            60,
            "",
            "",
        )
        batch = stage(self.admin, make_file(row), usual_zone="UTC")
        return start_import(actor=self.admin, batch_id=batch.uid)

    def run(self, batch: ImportBatch) -> Outcome:
        began = monotonic()
        while advance_import(batch.uid).goes_on:
            pass
        seconds = monotonic() - began
        row = ImportRow.objects.get(batch=batch)
        fields = " ".join(field for field, _detail in row.errors)
        answer = "201" if row.fate == "created" else f"{row.fate} at {fields}"
        return Outcome("import", answer, seconds)


def at_once(attempts: Sequence[Attempt]) -> list[Outcome]:
    """Let all begin at the same moment, each on its own connection."""
    start = Barrier(len(attempts))

    def run(attempt: Attempt) -> Outcome:
        try:
            connection.ensure_connection()
            start.wait(30)
            return attempt()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


def counted(outcomes: Sequence[Outcome]) -> Counter[str]:
    return Counter(f"{outcome.way}: {outcome.answer}" for outcome in outcomes)


def slowest(outcomes: Sequence[Outcome], share: float = 0.99) -> float:
    """The time within which that share of the attempts had their answer."""
    times = sorted(outcome.seconds for outcome in outcomes)
    return times[min(int(len(times) * share), len(times) - 1)]
