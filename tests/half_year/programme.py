"""A programme of forty people and fifteen pairs, and what ought to be true of it.

The model below knows nothing of ours: it is told what people did, and says what must follow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from tutelage.api.tests.clients import ApiClient, client_of
from tutelage.core.clock import now
from tutelage.domain.people.lifecycle import Scope
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_admin, make_token

ZONES: Final = (
    "Pacific/Auckland",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
)
PEOPLE, PAIRS, MENTORS = 40, 15, 9


@dataclass(eq=False)
class Person:
    email: str
    zone: str
    client: ApiClient


@dataclass(eq=False)
class Meeting:
    """What the model thinks of a session."""

    id: str
    pair: "Pair"
    status: str
    start: datetime
    end: datetime
    by: Person
    made_at: datetime
    move: "tuple[datetime, datetime, Person, datetime] | None" = None
    answers: dict[str, str] = field(default_factory=dict)
    rated: dict[str, int] = field(default_factory=dict)
    rated_at: dict[str, datetime] = field(default_factory=dict)
    withdrawn: bool = False

    @property
    def path(self) -> str:
        return f"/sessions/{self.id}"

    def times(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches it holds for both of its people."""
        if self.status not in {"requested", "scheduled"}:
            return []
        if self.status == "requested" and not self.is_waiting(at):
            return []
        held = [(self.start, self.end)]
        if self.move and self.move[3] > at:
            held.append(self.move[:2])
        return held

    def expires_at(self) -> datetime:
        return min(self.made_at + timedelta(hours=48), self.start)

    def is_waiting(self, at: datetime) -> bool:
        return self.expires_at() > at


@dataclass(eq=False)
class Pair:
    id: str
    mentor: Person
    mentee: Person
    eagerness: float = 0.3
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def sides(self) -> tuple[Person, Person]:
        return self.mentor, self.mentee

    def other(self, person: Person) -> Person:
        return self.mentee if person is self.mentor else self.mentor


class Programme:
    """Everybody, and everything that was planned."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.admin = client_of(make_admin(email="admin@example.org"))
        self.people = [self._add(number) for number in range(PEOPLE)]
        mentors, mentees = self.people[:MENTORS], self.people[MENTORS:]
        self.pairs = [
            self._pair(mentors[number % MENTORS], mentees[number]) for number in range(PAIRS)
        ]

    def _add(self, number: int) -> Person:
        email, zone = f"p{number}@example.org", ZONES[number % len(ZONES)]
        made = self.admin.send("post", "/people", {"name": f"Person {number}", "email": email})
        assert made.status_code == 201, made.content
        client = ApiClient(make_token(User.objects.get(email=email), Scope.WRITE))
        person = Person(email, zone, client)
        self.move(person, zone)
        return person

    def move(self, person: Person, zone: str) -> None:
        profile = {"name": person.email, "zone": zone, "locale": "en"}
        moved = person.client.send("put", "/me", profile)
        assert moved.status_code == 200, moved.content
        person.zone = zone

    def _pair(self, mentor: Person, mentee: Person) -> Pair:
        body = {"mentor_email": mentor.email, "mentee_email": mentee.email, "cadence_days": 14}
        made = self.admin.send("post", "/mentorships", body)
        assert made.status_code == 201, made.content
        eagerness = self.chance.choice((0.3, 0.3, 0.03))
        return Pair(made.json()["id"], mentor, mentee, eagerness)

    @property
    def meetings(self) -> Iterable[Meeting]:
        return (meeting for pair in self.pairs for meeting in pair.meetings)

    def is_free(
        self, pair: Pair, start: datetime, end: datetime, beside: Meeting | None = None
    ) -> bool:
        at = now()
        return not any(
            begin < end and start < over
            for meeting in self.meetings
            if meeting is not beside and set(meeting.pair.sides) & set(pair.sides)
            for begin, over in meeting.times(at)
        )


def answer_of(reply: Any, expected: int) -> Any:
    """The body of an answer, which has to be as the model foretold."""
    assert reply.status_code == expected, f"{reply.status_code}: {reply.content}"
    return reply.json()
