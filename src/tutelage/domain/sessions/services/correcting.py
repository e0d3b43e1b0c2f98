"""Putting right what became of a session, with a reason, keeping what it said before."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import invalid_field
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.sessions import policies
from tutelage.domain.sessions.events import LogChanged, SessionCorrected
from tutelage.domain.sessions.inputs import CorrectSession
from tutelage.domain.sessions.lifecycle import LOGGED_LATE_AFTER, Action, Status, next_status
from tutelage.domain.sessions.models import (
    Session,
    SessionEnding,
    SessionEndingRevision,
    SessionLog,
)
from tutelage.domain.sessions.services.completion import NotYet
from tutelage.domain.sessions.services.ending import Ending, keep_before, write_ending
from tutelage.domain.sessions.services.rows import keep_session, take_session


@one_transaction
def correct_session(
    *, actor: User, session_id: UUID, given: CorrectSession, seen_version: int | None = None
) -> Session:
    """Say otherwise what became of a session: held, missed, or called off."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_lead(actor, role).require()
    before, status = Status(session.status), _target(session, given)
    keep_before(session, status, by=actor, reason=given.reason)
    session.status = status
    if status == Status.COMPLETED:
        _hold(session, actor, given)
    else:
        session.started_at = session.ended_at = None
        ending = Ending(None, None, given.reason, party=given.party or "")
        write_ending(session, Action.CORRECT, ending)
    keep_session(session)
    publish(
        SessionCorrected(
            subject_id=session.pk, actor_id=actor.pk, from_status=before, status=status
        )
    )
    return session


def _target(session: Session, given: CorrectSession) -> Status:
    status = next_status(session.status, Action.CORRECT, to=given.to)
    if status != Status.CANCELLED and session.ends_at > now():
        raise NotYet(_("This session is not over yet."))
    if status == Status.NO_SHOW and not given.party:
        raise invalid_field("party", _("Say who did not come."))
    if status == Status.COMPLETED and given.party:
        raise invalid_field("party", _("Leave this away: the session was held."))
    return status


def _hold(session: Session, actor: User, given: CorrectSession) -> None:
    """It was held after all: with the times and the log it had before, or those given now."""
    SessionEnding.objects.filter(session=session).delete()
    kept = SessionEndingRevision.objects.filter(session=session, ended_at__isnull=False)
    before = kept.order_by("-id").first()
    started_at = (before and before.started_at) or session.starts_at
    ended_at = (before and before.ended_at) or session.ends_at
    if given.duration_minutes:
        ended_at = started_at + timedelta(minutes=given.duration_minutes)
        if ended_at > now():
            raise invalid_field("duration_minutes", _("It cannot have lasted until after now."))
    session.started_at, session.ended_at = started_at, ended_at
    _write_log(session, actor, given)


def _write_log(session: Session, actor: User, given: CorrectSession) -> None:
    has_log = SessionLog.objects.filter(session=session).exists()
    if has_log == bool(given.outcomes):
        raise invalid_field(
            "outcomes",
            _("There is a log already, which stands again. Change it there.")
            if has_log
            else _("Nothing is logged yet, so say what came of it."),
        )
    if not has_log:
        SessionLog.objects.create(
            session=session,
            outcomes=given.outcomes,
            logged_late=now() - session.ends_at > LOGGED_LATE_AFTER,
            logged_by=actor,
        )
        publish(LogChanged(subject_id=session.pk, actor_id=actor.pk))
