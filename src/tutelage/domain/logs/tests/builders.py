"""Logged sessions with one line each, by the services themselves."""

from datetime import timedelta
from typing import Any

from tutelage.core.clock import now
from tutelage.core.transactions import one_transaction
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.inputs import LogFields
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.completion import complete_session
from tutelage.domain.sessions.tests.builders import make_session


@one_transaction
def make_logged(pair: Mentorship, *, days: int = 1, **said: Any) -> Session:
    """A session of some days ago, logged by the mentee."""
    session = make_session(pair, starts_at=now() - timedelta(days=days))
    given = LogFields.model_validate({"outcomes": "Eight questions", **said})
    return complete_session(actor=pair.mentee, session_id=session.pk, given=given)
