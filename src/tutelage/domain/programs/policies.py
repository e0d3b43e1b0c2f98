"""Who may do what to a pair."""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairAction, PairStatus
from tutelage.domain.programs.models import Mentorship


def can_make_mentorship(actor: User) -> Decision:
    return ALLOW if actor.is_admin else deny(_("Only an administrator can make a pair."))


def can_plan_sessions(actor: User, mentorship: Mentorship) -> Decision:
    """Mentor, mentee and administrators may, while the pair is active."""
    if mentorship.status != PairStatus.ACTIVE:
        return deny(_("This mentorship is not active."))
    if actor.is_admin or actor.pk in {mentorship.mentor_id, mentorship.mentee_id}:
        return ALLOW
    return deny(_("You can plan sessions only in your own mentorships."))


def can_move_pair(actor: User, mentorship: Mentorship, action: PairAction) -> Decision:
    """Who was asked answers, who asked withdraws; the rest is for both sides and administrators."""
    is_side = actor.pk in {mentorship.mentor_id, mentorship.mentee_id}
    if mentorship.status != PairStatus.PROPOSED:
        return ALLOW if is_side or actor.is_admin else deny(_("This is not your mentorship."))
    if action == PairAction.WITHDRAW:
        may = actor.is_admin or actor.pk == mentorship.proposed_by_id
        return ALLOW if may else deny(_("Only who proposed this mentorship can withdraw it."))
    if is_side and actor.pk != mentorship.proposed_by_id:
        return ALLOW
    return deny(_("Only who was asked can answer this proposal."))


def can_change_pair(actor: User, mentorship: Mentorship) -> Decision:
    if mentorship.status == PairStatus.ENDED:
        return deny(_("This mentorship has ended."))
    if actor.is_admin or actor.pk in {mentorship.mentor_id, mentorship.mentee_id}:
        return ALLOW
    return deny(_("This is not your mentorship."))
