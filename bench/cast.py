"""Those who ask, as `fill.sql` made them, and what they ask for."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Max
from django.test import Client

from bench.serving import Request
from tutelage.core.clock import now
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import ApiToken, User
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
        self.pairs = list(pairs.filter(mentor__in=ASKING).order_by("pk"))
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
        self._times = free_times(ASKING)
        # The first use in an hour is written down: a statement more, for whomever it meets.
        ApiToken.objects.update(last_used_at=now())
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
        cookies = {
            settings.SESSION_COOKIE_NAME: self.cookies[person],
            settings.CSRF_COOKIE_NAME: "s" * 32,
        }
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return Request(path, {"Cookie": cookie, "Accept-Encoding": "gzip, br"})

    def _cursor(self, page: int) -> str:
        request = self.calls(f"/api/sessions?limit=20&page={page}", person=self.veteran)
        answer = Client().get(request.path, headers={"Host": "localhost", **request.headers})
        return str(answer.json()["pagination"]["next_cursor"])

    def asks(self, number: int) -> Request:
        """A time that nobody has taken, for one pair after the other."""
        pair = self._pair(number)
        body = self._wish(pair).model_dump(mode="json", exclude={"note", "title"})
        return self.calls("/api/sessions", person=pair.mentor_id, body=body)

    def have_requested(self, number: int) -> None:
        """So many requests that nobody has answered."""
        made = []
        for each in range(number):
            pair = self._pair(each)
            session = ask_for_time(actor=pair.mentor, given=self._wish(pair))
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

    def _wish(self, pair: Mentorship) -> AskForTime:
        return AskForTime(
            mentorship=pair.uid, local_start=next(self._times), zone="UTC", duration_minutes=5
        )


def free_times(mentors: Collection[int]) -> Iterator[datetime]:
    """Five minutes each, in UTC, in twenty days or after all that these mentors have by then."""
    last = Session.objects.filter(host__in=mentors).aggregate(last=Max("ends_at"))["last"]
    first = max(last or now(), now() + timedelta(days=20)).replace(second=0, microsecond=0)
    return (first.replace(tzinfo=None) + n * timedelta(minutes=5) for n in count(1))


def cookie_of(person: int) -> str:
    """The login session of somebody who has just logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=person), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
