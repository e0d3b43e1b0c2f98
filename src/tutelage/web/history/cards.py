"""A session as a history tells of it; everything is put into words once, here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.text import hits
from tutelage.domain.sessions.lifecycle import UNRESOLVED_AFTER, Status
from tutelage.web import words
from tutelage.web.addresses import address
from tutelage.web.history import endings
from tutelage.web.history.marks import marked
from tutelage.web.icons import drawn_stars, drawn_status
from tutelage.web.sides import names_of

if TYPE_CHECKING:
    from datetime import datetime

    from tutelage.domain.feedback.queries import HistoryLine, RatingLine
    from tutelage.domain.people.models import User


@dataclass(frozen=True, slots=True)
class Stars:
    """Somebody's, in a number and drawn."""

    count: str
    drawn: SafeString
    label: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A part of the log that a card shows only because a word that was sought is in it."""

    label: str
    text: SafeString


@dataclass(frozen=True, slots=True)
class Step:
    text: SafeString
    is_done: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A row of the history, as a card and in its table; `rows.drawn` draws both."""

    href: str
    status: str
    badge: SafeString
    instant: str
    day: str
    hour: str
    length: str
    when: str
    title: str
    topic: str
    outcomes: SafeString
    steps: Sequence[Step]
    also: Sequence[Said]
    ending: str
    reason: str
    logged_late: str
    log_href: str
    stars: Sequence[Stars]
    sealed_until: str
    rate_href: str


def cards_of(
    lines: Iterable["HistoryLine"], reader: "User", *, sought: Sequence[str] = ()
) -> list[Card]:
    at = now()
    return [_card(line, reader, sought, at) for line in lines]


def _card(line: "HistoryLine", reader: "User", sought: Sequence[str], at: "datetime") -> Card:
    is_side = reader.pk in {line.mentor_id, line.mentee_id}
    can_log = is_side and is_unlogged(line, at)
    own = next((each for each in line.ratings if each.author == reader.pk), None)
    can_rate = own is None and is_side and line.status == Status.COMPLETED
    word = _("Not logged yet") if can_log else endings.status_word(line)
    hour, length = words.clock(line.starts_at), _length(line)
    return Card(
        href=address("sessions:detail", line.id),
        status=line.status,
        badge=drawn_status(line.status, word),
        instant=line.starts_at.isoformat(),
        day=words.brief_day(line.starts_at),
        hour=hour,
        length=length,
        when=f"{hour} • {length}" if length else hour,
        title=title_of(line, reader),
        topic=line.title if line.mentor_id else "",
        outcomes=marked(line.outcomes or "", sought),
        steps=[Step(marked(step.text, sought), bool(step.done_at)) for step in line.steps],
        also=_also(line, sought),
        ending=endings.sentence(line, reader.pk),
        reason=line.reason or "",
        logged_late=_logged_late(line, reader) if line.logged_late else "",
        log_href=address("logs:session", line.id) if can_log else "",
        stars=[_stars(each, reader) for each in line.ratings],
        sealed_until=words.brief_day(own.unseals_at) if own and not own.is_open(at) else "",
        rate_href=address("logs:rate", line.id) if can_rate else "",
    )


def title_of(line: "HistoryLine", reader: "User") -> str:
    """What the reader would call it: "Session with" names the other person."""
    if line.mentor_id is None:
        return line.title or _("Session of %(host)s") % {"host": line.host}
    other = {line.mentor_id: line.mentee, line.mentee_id: line.mentor}.get(reader.pk)
    if other is None:
        return names_of(line.mentor, line.mentee)
    return _("Session with %(name)s") % {"name": other}


def minutes_of(line: "HistoryLine") -> int:
    """How long it really was, or else how long it was planned."""
    start, end = line.starts_at, line.ends_at
    if line.started_at and line.ended_at:
        start, end = line.started_at, line.ended_at
    return round((end - start).total_seconds() / 60)


def _length(line: "HistoryLine") -> str:
    if line.status == Status.COMPLETED:
        return words.long_minutes(minutes_of(line))
    if line.status in {Status.CANCELLED, Status.DECLINED}:
        return ""
    planned = round((line.ends_at - line.starts_at).total_seconds() / 60)
    return _("planned %(minutes)s") % {"minutes": planned}


def is_unlogged(line: "HistoryLine", at: "datetime") -> bool:
    over = line.ends_at + UNRESOLVED_AFTER < at
    return over and line.status in {Status.SCHEDULED, Status.LIVE, Status.PAUSED}


def _also(line: "HistoryLine", sought: Sequence[str]) -> list[Said]:
    """Where else the words are, so that nobody wonders why a session was found."""
    if not sought:
        return []
    parts = ((_("Objectives"), line.objectives), (_("Shared notes"), line.shared_notes))
    return [
        Said(label, marked(text, sought))
        for label, text in parts
        if text and any(hits(text, sought))
    ]


def _logged_late(line: "HistoryLine", reader: "User") -> str:
    day = words.brief_day(line.logged_at) if line.logged_at else ""
    if line.logged_by == reader.pk:
        return _("Logged late, on %(day)s by you") % {"day": day}
    sides = {line.mentor_id: line.mentor, line.mentee_id: line.mentee}
    if name := sides.get(line.logged_by):
        return _("Logged late, on %(day)s by %(name)s") % {"day": day, "name": name}
    return _("Logged late, on %(day)s") % {"day": day}


def _stars(rating: "RatingLine", reader: "User") -> Stars:
    drawn = drawn_stars(rating.stars)
    if rating.author == reader.pk:
        return Stars(str(rating.stars), drawn, _("You rated"))
    label = _("%(name)s rated") % {"name": rating.name}
    return Stars(str(rating.stars), drawn, label, rating.name)
