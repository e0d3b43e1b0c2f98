"""Somebody notes down something about a session, for themselves.

Nothing is published: that there is a note is nobody else's business either.
"""

from uuid import UUID

from tutelage.core.clock import now
from tutelage.core.transactions import one_transaction
from tutelage.domain.logs import policies
from tutelage.domain.logs.models import PrivateNote
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.rows import take_session


@one_transaction
def keep_note(*, actor: User, session_id: UUID, text: str) -> None:
    """Write the actor's own note about a session, or take it away."""
    session, role = take_session(actor, session_id)
    policies.can_keep_note(role).require()
    write(actor, session, text)


def write(actor: User, session: Session, text: str) -> None:
    """The same within another use case, which knows that the actor takes part."""
    if not text:
        PrivateNote.objects.of(actor).filter(session=session).delete()
        return
    PrivateNote.objects.update_or_create(
        session=session, author=actor, defaults={"text": text, "changed_at": now()}
    )
