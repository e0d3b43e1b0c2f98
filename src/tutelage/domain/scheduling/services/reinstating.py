"""Taking back that a session was called off."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict
from tutelage.core.events import publish
from tutelage.core.times import Slot
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.scheduling import policies
from tutelage.domain.scheduling.events import SessionReinstated
from tutelage.domain.scheduling.queries import was_withdrawn
from tutelage.domain.scheduling.services.offering import settle
from tutelage.domain.scheduling.services.reserving import lock_calendars, sides_of
from tutelage.domain.sessions import policies as session_policies
from tutelage.domain.sessions.lifecycle import Action, next_status
from tutelage.domain.sessions.models import Session, SessionEnding, SessionLog
from tutelage.domain.sessions.services.rows import take_session


class NotReinstatable(Conflict):
    code = "not_reinstatable"


@one_transaction
def reinstate_session(*, actor: User, session_id: UUID, seen_version: int | None = None) -> Session:
    """Let a cancelled session stand again at the time it had, if all are still free then.

    Raises:
        NotReinstatable: its time has come, it was logged, or it was never agreed upon.
        SlotTaken: somebody has something else by now.
    """
    session, role = take_session(actor, session_id, seen_version=seen_version)
    session_policies.can_move(actor, role).require()
    session.status = next_status(session.status, Action.REINSTATE)
    ending = SessionEnding.objects.filter(session=session).first()
    policies.can_reinstate(actor, ending).require()
    if session.starts_at <= now():
        raise NotReinstatable(_("Its time has come already. Ask for another one."))
    if SessionLog.objects.filter(session=session).exists():
        raise NotReinstatable(_("It was logged. Correct what became of it instead."))
    if was_withdrawn(session.pk):
        raise NotReinstatable(_("It was never agreed upon. Ask for a time anew."))
    people = sides_of(session)
    lock_calendars(people)
    SessionEnding.objects.filter(session=session).delete()
    session.archived_at = None
    settle(session, people, _slot(session))
    publish(
        SessionReinstated(subject_id=session.pk, actor_id=actor.pk, starts_at=session.starts_at)
    )
    return session


def _slot(session: Session) -> Slot:
    return Slot(session.local_start, session.zone, session.ends_at - session.starts_at)
