"""A session as its card in the history tells of it; everything is put into words once, here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.domain.sessions.lifecycle import UNRESOLVED_AFTER, Status
from tutelage.web import words
from tutelage.web.history import endings
from tutelage.web.history.marks import marked
from tutelage.web.sides import other_side, pair_of, title_of

if TYPE_CHECKING:
    from tutelage.domain.feedback.models import Rating
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import Session, SessionLog


@dataclass(frozen=True, slots=True)
class Given:
    """Stars that somebody else gave, open to the reader."""

    by: str
    stars: int


@dataclass(frozen=True, slots=True)
class Stars:
    """The reader's own, the other side's once opened, and until when the own ones are sealed."""

    own: int | None
    others: Sequence[Given]
    sealed_until: str
    can_rate: bool


@dataclass(frozen=True, slots=True)
class Card:
    id: UUID
    status: str
    word: str
    starts_at: datetime
    day: str
    length: str
    title: str
    topic: str
    outcomes: SafeString
    steps: Sequence[str]
    ending: str
    reason: str
    logged_late: str
    can_log: bool
    stars: Stars


def card_of(
    session: "Session", reader: "User", ratings: Sequence["Rating"], *, sought: Sequence[str] = ()
) -> Card:
    log, ending = getattr(session, "log", None), getattr(session, "ending", None)
    can_log = other_side(session, reader) is not None and _is_unlogged(session)
    return Card(
        id=session.pk,
        status=session.status,
        word=_("Not logged yet") if can_log else endings.status_word(session, ending),
        starts_at=session.starts_at,
        day=words.brief_day(session.starts_at),
        length=_length(session),
        title=title_of(session, reader),
        topic=session.title if pair_of(session) else "",
        outcomes=marked(log.outcomes if log else "", sought),
        steps=[step.text for step in session.next_steps.all()],
        ending=endings.sentence(session, ending, reader) if ending else "",
        reason=ending.reason if ending else "",
        logged_late=_logged_late(session, log, reader) if log and log.logged_late else "",
        can_log=can_log,
        stars=_stars(session, reader, ratings),
    )


def _length(session: "Session") -> str:
    if session.status == Status.COMPLETED:
        long = words.long_minutes(session.duration_minutes)
        return f"{words.clock(session.starts_at)} • {long}"
    if session.status in {Status.CANCELLED, Status.DECLINED}:
        return words.clock(session.starts_at)
    planned = _("planned %(minutes)s") % {"minutes": session.planned_minutes}
    return f"{words.clock(session.starts_at)} • {planned}"


def _is_unlogged(session: "Session") -> bool:
    over = session.ends_at + UNRESOLVED_AFTER < now()
    return over and session.status in {Status.SCHEDULED, Status.LIVE, Status.PAUSED}


def _logged_late(session: "Session", log: "SessionLog", reader: "User") -> str:
    day = words.brief_day(log.logged_at)
    if log.logged_by_id == reader.pk:
        return _("Logged late, on %(day)s by you") % {"day": day}
    other = other_side(session, reader)
    if other and log.logged_by_id == other.pk:
        return _("Logged late, on %(day)s by %(name)s") % {"day": day, "name": other.name}
    return _("Logged late, on %(day)s") % {"day": day}


def _stars(session: "Session", reader: "User", ratings: Sequence["Rating"]) -> Stars:
    own = next((each for each in ratings if each.author_id == reader.pk), None)
    others = [Given(each.author.name, each.stars) for each in ratings if each is not own]
    is_side = other_side(session, reader) is not None
    return Stars(
        own=own.stars if own else None,
        others=others,
        sealed_until=words.brief_day(own.unseals_at) if own and not own.is_open(now()) else "",
        can_rate=own is None and is_side and session.status == Status.COMPLETED,
    )


def cards_of(
    rows: Sequence["Session"],
    reader: "User",
    ratings: Mapping[UUID, Sequence["Rating"]],
    *,
    sought: Sequence[str] = (),
) -> list[Card]:
    return [card_of(row, reader, ratings.get(row.pk, ()), sought=sought) for row in rows]
