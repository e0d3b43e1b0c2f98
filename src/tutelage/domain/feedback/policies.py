"""Who may rate a session."""

from datetime import datetime

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.feedback.models import Rating
from tutelage.domain.sessions.lifecycle import ParticipantRole, Status
from tutelage.domain.sessions.models import Session

SIDES = {ParticipantRole.HOST, ParticipantRole.GUEST}


def can_rate(session: Session, role: str | None) -> Decision:
    """Both sides, once the session was held."""
    if role not in SIDES:
        return deny(_("Only those who took part can rate."))
    if session.status != Status.COMPLETED:
        return deny(_("A session can be rated once it is completed."))
    return ALLOW


def can_change(rating: Rating, at: datetime) -> Decision:
    if rating.is_open(at):
        return deny(_("The seal is open, so this rating stands as it is."))
    return ALLOW
