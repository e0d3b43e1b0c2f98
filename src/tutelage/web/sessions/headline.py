"""Where a session stands in time, in words."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tutelage.domain.sessions.lifecycle import AGREED, Status
from tutelage.web import words

if TYPE_CHECKING:
    from tutelage.domain.sessions.models import Session


def headline_of(session: "Session", at: datetime) -> str:
    """What stands largest on its page: when it starts, that it goes on, or what became of it."""
    if session.status in AGREED:
        return _distance_of(session, at)
    return {
        Status.DRAFT.value: _("Not planned yet"),
        Status.REQUESTED.value: _("Not agreed upon yet"),
        Status.COMPLETED.value: _("Held for %(minutes)s")
        % {"minutes": words.minutes(session.duration_minutes)},
    }.get(session.status) or _("Not held")


def _distance_of(session: "Session", at: datetime) -> str:
    if at < session.starts_at:
        away = session.starts_at - at
        if away < timedelta(minutes=1):
            return _("Starts within a minute")
        return _("Starts in %(distance)s") % {"distance": words.distance(away)}
    if at < session.ends_at:
        began = session.started_at or session.starts_at
        return _("Began %(distance)s ago") % {"distance": words.distance(at - began)}
    return _("Ended %(distance)s ago") % {"distance": words.distance(at - session.ends_at)}
