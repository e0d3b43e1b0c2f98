"""Who may do what to a pair."""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
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
