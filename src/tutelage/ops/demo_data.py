"""The demo programme: half a year of a small mentoring programme, around the day it is loaded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tutelage.core.clock import now
from tutelage.core.text import fold
from tutelage.core.times import Slot, to_local
from tutelage.domain.feedback.models import SEALED_FOR, Rating
from tutelage.domain.meetings.services import set_usual_room
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import ProgramKind
from tutelage.domain.programs.models import Mentorship, Program
from tutelage.domain.scheduling.inputs import AskForTime, RescheduleSession
from tutelage.domain.scheduling.services.answering import accept_time
from tutelage.domain.scheduling.services.availability import set_availability
from tutelage.domain.scheduling.services.offering import ask_for_time, reschedule_session
from tutelage.domain.sessions.lifecycle import Party, Status
from tutelage.domain.sessions.models import NextStep, Session, SessionEnding, SessionLog
from tutelage.domain.sessions.services.planning import create_for_pair
from tutelage.domain.sessions.services.searching import index_missing
from tutelage.ops.demo_people import (
    AROHA,
    HOURS,
    INGRID,
    PAIRS,
    PEOPLE,
    REASONS,
    SAMUEL,
    TALKS,
    Character,
)

PASSWORD: Final = "look-around-here"  # noqa: S105  # printed for everybody who starts the demo
ACCOUNTS: Final = (
    f"Log in with the password {PASSWORD} as\n"
    f"  {AROHA.email}   a mentee in Auckland, whose next session is about to begin\n"
    f"  {SAMUEL.email}  her mentor in New York\n"
    f"  {INGRID.email}  who coordinates the programme"
)
_HOUR: Final = timedelta(hours=1)


@transaction.atomic
def load() -> None:
    """Fill an empty database. The same days ago and ahead, whenever it is loaded."""
    chance = Random(7)  # noqa: S311 -- the demo is to be the same for everybody
    people = _add_people()
    pairs = [_add_pair(people, *each) for each in PAIRS]
    for character, hours in HOURS.items():
        set_availability(actor=people[character], given=hours)
    for pair in pairs:
        _add_past(pair, chance)
    _add_coming(pairs)
    index_missing()


def _add_people() -> dict[Character, User]:
    password = make_password(PASSWORD)  # once: a good hash takes its time
    people = {}
    for each in PEOPLE:
        person = User.objects.create(
            email=each.email,
            name=each.name,
            name_folded=fold(each.name),
            zone=each.zone,
            role=each.role,
            password=password,
            joined_at=now() - timedelta(days=200),
        )
        EmailAddress.objects.create(user=person, email=each.email, primary=True, verified=True)
        people[each] = person
    return people


def _add_pair(
    people: dict[Character, User], mentor: Character, mentee: Character, days: int, goals: str
) -> Mentorship:
    since = now() - timedelta(days=190)
    set_usual_room(actor=people[mentor], link=f"https://meet.example.org/{mentor.email[:5]}")
    return Mentorship.objects.create(
        program=Program.objects.create(kind=ProgramKind.MENTORSHIP),
        mentor=people[mentor],
        mentee=people[mentee],
        cadence_days=days,
        goals=goals,
        status_since=since,
        started_at=since,
    )


def _add_past(pair: Mentorship, chance: Random) -> None:
    """Every few days one that was held, now and then one that was not."""
    at = _full_hour(now()) - timedelta(days=180)
    while at < now() - timedelta(days=3):
        start = at.replace(hour=chance.choice((7, 8, 13, 19, 20)))
        slot = Slot(to_local(start, pair.mentor.zone), pair.mentor.zone, _HOUR)
        add = _add_missed if _happens(chance, 0.1) else _add_held
        add(pair, slot, chance)
        at += timedelta(days=max(3, round(pair.cadence_days * chance.uniform(0.7, 1.5))))


def _happens(chance: Random, share: float) -> bool:
    return chance.random() < share


def _add_held(pair: Mentorship, slot: Slot, chance: Random) -> None:
    session = create_for_pair(pair, slot, Status.COMPLETED)
    session.ended_at = session.starts_at + timedelta(minutes=chance.choice((42, 55, 58, 60, 74)))
    session.save(update_fields=["ended_at"])
    objectives, outcomes, steps = chance.choice(TALKS)
    SessionLog.objects.create(
        session=session,
        objectives=objectives,
        outcomes=outcomes,
        logged_late=_happens(chance, 0.1),
        logged_by=chance.choice((pair.mentor, pair.mentee)),
        logged_at=session.ended_at + timedelta(hours=2),
    )
    _add_steps(session, pair, steps, chance)
    for author, subject in ((pair.mentor, pair.mentee), (pair.mentee, pair.mentor)):
        if _happens(chance, 0.7):
            _add_rating(session, author, subject, chance)


def _add_steps(session: Session, pair: Mentorship, steps: Sequence[str], chance: Random) -> None:
    """All but those of the last weeks are done."""
    is_done = session.ends_at < now() - timedelta(days=21)
    for number, text in enumerate(steps):
        owner = chance.choice((pair.mentor, pair.mentee))
        NextStep.objects.create(
            session=session,
            program=pair.program,
            text=text,
            position=number,
            owner=owner,
            due_on=(session.ends_at + timedelta(days=14)).date(),
            done_at=session.ends_at + timedelta(days=9) if is_done else None,
            done_by=owner if is_done else None,
        )


def _add_rating(session: Session, author: User, subject: User, chance: Random) -> None:
    given_at = session.ends_at + _HOUR
    Rating.objects.create(
        session=session,
        author=author,
        subject=subject,
        stars=chance.choice((3, 4, 4, 5, 5, 5)),
        given_at=given_at,
        unseals_at=given_at + SEALED_FOR,
    )


def _add_missed(pair: Mentorship, slot: Slot, chance: Random) -> None:
    status = chance.choice((Status.CANCELLED, Status.CANCELLED, Status.NO_SHOW))
    session = create_for_pair(pair, slot, status)
    SessionEnding.objects.create(
        session=session,
        status=status,
        party=chance.choice((Party.HOST, Party.PARTICIPANT)),
        by=chance.choice((pair.mentor, pair.mentee)),
        reason=chance.choice(REASONS),
        late=_happens(chance, 0.3),
        at=session.starts_at - timedelta(hours=20),
    )


def _add_coming(pairs: list[Mentorship]) -> None:
    """One about to begin, some agreed upon, some waiting for an answer, one that nobody logged."""
    first, second, third, fourth, *others = pairs
    _agree(first, _full_hour(now()) + timedelta(minutes=15 * _quarters_until_soon()))
    _agree(first, _full_hour(now()) + timedelta(days=14, hours=1))
    standing = _agree(second, _full_hour(now()) + timedelta(days=3, hours=2))
    _ask(third, third.mentor, _full_hour(now()) + timedelta(days=2, hours=5))
    _ask(fourth, fourth.mentee, _full_hour(now()) + timedelta(days=1, hours=3))
    for days, pair in enumerate(others, start=2):
        _agree(pair, _full_hour(now()) + timedelta(days=days, hours=days))
    later = to_local(standing.starts_at + timedelta(days=1), second.mentor.zone)
    reschedule_session(
        actor=second.mentor,
        session_id=standing.pk,
        given=RescheduleSession(
            action="reschedule",
            local_start=later,
            zone=second.mentor.zone,
            note="A faculty meeting came up. Does the day after work for you?",
        ),
    )
    forgotten = to_local(_full_hour(now()) - timedelta(days=1, hours=3), first.mentor.zone)
    create_for_pair(first, Slot(forgotten, first.mentor.zone, _HOUR), Status.SCHEDULED)


def _agree(pair: Mentorship, start: datetime) -> Session:
    session = _ask(pair, pair.mentee, start)
    return accept_time(actor=pair.mentor, session_id=session.pk).session


def _ask(pair: Mentorship, by: User, start: datetime) -> Session:
    given = AskForTime(
        mentorship=pair.program.uid, local_start=to_local(start, by.zone), zone=by.zone
    )
    return ask_for_time(actor=by, given=given)


def _quarters_until_soon() -> int:
    """The next quarter of an hour that is at least a few minutes away: its door is open soon."""
    return (now().minute + 3) // 15 + 1


def _full_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
