"""Many at the same moment, each with a connection of their own, and how it ended for them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from secrets import token_hex
from threading import Barrier
from time import monotonic
from typing import Final

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client

from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_token

OVERLAPS: Final = """
    SELECT count(*) FROM reservation a JOIN reservation b
    ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during
"""


# Who has been quiet for five seconds is hung up on, and must not be about to say something.
SHORT_LIVED: Final = httpx.Limits(keepalive_expiry=2)


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended, in the words of the way it took, and after how long."""

    way: str
    answer: str
    seconds: float

    @property
    def won(self) -> bool:
        return self.answer == WON


Attempt = Callable[[], Outcome]
WON: Final = "won"
_REASON: Final = re.compile("This time is not free|Taken already|already booked then")


def timed(way: str, run: Callable[[], str]) -> Outcome:
    began = monotonic()
    answer = run()
    return Outcome(way, answer, monotonic() - began)


def program_of(address: str, person: User) -> httpx.Client:
    """Somebody's program, connected."""
    headers = {"Authorization": f"Bearer {make_token(person)}"}
    client = httpx.Client(base_url=address, headers=headers, timeout=30, limits=SHORT_LIVED)
    client.get("/api/me").raise_for_status()
    return client


class Browser:
    """Somebody's browser, logged in."""

    def __init__(self, address: str, person: User) -> None:
        self.secret = token_hex(16)
        login = Client()
        login.force_login(person)
        cookies = {
            settings.SESSION_COOKIE_NAME: login.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.CSRF_COOKIE_NAME: self.secret,
        }
        self.client = httpx.Client(
            base_url=address, cookies=cookies, timeout=30, limits=SHORT_LIVED
        )
        self.client.get("/settings").raise_for_status()

    def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return self.client.post(path, data={**fields, "csrfmiddlewaretoken": self.secret})


def said_by_api(reply: httpx.Response) -> str:
    if reply.is_success:
        return WON
    if reply.status_code != httpx.codes.CONFLICT:
        return str(reply.status_code)
    problem = reply.json()
    fields = " ".join(sorted({error["field"] for error in problem["errors"]}))
    return f"{problem['code']} at {fields}"


def said_by_page(reply: httpx.Response) -> str:
    """What was done leads to a session; what was refused says so at a field."""
    if reply.is_redirect:
        place = reply.headers["Location"]
        return WON if "/sessions/" in place else place
    if reply.status_code != httpx.codes.CONFLICT:
        return str(reply.status_code)
    if not _REASON.search(reply.text):
        return "refused without a reason"
    return "taken at day" if 'id="day-error"' in reply.text else "taken, at the top"


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
