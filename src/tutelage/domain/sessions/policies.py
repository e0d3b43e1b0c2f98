"""Who may do what to a session. Pure functions: no queries, no request.

`role` is the actor's own in this session, None for those who only see it.
"""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.policies import can_plan_sessions
from tutelage.domain.sessions.lifecycle import Kind, ParticipantRole
from tutelage.domain.sessions.models import Session

_LEADERS = {ParticipantRole.HOST, ParticipantRole.CO_HOST}
_SIDES = {*_LEADERS, ParticipantRole.GUEST}


def can_lead(actor: User, role: str | None) -> Decision:
    """Start it, name it, put it away: the host's and administrators'."""
    if actor.is_admin or role in _LEADERS:
        return ALLOW
    return deny(_("Only the host or an administrator can do this."))


def can_log(session: Session, role: str | None) -> Decision:
    """Either side of a mentorship writes the log; of other sessions, those who lead them."""
    writers = _SIDES if session.kind == Kind.MENTORSHIP else _LEADERS
    if role in writers:
        return ALLOW
    return deny(_("Only those who took part can write the log."))


def can_log_past(actor: User, mentorship: Mentorship) -> Decision:
    """The same for a session that was never planned. Nobody writes a log for others."""
    if actor.pk not in {mentorship.mentor_id, mentorship.mentee_id}:
        return deny(_("Only those who took part can write the log."))
    return can_plan_sessions(actor, mentorship)


def can_move(actor: User, role: str | None) -> Decision:
    """Offer another time, or cancel."""
    if actor.is_admin or role in _SIDES:
        return ALLOW
    return deny(_("Only those who take part, or an administrator, can do this."))


def can_tell(role: str | None) -> Decision:
    """Say what became of a session that nobody logged."""
    if role in _SIDES:
        return ALLOW
    return deny(_("Only those who were to take part can say what happened."))


def can_read_answers(role: str | None, *, is_asked: bool, has_answered: bool) -> Decision:
    """Who is asked and has yet to answer is not told what the other side said."""
    if role not in _SIDES or has_answered or not is_asked:
        return ALLOW
    return deny(_("You read what the other side said once you have answered yourself."))
