"""Who may answer an offered time, and who may take it back."""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.sessions.lifecycle import ParticipantRole
from tutelage.domain.sessions.models import SessionEnding

_SIDES = {ParticipantRole.HOST, ParticipantRole.CO_HOST, ParticipantRole.GUEST}


def can_answer(actor: User, role: str | None, offer: TimeOffer) -> Decision:
    """The side that did not offer it."""
    if role not in _SIDES:
        return deny(_("Only those who take part can answer."))
    if offer.by_id == actor.pk:
        return deny(_("You offered this time yourself; the other side answers."))
    return ALLOW


def can_withdraw(actor: User, offer: TimeOffer) -> Decision:
    if offer.by_id == actor.pk:
        return ALLOW
    return deny(_("Only who offered this time can take it back."))


def can_set_time(actor: User) -> Decision:
    """Without asking either side."""
    return ALLOW if actor.is_admin else deny(_("Only an administrator can set a time at once."))


def can_reinstate(actor: User, ending: SessionEnding | None) -> Decision:
    """Who called it off, or an administrator: nobody else's word is turned back."""
    if actor.is_admin or (ending is not None and ending.by_id == actor.pk):
        return ALLOW
    return deny(_("Only who cancelled it, or an administrator, can take that back."))
