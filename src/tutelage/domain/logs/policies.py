"""Who may change a log, write notes, and tick steps. Pure functions.

`role` is the actor's own in the session, None for those who only see it.
"""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import ParticipantRole, Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.policies import can_log

_SIDES = {ParticipantRole.HOST, ParticipantRole.CO_HOST, ParticipantRole.GUEST}


def can_change_log(session: Session, role: str | None) -> Decision:
    """Whoever may write it, once the session is completed and until it is put away."""
    if session.status != Status.COMPLETED:
        return deny(_("This session is not completed, so it has no log to change."))
    if session.archived_at is not None:
        return deny(_("This session is archived, so its log stays as it is."))
    return can_log(session, role)


def can_keep_note(role: str | None) -> Decision:
    """Everybody in the session, for themselves."""
    return ALLOW if role else deny(_("Only those who take part can write notes here."))


def can_tick(role: str | None) -> Decision:
    """Those of the pair, whoever owns the step."""
    return ALLOW if role in _SIDES else deny(_("Only those who took part can tick their steps."))


def can_keep_draft(session: Session, role: str | None) -> Decision:
    return can_log(session, role)


def can_draft_past(actor: User, mentorship: Mentorship) -> Decision:
    """Whoever is of the pair, in whatever state it is: a draft is lost to nobody."""
    if actor.pk in {mentorship.mentor_id, mentorship.mentee_id}:
        return ALLOW
    return deny(_("Only those who took part can write the log."))
