"""What is measured, and what it may cost: one line of `OPERATIONS` each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.conf import settings
from django.test import Client

from bench.floor import NUMBER, Statement
from bench.serving import Request
from tutelage.core.clock import now
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Budget:
    """What may not be passed; what is None is only reported."""

    statements: int
    cpu_ratio: float | None = None
    p50_ratio: float | None = None
    cpu_ms: float | None = None
    p50_ms: float | None = None
    kilobytes: float | None = None


class Cast:
    """Those who ask, as `fill.sql` made them: a mentor, and the mentors of many pairs."""

    def __init__(self) -> None:
        self.mentor = User.objects.get(pk=1)
        self.admin = User.objects.filter(role=Role.ADMIN).latest("pk").pk
        self.pairs = list(
            Mentorship.objects.filter(mentor__in=range(1, 51)).select_related("program")
        )
        held = Session.objects.filter(host=self.mentor, status=Status.COMPLETED)
        self.session = held.order_by("-starts_at")[0]
        self.cookie = self._log_in()
        self.next_morning = (now() + timedelta(days=20)).replace(minute=0, second=0, microsecond=0)

    def _log_in(self) -> str:
        client = Client()
        client.force_login(self.mentor, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def calls(
        self, path: str, *, person: int = 1, body: Mapping[str, object] | None = None
    ) -> Request:
        """A call of the API by token."""
        headers = {"Authorization": f"Bearer tut_bench_{person}"}
        if body is None:
            return Request(path, headers)
        return Request(path, headers, msgspec.json.encode(body), accepted=201)

    def opens(self, path: str) -> Request:
        """A page, as a browser asks for it that has been here before."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookie}"
        return Request(path, {"Cookie": cookie, "Accept-Encoding": "gzip, br"})

    def plans(self, number: int) -> Request:
        """A time that nobody has taken: each pair's own, five minutes after the one before."""
        pair = self.pairs[number % len(self.pairs)]
        body = {
            "mentorship": str(pair.uid),
            "local_start": self.free_time(number).isoformat(),
            "zone": "UTC",
            "duration_minutes": 5,
        }
        return self.calls("/api/sessions", person=pair.mentor_id, body=body)

    def free_time(self, number: int) -> datetime:
        return self.next_morning.replace(tzinfo=None) + number * timedelta(minutes=5)


Asked = Callable[[Cast, int], Request]


@dataclass(frozen=True, slots=True)
class Operation:
    """`floor` is what it is held against: its own reading statements, or the one given."""

    name: str
    asked: Asked
    budget: Budget
    floor: Sequence[Statement] = ()
    is_demanded: bool = True  # also of each change, by `make bench-quick`

    @property
    def has_floor(self) -> bool:
        return self.budget.cpu_ratio is not None


# The rows that a new request leaves behind, in one statement: of a person who meets nobody else.
_ONE_STATEMENT: Final = """
with chosen as (
    select p.program_id, p.mentor_id, p.mentee_id, gen_random_uuid() as id,
        date_trunc('hour', now()) + interval '200 days' + %s::int * interval '5 minutes' as at
    from mentorship as p where p.program_id = 100
), made as (
    insert into session (id, version, kind, status, title, program_id, host_id, starts_at, ends_at,
        local_start, zone, created_at)
    select id, 1, 'mentorship', 'requested', '', program_id, mentor_id, at,
        at + interval '5 minutes', at at time zone 'UTC', 'UTC', now() from chosen
), people as (
    insert into participant (session_id, user_id, role)
    select id, mentor_id, 'host' from chosen union all select id, mentee_id, 'guest' from chosen
), offer as (
    insert into time_offer (uid, session_id, by_id, starts_at, ends_at, local_start, zone, note,
        state, made_at, expires_at)
    select gen_random_uuid(), id, mentor_id, at, at + interval '5 minutes',
        at at time zone 'UTC', 'UTC', '', 'open', now(), now() + interval '2 days' from chosen
    returning id
), times as (
    insert into reservation (session_id, offer_id, person_id, during, exclusive, expires_at)
    select chosen.id, offer.id, person, tstzrange(at, at + interval '5 minutes'), true,
        now() + interval '2 days'
    from chosen, offer, lateral (values (mentor_id), (mentee_id)) as side (person)
)
insert into journal_entry (type, actor_id, subject_type, subject_id, payload)
select 'session.requested', mentor_id, 'session', id, '{}'::jsonb from chosen
returning subject_id
"""


def _reads(path: str) -> Asked:
    return lambda cast, _number: cast.calls(path)


def _opens(path: str) -> Asked:
    return lambda cast, _number: cast.opens(path)


OPERATIONS: Final = (
    Operation(
        "Session list, JSON, 20 rows",
        _reads("/api/sessions?limit=20"),
        Budget(statements=3, cpu_ratio=2.5, p50_ratio=1.6),
    ),
    Operation(
        "Session list, JSON, one status, 20 rows",
        _reads("/api/sessions?limit=20&status=completed"),
        Budget(statements=3, cpu_ratio=2.5, p50_ratio=1.6),
    ),
    Operation(
        "Ask for a time, JSON",
        lambda cast, number: cast.plans(number),
        Budget(statements=8, cpu_ratio=5, p50_ms=20),
        floor=[(_ONE_STATEMENT, (NUMBER,))],
        is_demanded=False,
    ),
    Operation(
        "Slots of a month, JSON",
        lambda cast, _number: cast.calls(f"/api/people/{cast.mentor.uid}/slots"),
        Budget(statements=6, cpu_ms=20),
    ),
    *(
        Operation(
            f"History, JSON, {name}",
            _reads(f"/api/sessions?limit=20&{query}"),
            Budget(statements=4, p50_ms=15),
        )
        for name, query in (
            ("a common word", "q=chapter"),
            ("two words", "q=quarter+part"),
            ("period and rating", "period=year&min_rating=4"),
            ("logged late", "logged_late=true"),
            ("open next steps", "open_steps=true"),
        )
    ),
    Operation(
        "History, HTML, 20 rows",
        _opens("/jam/sessions"),
        Budget(statements=8, kilobytes=8),
    ),
    Operation(
        "History, HTML, 50 rows",
        _opens("/jam/sessions?limit=50"),
        Budget(statements=8, cpu_ms=10, kilobytes=8),
    ),
    Operation("Pairs, HTML", _opens("/mentorships"), Budget(statements=8, kilobytes=8)),
    Operation(
        "Pulse of 5 000 pairs, JSON",
        lambda cast, _number: cast.calls("/api/mentorships/pulse", person=cast.admin),
        Budget(statements=6, cpu_ms=100),
    ),
    Operation("Home, HTML", _opens("/"), Budget(statements=15)),
    Operation(
        "Session, HTML",
        lambda cast, _number: cast.opens(f"/sessions/{cast.session.pk}"),
        Budget(statements=15),
    ),
)
