"""A log is changed; what it said before is kept."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.errors import invalid_field
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.logs import policies
from tutelage.domain.logs.inputs import ChangeLog, WriteLog
from tutelage.domain.logs.models import SessionLogRevision
from tutelage.domain.logs.services import drafts, notes
from tutelage.domain.people.models import User
from tutelage.domain.sessions.events import LogChanged
from tutelage.domain.sessions.models import NextStep, Session, SessionLog
from tutelage.domain.sessions.services.completion import end_of
from tutelage.domain.sessions.services.rows import keep_session, take_session
from tutelage.domain.sessions.services.steps import write_steps

_TEXTS = ("objectives", "outcomes", "shared_notes")


@one_transaction
def change_log(
    *,
    actor: User,
    session_id: UUID,
    given: WriteLog | ChangeLog,
    seen_version: int | None = None,
) -> Session:
    """Write a log anew, whole or in part, over the version the actor saw.

    One that changes nothing leaves no trace. A session that came without a log, from a
    spreadsheet, gets its first one so.
    """
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_change_log(session, role).require()
    log = SessionLog.objects.filter(session=session).first()
    steps = _steps_of(session)
    before = _said(session, log, steps)
    is_first = log is None
    log = log or SessionLog(session=session, logged_by=actor, logged_late=True, version=0)
    for name in _TEXTS:
        said = getattr(given, name)
        setattr(log, name, getattr(log, name) if said is None else said)
    if not log.outcomes:
        raise invalid_field("outcomes", _("This is needed."))
    if given.duration_minutes is not None:
        session.ended_at = end_of(session, given.duration_minutes)
    if given.next_steps is not None:
        write_steps(session, given.next_steps, steps)
    if _said(session, log, _steps_of(session)) != before:
        log.version += 1
        log.save()
        keep_session(session)
        if not is_first:
            SessionLogRevision.objects.create(session=session, by=actor, **before)
        publish(LogChanged(subject_id=session.pk, actor_id=actor.pk))
    if given.private_note is not None:
        notes.write(actor, session, given.private_note)
    drafts.forget(actor, session=session)
    return session


def _steps_of(session: Session) -> list[NextStep]:
    rows = NextStep.objects.filter(session=session).select_related("owner")
    return list(rows.order_by("position", "id"))


def _said(session: Session, log: SessionLog | None, steps: list[NextStep]) -> dict[str, Any]:
    """All that a log says, as it goes into a revision."""
    return {
        "duration_minutes": session.duration_minutes,
        **{name: getattr(log, name) if log else "" for name in _TEXTS},
        "next_steps": [
            {
                "text": step.text,
                "owner": str(step.owner.uid) if step.owner else None,
                "due_on": step.due_on.isoformat() if step.due_on else None,
            }
            for step in steps
        ],
    }
