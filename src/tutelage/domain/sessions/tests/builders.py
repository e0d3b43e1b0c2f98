"""Valid sessions with one line each, whatever their status; no rule is asked."""

from datetime import datetime, timedelta
from typing import Any

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_admin, make_token, make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.lifecycle import Kind, ParticipantRole, Status
from tutelage.domain.sessions.models import Participant, Session, SessionLog
from tutelage.domain.sessions.services.searching import index_sessions

__all__ = ["make_admin", "make_log", "make_pair", "make_session", "make_token", "make_user"]


def make_session(
    pair: Mentorship | None = None, *, starts_at: datetime | None = None, minutes: int = 60,
    status: str = Status.SCHEDULED, zone: str = "UTC", **given: Any,
) -> Session:  # fmt: skip
    """A session of a pair; without a start, tomorrow's or, when it was held, yesterday's."""
    pair = pair or make_pair()
    held = status == Status.COMPLETED
    starts_at = starts_at or now() + timedelta(days=-1 if held else 1)
    ends_at = starts_at + timedelta(minutes=minutes)
    if held:
        given = {"started_at": starts_at, "ended_at": ends_at, **given}
    session = Session.objects.create(
        kind=Kind.MENTORSHIP,
        status=status,
        program=pair.program,
        host=pair.mentor,
        starts_at=starts_at,
        ends_at=ends_at,
        local_start=to_local(starts_at, zone),
        zone=zone,
        **given,
    )
    _take_part(session, pair.mentor, ParticipantRole.HOST)
    _take_part(session, pair.mentee, ParticipantRole.GUEST)
    return session


def _take_part(session: Session, user: User, role: ParticipantRole) -> None:
    Participant.objects.create(session=session, user=user, role=role)


def make_log(session: Session, outcomes: str = "A first draft", **given: Any) -> SessionLog:
    log = SessionLog.objects.create(
        session=session, outcomes=outcomes, logged_by=session.host, **given
    )
    index_sessions([session.pk])
    return log
