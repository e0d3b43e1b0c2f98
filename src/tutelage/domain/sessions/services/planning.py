"""A session comes into being, is named, and moves; `scheduling` knows whether all are free."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict
from tutelage.core.events import publish
from tutelage.core.inserting import insert
from tutelage.core.times import Slot
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions import policies
from tutelage.domain.sessions.events import SessionArchived, SessionRenamed
from tutelage.domain.sessions.lifecycle import (
    ARCHIVABLE,
    Kind,
    ParticipantRole,
    Status,
    allowed_actions,
)
from tutelage.domain.sessions.models import Participant, Session
from tutelage.domain.sessions.services.rows import keep_session, take_session


class NotArchivable(Conflict):
    code = "not_archivable"


def create_for_pair(
    mentorship: Mentorship, slot: Slot, status: Status, *, title: str = ""
) -> Session:
    """Write a session of a pair with its two participants. The caller publishes what it means."""
    session, people = draft_for_pair(mentorship, slot, status, title=title)
    insert(session, *people)
    return session


def draft_for_pair(
    mentorship: Mentorship, slot: Slot, status: Status, *, title: str = ""
) -> tuple[Session, list[Participant]]:
    """The same, not written yet: for who writes more along with it."""
    session = Session(
        kind=Kind.MENTORSHIP,
        status=status,
        program=mentorship.program,
        host=mentorship.mentor,
        title=title,
    )
    move_to(session, slot)
    if status == Status.COMPLETED:
        session.started_at, session.ended_at = session.starts_at, session.ends_at
    roles = (mentorship.mentor, ParticipantRole.HOST), (mentorship.mentee, ParticipantRole.GUEST)
    return session, [Participant(session=session, user=user, role=role) for user, role in roles]


def move_to(session: Session, slot: Slot) -> None:
    """Put a session to another time; it is not written yet."""
    session.starts_at, session.ends_at = slot.starts_at, slot.ends_at
    session.local_start, session.zone = slot.local_start, slot.zone


@one_transaction
def rename_session(*, actor: User, session_id: UUID, title: str, seen_version: int) -> Session:
    """Change the title of the version the actor saw; a newer one is not written over."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_lead(actor, role).require()
    session.title = title
    keep_session(session)
    publish(SessionRenamed(subject_id=session.pk, actor_id=actor.pk))
    return session


@one_transaction
def archive_session(*, actor: User, session_id: UUID, seen_version: int) -> Session:
    """Put away a session that is over; of another one, name the moves there are."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_lead(actor, role).require()
    if session.status not in ARCHIVABLE:
        moves = ", ".join(sorted(allowed_actions(session.status)))
        raise NotArchivable(
            _("Only a session that is over can be archived. Possible now: %(moves)s.")
            % {"moves": moves}
        )
    if session.archived_at is None:
        session.archived_at = now()
        keep_session(session)
        publish(SessionArchived(subject_id=session.pk, actor_id=actor.pk))
    return session
