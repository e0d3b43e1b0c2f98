"""Who is calling: by API token, or by the login session of a browser."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from tutelage.domain.people.queries import find_token

if TYPE_CHECKING:
    from tutelage.domain.people.models import User


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> "User | None":
        found = find_token(token)
        return found.user if found else None


class LoginSessionAuth(SessionAuth):
    """A cookie is sent by the browser, not by the person: only here is CSRF to be checked."""

    def _get_key(self, request: HttpRequest) -> str | None:
        return super()._get_key(request) if request.user.is_authenticated else None
