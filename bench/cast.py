"""Those who ask, as `fill.sql` made them, and what they ask for."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.test import Client

from bench.serving import Request
from tutelage.core.clock import now
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session

ASKING: Final = range(1, 51)  # mentors whose mentees can answer by token, too
LOGGING: Final = range(1, 151)


class Cast:
    """A mentor, the mentor of many years, an administrator, and the mentors of many pairs."""

    def __init__(self) -> None:
        self.mentor = User.objects.get(pk=1)
        admin = User.objects.get(role=Role.ADMIN)
        self.admin = admin.pk
        self.veteran = admin.pk + 1
        pairs = Mentorship.objects.select_related("program", "mentor", "mentee")
        self.pairs = list(pairs.filter(mentor__in=ASKING))
        old = pairs.filter(mentor=self.veteran).earliest("pk")
        self.words = {
            "person": old.mentee.uid,
            "pair": old.uid,
            "start": (now() - timedelta(days=200)).date(),
            "end": (now() - timedelta(days=100)).date(),
            "cursor": self._cursor(page=350),
        }
        held = Session.objects.filter(host=self.mentor, status=Status.COMPLETED)
        self.session = held.order_by("-starts_at")[0]
        self.cookies = {person: cookie_of(person) for person in (1, self.admin, self.veteran)}
        self.next_morning = (now() + timedelta(days=20)).replace(minute=0, second=0, microsecond=0)
        self._requested: Iterator[tuple[int, UUID]] = iter(())
        self._unlogged: Iterator[tuple[int, UUID]] = iter(())

    def calls(
        self, path: str, *, person: int = 1, body: Mapping[str, object] | None = None
    ) -> Request:
        """A call of the API by token."""
        headers = {"Authorization": f"Bearer tut_bench_{person}"}
        if body is None:
            return Request(path, headers)
        return Request(path, headers, msgspec.json.encode(body))

    def opens(self, path: str, *, person: int = 1) -> Request:
        """A page, as a browser asks for it that has been here before."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookies[person]}"
        return Request(path, {"Cookie": cookie, "Accept-Encoding": "gzip, br"})

    def _cursor(self, page: int) -> str:
        request = self.calls(f"/api/sessions?limit=20&page={page}", person=self.veteran)
        answer = Client().get(request.path, headers={"Host": "localhost", **request.headers})
        return str(answer.json()["pagination"]["next_cursor"])

    def asks(self, number: int) -> Request:
        """A time that nobody has taken: each pair's own, five minutes after the one before."""
        pair = self._pair(number)
        body = {
            "mentorship": str(pair.uid),
            "local_start": self._free_time(number).isoformat(),
            "zone": "UTC",
            "duration_minutes": 5,
        }
        return self.calls("/api/sessions", person=pair.mentor_id, body=body)

    def have_requested(self, number: int) -> None:
        """So many requests that nobody has answered: half a year later than those asked for."""
        made = []
        for each in range(number):
            pair = self._pair(each)
            given = AskForTime(
                mentorship=pair.uid,
                local_start=self._free_time(each) + timedelta(days=100),
                zone="UTC",
                duration_minutes=5,
            )
            session = ask_for_time(actor=pair.mentor, given=given)
            made.append((pair.mentee_id, session.pk))
        self._requested = iter(made)

    def accepts(self, _number: int) -> Request:
        mentee, session = next(self._requested)
        return self.calls(f"/api/sessions/{session}", person=mentee, body={"action": "accept"})

    def have_unlogged(self, number: int) -> None:
        """So many sessions that are over, and that nobody has spoken of."""
        rows = Session.objects.unresolved().filter(host__in=LOGGING).order_by("pk")
        self._unlogged = iter(list(rows.values_list("host", "pk")[:number]))

    def logs(self, number: int) -> Request:
        mentor, session = next(self._unlogged)
        body = {
            "action": "complete",
            "outcomes": f"We went through chapter {number} of the plan, and agreed on the next.",
            "next_steps": ["Write the outline.", "Read the guide."],
            "rating": 5,
        }
        return self.calls(f"/api/sessions/{session}", person=mentor, body=body)

    def _pair(self, number: int) -> Mentorship:
        return self.pairs[number % len(self.pairs)]

    def _free_time(self, number: int) -> datetime:
        return self.next_morning.replace(tzinfo=None) + number * timedelta(minutes=5)


def cookie_of(person: int) -> str:
    """The login session of somebody who has just logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=person), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
