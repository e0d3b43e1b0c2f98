"""Calling off a session that was agreed upon."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.queries import find_notice_period
from tutelage.domain.sessions import policies
from tutelage.domain.sessions.events import SessionCancelled
from tutelage.domain.sessions.lifecycle import Action
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.ending import Ending, end_session
from tutelage.domain.sessions.services.rows import take_session


class AlreadyOver(Conflict):
    code = "already_over"


@one_transaction
def cancel_session(
    *, actor: User, session_id: UUID, reason: str, seen_version: int | None = None
) -> Session:
    """Cancel with a reason; inside the notice period it is marked as late."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_move(actor, role).require()
    if session.ends_at <= now() and not policies.can_lead(actor, role):
        raise AlreadyOver(_("It is over. Say what happened instead; the host can correct it."))
    late = session.starts_at - now() < find_notice_period(session.host_id)
    before = end_session(session, Action.CANCEL, Ending(actor, role, reason, late))
    publish(
        SessionCancelled(subject_id=session.pk, actor_id=actor.pk, from_status=before, late=late)
    )
    return session
