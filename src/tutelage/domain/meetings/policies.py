"""Who may open the door, and who may say where it leads."""

from datetime import datetime

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import AGREED, ParticipantRole
from tutelage.domain.sessions.models import Session


def can_join(session: Session, role: str | None, at: datetime) -> Decision:
    """Those who take part, from a quarter of an hour before the start until the end."""
    if role is None:
        return deny(_("Only those who take part can join."))
    if session.is_door_open(at):
        return ALLOW
    if session.status not in AGREED:
        return deny(_("This session is not open for joining."))
    if at >= session.ends_at:
        return deny(_("This session is over."))
    return deny(_("The door opens 15 minutes before the start."))


def can_set_link(actor: User, role: str | None) -> Decision:
    if actor.is_admin or role in {ParticipantRole.HOST, ParticipantRole.CO_HOST}:
        return ALLOW
    return deny(_("Only the host or an administrator can change the meeting link."))
