"""Who may import."""

from django.utils.translation import gettext as _

from tutelage.core.policy import ALLOW, Decision, deny
from tutelage.domain.people.models import User


def can_import(actor: User) -> Decision:
    return ALLOW if actor.is_admin else deny(_("Only an administrator can import sessions."))
