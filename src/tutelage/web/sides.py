"""Whom a session is with, as the one who reads of it would say."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.sessions.models import Session


def pair_of(session: "Session") -> "Mentorship | None":
    """The pair a session belongs to, read along with it; sessions of other kinds have none."""
    return getattr(session.program, "mentorship", None)


def other_side(session: "Session", reader: "User") -> "User | None":
    """Whom the reader meets there; nobody, for who only looks on."""
    pair = pair_of(session)
    if pair is None or reader.pk not in {pair.mentor_id, pair.mentee_id}:
        return None
    return pair.other_than(reader)


def both_of(pair: "Mentorship") -> str:
    return names_of(pair.mentor.name, pair.mentee.name)


def names_of(mentor: str, mentee: str) -> str:
    return _("%(mentor)s with %(mentee)s") % {"mentor": mentor, "mentee": mentee}


def title_of(session: "Session", reader: "User") -> str:
    """What the reader would call it: "Session with" names the other person."""
    pair = pair_of(session)
    if pair is None:
        return session.title or _("Session of %(host)s") % {"host": session.host.name}
    if other := other_side(session, reader):
        return _("Session with %(name)s") % {"name": other.name}
    return both_of(pair)


def second_zone(at: datetime, reader: "User", other: "User | None") -> str:
    """The other's zone, if their clock shows something else then; a zone not known is not shown."""
    if other is None or not other.zone:
        return ""
    here, there = at.astimezone(ZoneInfo(reader.own_zone)), at.astimezone(ZoneInfo(other.zone))
    return other.zone if here.utcoffset() != there.utcoffset() else ""
