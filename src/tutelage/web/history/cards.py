"""A session as a history tells of it; everything is put into words once, here."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tutelage.core.text import hits
from tutelage.domain.sessions.lifecycle import AGREED, UNRESOLVED_AFTER, Status
from tutelage.web.addresses import address
from tutelage.web.history import endings
from tutelage.web.history.marks import marked
from tutelage.web.icons import drawn_stars, drawn_status
from tutelage.web.sides import names_of
from tutelage.web.words import Voice, once

if TYPE_CHECKING:
    from datetime import datetime

    from tutelage.domain.feedback.queries import HistoryLine, RatingLine
    from tutelage.domain.people.models import User


_CALLED_OFF: Final = (Status.CANCELLED, Status.DECLINED)


class Stars(NamedTuple):
    """Somebody's, in a number and drawn."""

    number: str
    drawn: SafeString
    label: str
    by: str = ""


class Said(NamedTuple):
    """A part of the log that a card shows only because a word that was sought is in it."""

    label: str
    text: SafeString


class Step(NamedTuple):
    text: SafeString
    is_done: bool


class Card(NamedTuple):
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


class _Listener(NamedTuple):
    """To whom a page of sessions is told, and which words were sought."""

    id: int
    sought: Sequence[str]
    voice: Voice


def cards_of(
    lines: Iterable["HistoryLine"], reader: "User", *, sought: Sequence[str] = ()
) -> list[Card]:
    listener = _Listener(reader.pk, sought, Voice.now())
    return [_card(line, listener) for line in lines]


def _card(line: "HistoryLine", to: _Listener) -> Card:
    voice = to.voice
    is_side = to.id in {line.mentor_id, line.mentee_id}
    can_log = is_side and is_unlogged(line, voice.at)
    own = next((each for each in line.ratings if each.author == to.id), None)
    can_rate = own is None and is_side and line.status == Status.COMPLETED
    if can_log:
        word = _("Not logged yet")
    else:
        word = endings.status_word(line.status, line.party, voice.language)
    hour, length = voice.clock(line.starts_at), _length(line, voice)
    return Card(
        href=address("sessions:detail", line.id),
        status=line.status,
        badge=drawn_status(line.status, word),
        instant=line.starts_at.isoformat(),
        day=voice.brief_day(line.starts_at),
        hour=hour,
        length=length,
        when=f"{hour} • {length}" if length else hour,
        title=_title(line, to),
        topic=line.title if line.mentor_id else "",
        outcomes=marked(line.outcomes or "", to.sought),
        steps=[Step(marked(step.text, to.sought), bool(step.done_at)) for step in line.steps],
        also=_also(line, to.sought),
        ending=endings.sentence(line, to.id),
        reason=line.reason or "",
        logged_late=_logged_late(line, to) if line.logged_late else "",
        log_href=address("logs:session", line.id) if can_log else "",
        stars=[_stars(each, to) for each in line.ratings],
        sealed_until=voice.brief_day(own.unseals_at) if own and not own.is_open(voice.at) else "",
        rate_href=address("logs:rate", line.id) if can_rate else "",
    )


def _title(line: "HistoryLine", to: _Listener) -> str:
    """What the reader would call it: "Session with" names the other person."""
    if line.mentor_id is None:
        return line.title or _("Session of %(host)s") % {"host": line.host}
    if to.id == line.mentor_id:
        return _session_with(line.mentee, to.voice.language)
    if to.id == line.mentee_id:
        return _session_with(line.mentor, to.voice.language)
    return names_of(line.mentor, line.mentee)


@once
def _session_with(name: str, _language: str) -> str:
    return _("Session with %(name)s") % {"name": name}


def minutes_of(line: "HistoryLine") -> int:
    """How long it really was, or else how long it was planned."""
    start, end = line.starts_at, line.ends_at
    if line.started_at and line.ended_at:
        start, end = line.started_at, line.ended_at
    return round((end - start).total_seconds() / 60)


def _length(line: "HistoryLine", voice: Voice) -> str:
    if line.status == Status.COMPLETED:
        return voice.long_minutes(minutes_of(line))
    if line.status in _CALLED_OFF:
        return ""
    planned = round((line.ends_at - line.starts_at).total_seconds() / 60)
    return _("planned %(minutes)s") % {"minutes": planned}


def is_unlogged(line: "HistoryLine", at: "datetime") -> bool:
    over = line.ends_at + UNRESOLVED_AFTER < at
    return over and line.status in AGREED


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


def _logged_late(line: "HistoryLine", to: _Listener) -> str:
    day = to.voice.brief_day(line.logged_at) if line.logged_at else ""
    if line.logged_by == to.id:
        return _("Logged late, on %(day)s by you") % {"day": day}
    sides = {line.mentor_id: line.mentor, line.mentee_id: line.mentee}
    if name := sides.get(line.logged_by):
        return _("Logged late, on %(day)s by %(name)s") % {"day": day, "name": name}
    return _("Logged late, on %(day)s") % {"day": day}


def _stars(rating: "RatingLine", to: _Listener) -> Stars:
    drawn = drawn_stars(rating.stars)
    if rating.author == to.id:
        return Stars(str(rating.stars), drawn, _("You rated"))
    label = _rated(rating.name, to.voice.language)
    return Stars(str(rating.stars), drawn, label, rating.name)


@once
def _rated(name: str, _language: str) -> str:
    return _("%(name)s rated") % {"name": name}
