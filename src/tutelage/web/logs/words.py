"""What the log and the rating say of the session, and of the seal."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.web import words

if TYPE_CHECKING:
    from tutelage.domain.feedback.models import Rating
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import Session

_SHORTEST = 5


def minutes_to_log(session: "Session", at: datetime) -> int:
    """How long it was as far as is known: really, until now while it goes on, or as planned."""
    if session.ended_at:
        return session.duration_minutes
    begun = session.started_at or session.starts_at
    so_far = round((at - begun).total_seconds() / 60)
    return max(_SHORTEST, min(so_far, session.planned_minutes))


def length_hint(session: "Session", at: datetime) -> str:
    """Where the length comes from that stands there already."""
    if session.started_at is None:
        return ""
    known = {"start": words.clock(session.started_at), "end": words.clock(session.ended_at or at)}
    if session.ended_at:
        return _("From the real start and end: %(start)s to %(end)s") % known
    return _("From the real start, %(start)s. It is %(end)s now.") % known


def when_and_where(session: "Session", reader: "User") -> str:
    return _("%(day)s, %(hours)s in %(place)s") % {
        "day": words.full_day(session.starts_at),
        "hours": words.span(session.starts_at, session.ends_at),
        "place": words.place(reader.own_zone),
    }


def sealed_hint(other: "User | None") -> str:
    if other is None:
        return ""
    return _("Sealed until %(name)s has rated too, or for 7 days") % {"name": other.name}


def sealed_now(own: "Rating | None", other: "User | None") -> str:
    """The same for a rating whose date is known."""
    if own is None or other is None:
        return sealed_hint(other)
    if own.is_open(now()):
        return ""
    known = {"name": other.name, "day": words.day(own.unseals_at)}
    return (
        _("Sealed until %(name)s has rated too, or until %(day)s. You can change it until then.")
        % known
    )
