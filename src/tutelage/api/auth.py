"""Who is calling: by API token, or by the login session of a browser."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from tutelage.core.errors import NotPermitted
from tutelage.domain.people.lifecycle import Scope
from tutelage.domain.people.queries import find_token
from tutelage.domain.people.services import note_use

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

_SAFE = {"GET", "HEAD", "OPTIONS"}


class ScopeTooSmall(NotPermitted):
    code = "scope_too_small"


class TokenAuth(HttpBearer):
    """`Authorization: Bearer tut_…`; a token can read, or read and change."""

    def authenticate(self, request: HttpRequest, token: str) -> "User | None":
        found = find_token(token)
        if found is None:
            return None
        if request.method not in _SAFE and Scope.WRITE not in found.scopes:
            raise ScopeTooSmall("This token can only read.")
        note_use(found)
        return found.user


class LoginSessionAuth(SessionAuth):
    """A cookie is sent by the browser, not by the person: only here is CSRF to be checked."""

    def _get_key(self, request: HttpRequest) -> str | None:
        return super()._get_key(request) if request.user.is_authenticated else None
