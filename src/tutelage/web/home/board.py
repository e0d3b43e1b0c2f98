"""What home shows: the next session, what waits for the reader, and the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tutelage.core.clock import now
from tutelage.core.times import to_instant, to_local
from tutelage.domain.feedback.queries import list_at_hand
from tutelage.domain.insights.pulse import ADVICE, Level, Pulse
from tutelage.domain.insights.queries import count_pulses, find_pulses
from tutelage.domain.logs.queries import list_drafts, list_own_steps
from tutelage.domain.meetings.queries import has_meeting_link
from tutelage.domain.people.queries import count_people
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.queries import count_mentorships, list_own_pairs
from tutelage.domain.scheduling.queries import list_offers_to_answer
from tutelage.domain.sessions.lifecycle import AGREED, DOOR_OPENS, OPEN, Status
from tutelage.domain.sessions.queries import count_sessions, find_next
from tutelage.web import words
from tutelage.web.addresses import address
from tutelage.web.home import tasks
from tutelage.web.home.tasks import Task
from tutelage.web.icons import drawn_status
from tutelage.web.sessions.headline import headline_of
from tutelage.web.sides import other_side, second_zone, title_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.sessions.models import NextStep, Session

TONES: Final = {Level.GOOD: "good", Level.WATCH: "warn", Level.ACT: "bad", Level.RESTING: "info"}
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


class Entry(NamedTuple):
    """A session of this week as its line in the diary; `rows.drawn` draws it."""

    href: str
    status: str
    badge: SafeString
    instant: str
    hour: str
    title: str
    meta: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week to come, and what stands in it."""

    on: date
    word: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair of the reader's, and how it is doing: a word, and what to do about each sign."""

    pair: "Mentorship"
    other: "User"
    tone: str
    word: str
    signs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    word: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    greeting: str
    counted: str
    next: Next | None
    tasks: Sequence[Task]
    week: Sequence[Day]
    pairs: Sequence[PairLine]
    steps: "Sequence[NextStep]"
    figures: Sequence[Figure]


def read_board(reader: "User") -> Board:
    """Everything home shows, in a bounded number of queries."""
    at, hand, all_pairs = now(), list_at_hand(reader), list_own_pairs(reader)
    coming = [each for each in reversed(hand) if each.status in OPEN and each.ends_at > at]
    pairs = [pair for pair in all_pairs if pair.status == PairStatus.ACTIVE]
    oversees = reader.is_admin and not pairs
    agreed = next((each for each in coming if each.status in AGREED), None)
    if agreed is None and not oversees:
        agreed = find_next(reader)
    waiting = tasks.collect(
        reader,
        list_offers_to_answer(reader),
        [each for each in hand if each.is_unresolved(at)],
        list_drafts(reader),
        [each for each in hand if each.status == Status.COMPLETED],
        [pair for pair in all_pairs if _asks(pair, reader)],
    )
    pulses = find_pulses(pairs)
    return Board(
        greeting=greeting(reader, at),
        counted=_counted(reader, coming, waiting, at),
        next=next_of(agreed, reader, at) if agreed else None,
        tasks=waiting,
        week=_by_day(coming, reader, at),
        pairs=[line_of(pair, reader, pulses[pair.pk]) for pair in pairs],
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


def _asks(pair: "Mentorship", reader: "User") -> bool:
    return pair.status == PairStatus.PROPOSED and pair.proposed_by_id != reader.pk


def line_of(pair: "Mentorship", reader: "User", pulse: Pulse) -> PairLine:
    return PairLine(
        pair=pair,
        other=pair.other_than(reader),
        tone=TONES[pulse.level],
        word=str(pulse.level.label),
        signs=[(str(sign.label), str(ADVICE[sign])) for sign, _since in pulse.signs],
    )


def _by_day(coming: Sequence["Session"], reader: "User", at: datetime) -> list[Day]:
    days = groupby(coming, key=lambda each: to_local(each.starts_at, reader.own_zone).date())
    return [_day(on, list(sessions), reader, at) for on, sessions in days]


def _day(on: date, sessions: Sequence["Session"], reader: "User", at: datetime) -> Day:
    word = capfirst(words.near_day(sessions[0].starts_at))
    return Day(on, word, [_entry(each, reader, at) for each in sessions])


def _entry(session: "Session", reader: "User", at: datetime) -> Entry:
    is_open = session.is_door_open(at)
    other = other_side(session, reader)
    zone = second_zone(session.starts_at, reader, other)
    status = "live" if is_open else session.status
    is_waiting = is_open and session.status == Status.SCHEDULED
    word = _("Door open") if is_waiting else str(words.STATUSES[status].word)
    return Entry(
        href=address("sessions:detail", session.pk),
        status=status,
        badge=drawn_status(status, word),
        instant=session.starts_at.isoformat(),
        hour=words.clock(session.starts_at),
        title=title_of(session, reader),
        meta=_meta(session, zone),
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
    ailing = count_pulses(actor=reader, level=Level.ACT)
    sessions = count_sessions(reader, start=start, end=end)
    return [
        Figure(people, ngettext("Person", "People", people)),
        Figure(pairs, ngettext("Active pair", "Active pairs", pairs)),
        Figure(
            ailing,
            ngettext("Pair that needs attention", "Pairs that need attention", ailing),
            f"{reverse('mentorships:list')}?pulse={Level.ACT}",
        ),
        Figure(sessions, ngettext("Session this week", "Sessions this week", sessions)),
    ]
