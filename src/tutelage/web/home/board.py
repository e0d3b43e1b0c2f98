"""What home shows: the next session, what waits for the reader, and the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tutelage.core.clock import now
from tutelage.core.times import to_instant, to_local
from tutelage.domain.feedback.queries import list_unrated
from tutelage.domain.logs.queries import list_own_steps
from tutelage.domain.meetings.queries import has_meeting_link
from tutelage.domain.people.queries import count_people
from tutelage.domain.programs.queries import count_mentorships, list_own_mentorships
from tutelage.domain.scheduling.queries import list_offers_to_answer
from tutelage.domain.sessions.lifecycle import DOOR_OPENS, Status
from tutelage.domain.sessions.queries import count_sessions, find_next, list_coming, list_unlogged
from tutelage.web import words
from tutelage.web.home import tasks
from tutelage.web.home.tasks import Task
from tutelage.web.sessions.headline import headline_of
from tutelage.web.sides import other_side, second_zone, title_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.sessions.models import NextStep, Session

AGREED: Final = (Status.SCHEDULED, Status.LIVE, Status.PAUSED)
MORNING, NOON, EVENING = 5, 12, 18
CLOSE: Final = timedelta(hours=1)  # from then on the card looks by itself whether the door is open


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do next; `is_close` when it is worth looking again every minute."""

    session: "Session"
    other: "User | None"
    title: str
    headline: str
    door: str
    is_door_open: bool
    has_link: bool
    is_host: bool
    zone: str
    is_close: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A session of this week as its line in the diary."""

    session: "Session"
    title: str
    day: str
    meta: str
    status: str
    word: str


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    word: str


@dataclass(frozen=True, slots=True)
class Board:
    greeting: str
    counted: str
    next: Next | None
    tasks: Sequence[Task]
    week: Sequence[Entry]
    pairs: "Sequence[tuple[Mentorship, User]]"
    steps: "Sequence[NextStep]"
    figures: Sequence[Figure]


def read_board(reader: "User") -> Board:
    """Everything home shows, in a bounded number of queries."""
    at, coming, pairs = now(), list_coming(reader), list_own_mentorships(reader)
    oversees = reader.is_admin and not pairs
    agreed = next((each for each in coming if each.status in AGREED), None)
    if agreed is None and not oversees:
        agreed = find_next(reader)
    waiting = tasks.collect(
        reader, list_offers_to_answer(reader), list_unlogged(reader), list_unrated(reader)
    )
    return Board(
        greeting=greeting(reader, at),
        counted=_counted(reader, coming, waiting, at),
        next=next_of(agreed, reader, at) if agreed else None,
        tasks=waiting,
        week=[_entry(each, reader, at) for each in coming],
        pairs=[(pair, pair.other_than(reader)) for pair in pairs],
        steps=list_own_steps(reader) if pairs else (),
        figures=_figures(reader, at) if oversees else (),
    )


def read_next(reader: "User") -> Next | None:
    agreed = find_next(reader)
    return next_of(agreed, reader, now()) if agreed else None


def greeting(reader: "User", at: datetime) -> str:
    """By the hour on the reader's own clock."""
    hour, name = to_local(at, reader.own_zone).hour, words.first_name(reader.name)
    if MORNING <= hour < NOON:
        return _("Good morning, %(name)s") % {"name": name}
    if NOON <= hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def next_of(session: "Session", reader: "User", at: datetime) -> Next:
    other, opens_at = other_side(session, reader), session.starts_at - DOOR_OPENS
    is_open = session.is_door_open(at)
    return Next(
        session=session,
        other=other,
        title=title_of(session, reader),
        headline=headline_of(session, at),
        door=_door(opens_at, at, is_open=is_open),
        is_door_open=is_open,
        has_link=is_open and has_meeting_link(session),
        is_host=session.host_id == reader.pk,
        zone=second_zone(session.starts_at, reader, other),
        is_close=session.starts_at - at < CLOSE,
    )


def _door(opens_at: datetime, at: datetime, *, is_open: bool) -> str:
    if is_open:
        return _("The door is open since %(hour)s.") % {"hour": words.clock(opens_at)}
    if opens_at - at < timedelta(hours=12):
        return _("The door opens at %(hour)s.") % {"hour": words.clock(opens_at)}
    return _("The door opens 15 minutes before.")


def _counted(
    reader: "User", coming: Sequence["Session"], waiting: Sequence[Task], at: datetime
) -> str:
    """The day, how much of it is taken, and how much waits for the reader."""
    today = to_local(at, reader.own_zone).date()
    count = sum(
        each.status in AGREED and to_local(each.starts_at, reader.own_zone).date() == today
        for each in coming
    )
    sentences = [f"{capfirst(words.full_day(at))}."]
    if count:
        sentences.append(
            ngettext("%(count)d session today.", "%(count)d sessions today.", count)
            % {"count": count}
        )
    else:
        sentences.append(_("No session today."))
    if waiting:
        sentences.append(
            ngettext("%(count)d thing needs you.", "%(count)d things need you.", len(waiting))
            % {"count": len(waiting)}
        )
    return " ".join(sentences)


def _entry(session: "Session", reader: "User", at: datetime) -> Entry:
    is_open = session.is_door_open(at)
    other = other_side(session, reader)
    zone = second_zone(session.starts_at, reader, other)
    return Entry(
        session=session,
        title=title_of(session, reader),
        day=words.near_day(session.starts_at),
        meta=_meta(session, zone),
        status="live" if is_open else session.status,
        word=_("Door open") if is_open and session.status == Status.SCHEDULED else "",
    )


def _meta(session: "Session", zone: str) -> str:
    said = [
        _("%(kind)s, %(length)s.")
        % {
            "kind": session.get_kind_display(),
            "length": words.long_minutes(session.planned_minutes),
        }
    ]
    if zone:
        there = {"hour": words.clock(session.starts_at, zone), "place": words.place(zone)}
        said.append(_("%(hour)s in %(place)s.") % there)
    return " ".join(said)


def _figures(reader: "User", at: datetime) -> list[Figure]:
    """The installation at a glance, for an administrator who is in no pair."""
    today = to_local(at, reader.own_zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    ends = (to_instant(day, reader.own_zone) for day in (monday, monday + timedelta(days=7)))
    start, end = ends
    people, pairs = count_people(), count_mentorships(reader)
    sessions = count_sessions(reader, start=start, end=end)
    return [
        Figure(people, ngettext("Person", "People", people)),
        Figure(pairs, ngettext("Active pair", "Active pairs", pairs)),
        Figure(sessions, ngettext("Session this week", "Sessions this week", sessions)),
    ]
