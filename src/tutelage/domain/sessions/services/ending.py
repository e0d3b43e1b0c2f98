"""A session comes to an end without being held."""

from dataclasses import dataclass

from tutelage.core.clock import now
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import Action, ParticipantRole, Party, Status, next_status
from tutelage.domain.sessions.models import Session, SessionEnding, SessionEndingRevision
from tutelage.domain.sessions.services.rows import keep_session

_PARTIES = {
    ParticipantRole.HOST: Party.HOST,
    ParticipantRole.CO_HOST: Party.HOST,
    ParticipantRole.GUEST: Party.PARTICIPANT,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ends a session, as what, and why; nobody when time alone does it, or all agree.

    `party` says whom the session missed, or whose doing it was, where `role` does not.
    """

    by: User | None
    role: str | None
    reason: str = ""
    late: bool = False
    party: str = ""


def end_session(session: Session, action: Action, ending: Ending) -> Status:
    """Make the last move of a session whose row is taken, and say what its status was."""
    before = Status(session.status)
    status = next_status(before, action)
    if action == Action.MARK_NO_SHOW or SessionEnding.objects.filter(session=session).exists():
        keep_before(session, status, by=ending.by, reason=ending.reason)
    session.status = status
    keep_session(session)
    write_ending(session, action, ending)
    return before


def write_ending(session: Session, action: Action, ending: Ending) -> None:
    SessionEnding.objects.update_or_create(
        session=session,
        defaults={
            "status": session.status,
            "action": action,
            "party": ending.party or _party(ending),
            "by": ending.by,
            "reason": ending.reason,
            "late": ending.late,
            "at": now(),
        },
    )


def keep_before(session: Session, to: Status, *, by: User | None, reason: str) -> None:
    """Keep what is said of a session now, which is about to be said otherwise."""
    ending = SessionEnding.objects.filter(session=session).first()
    said = (
        {
            "action": ending.action,
            "party": ending.party,
            "said_by_id": ending.by_id,
            "ending_reason": ending.reason,
            "late": ending.late,
            "said_at": ending.at,
        }
        if ending
        else {}
    )
    SessionEndingRevision.objects.create(
        session=session,
        status=session.status,
        started_at=session.started_at,
        ended_at=session.ended_at,
        to_status=to,
        by=by,
        reason=reason,
        **said,
    )


def _party(ending: Ending) -> str:
    if ending.by is None:
        return ""
    return _PARTIES.get(ParticipantRole(ending.role), Party.ADMIN) if ending.role else Party.ADMIN
