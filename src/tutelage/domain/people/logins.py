"""Login sessions, kept in the database as Django keeps them, and whose they are.

Both are asked for by each page, and found by SQL compiled once.
"""

from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from tutelage.core.clock import now
from tutelage.core.compiled import Reading
from tutelage.domain.people.models import User


class SessionStore(db.SessionStore):
    """The module that holds it is named by the settings."""

    def _get_session_from_db(self) -> Session | None:
        found = _standing(key=self.session_key, at=now()) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        return found[0]


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Logging in is allauth's."""

    def get_user(self, user_id: int) -> User | None:
        """Who is logged in, unless their account was disabled since."""
        found = [each for each in _person(person_id=user_id) if self.user_can_authenticate(each)]
        return found[0] if found else None


@Reading
def _standing(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


@Reading
def _person(person_id: int) -> QuerySet[User]:
    return User.objects.filter(pk=person_id)
