"""Login sessions, kept in the database as Django keeps them, and found by SQL compiled once."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from tutelage.core.clock import now
from tutelage.core.compiled import Reading


class SessionStore(db.SessionStore):
    """The module that holds it is named by the settings."""

    def _get_session_from_db(self) -> Session | None:
        found = _standing(key=self.session_key, at=now()) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        return found[0]


@Reading
def _standing(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)
