"""A session takes place, and what came of it is logged."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict, invalid_field
from tutelage.core.events import publish
from tutelage.core.inserting import insert
from tutelage.core.times import Slot, to_local
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions import policies
from tutelage.domain.sessions.events import SessionCompleted, SessionStarted
from tutelage.domain.sessions.inputs import LogFields, LogPast
from tutelage.domain.sessions.lifecycle import (
    DOOR_OPENS,
    LOGGED_LATE_AFTER,
    Action,
    Status,
    next_status,
)
from tutelage.domain.sessions.models import Session, SessionLog
from tutelage.domain.sessions.queries import read_along
from tutelage.domain.sessions.services.planning import create_for_pair
from tutelage.domain.sessions.services.rows import keep_session, take_session
from tutelage.domain.sessions.services.steps import draft_steps


class NotYet(Conflict):
    code = "not_yet"


@one_transaction
def start_session(*, actor: User, session_id: UUID, seen_version: int | None = None) -> Session:
    """Say that a session has begun, from a quarter of an hour before its time."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_lead(actor, role).require()
    status = next_status(session.status, Action.START)
    if now() < session.starts_at - DOOR_OPENS:
        raise NotYet(_("The door opens 15 minutes before the start."))
    session.status, session.started_at = status, now()
    keep_session(session)
    publish(SessionStarted(subject_id=session.pk, actor_id=actor.pk))
    return session


def complete_session(
    *, actor: User, session_id: UUID, given: LogFields, seen_version: int | None = None
) -> Session:
    """Close a session that took place, and log what came of it, as a part of a use case.

    One that nobody started is logged after the fact: its planned start counts as the real one.
    """
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_log(session, role).require()
    before = Status(session.status)
    session.status = next_status(before, Action.COMPLETE)
    if session.starts_at > now() and session.started_at is None:
        raise NotYet(_("This session has not begun yet."))
    session.started_at = session.started_at or session.starts_at
    session.ended_at = end_of(session, given.duration_minutes)
    keep_session(session)
    late = now() - session.ends_at > LOGGED_LATE_AFTER
    _write_log(actor, session, given, late=late, from_status=before)
    return session


def end_of(session: Session, minutes: int | None) -> datetime:
    """When it really ended: said, or else as planned, but never in the future."""
    assert session.started_at is not None  # noqa: S101 -- set by the caller
    if minutes is None:
        planned = session.ends_at - session.starts_at
        return min(now(), session.started_at + planned)
    ended_at = session.started_at + timedelta(minutes=minutes)
    if ended_at > now() + timedelta(minutes=1):
        raise invalid_field(
            "duration_minutes", _("It has not been going on for so long. Give the minutes so far.")
        )
    return ended_at


def log_past_session(*, actor: User, mentorship: Mentorship, given: LogPast) -> Session:
    """The same for a session of a pair that was never planned here: completed in one step."""
    policies.can_log_past(actor, mentorship).require()
    slot = _slot(actor, given)
    if slot.ends_at > now():
        raise invalid_field(
            "local_start", _("This is not over yet. Plan it, and log it afterwards.")
        )
    session = create_for_pair(mentorship, slot, Status.COMPLETED)
    _write_log(actor, session, given, late=True, from_status=Status.COMPLETED)
    return session


def _slot(actor: User, given: LogPast) -> Slot:
    """When it was; without a start, it ended this minute."""
    zone, duration = given.zone or actor.own_zone, timedelta(minutes=given.duration_minutes)
    just_now = to_local(now() - duration, zone).replace(second=0, microsecond=0)
    return Slot(given.local_start or just_now, zone, duration)


def _write_log(
    actor: User, session: Session, given: LogFields, *, late: bool, from_status: Status
) -> None:
    log = SessionLog(
        session=session,
        objectives=given.objectives,
        outcomes=given.outcomes,
        shared_notes=given.shared_notes,
        logged_late=late,
        logged_by=actor,
    )
    steps = draft_steps(session, given.next_steps)
    insert(log, *steps)
    read_along(session, "next_steps", steps)
    publish(
        SessionCompleted(
            subject_id=session.pk, actor_id=actor.pk, from_status=from_status, logged_late=late
        )
    )
