"""Who logs in, and who is logged in."""

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend

from tutelage.domain.people.queries import find_owner

if TYPE_CHECKING:
    from tutelage.domain.people.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Logging in is allauth's; whose a login session is, each page asks."""

    def get_user(self, user_id: int) -> "User | None":
        return find_owner(user_id)
