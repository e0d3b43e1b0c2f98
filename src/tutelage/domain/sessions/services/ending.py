"""A session comes to an end without being held."""

from dataclasses import dataclass

from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import Action, ParticipantRole, Party, Status, next_status
from tutelage.domain.sessions.models import Session, SessionEnding
from tutelage.domain.sessions.services.rows import keep_session

_PARTIES = {
    ParticipantRole.HOST: Party.HOST,
    ParticipantRole.CO_HOST: Party.HOST,
    ParticipantRole.GUEST: Party.PARTICIPANT,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ends a session, as what, and why; nobody when time alone does it."""

    by: User | None
    role: str | None
    reason: str = ""
    late: bool = False


def end_session(session: Session, action: Action, ending: Ending) -> Status:
    """Make the last move of a session whose row is taken, and say what its status was."""
    before = Status(session.status)
    session.status = next_status(before, action)
    keep_session(session)
    SessionEnding.objects.update_or_create(
        session=session,
        defaults={
            "status": session.status,
            "party": _party(ending),
            "by": ending.by,
            "reason": ending.reason,
            "late": ending.late,
        },
    )
    return before


def _party(ending: Ending) -> str:
    if ending.by is None:
        return ""
    return _PARTIES.get(ParticipantRole(ending.role), Party.ADMIN) if ending.role else Party.ADMIN
