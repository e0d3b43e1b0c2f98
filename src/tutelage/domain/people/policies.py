"""Who may manage people."""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User


def can_manage_people(actor: User) -> Decision:
    return ALLOW if actor.is_admin else deny(_("Only an administrator can do this."))


def can_give_role(actor: User, role: str) -> Decision:
    """Nobody makes somebody mightier than themselves."""
    if role == Role.USER or actor.is_superadmin:
        return can_manage_people(actor)
    return deny(_("Only a super-administrator can make administrators."))
