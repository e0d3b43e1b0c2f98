"""Sessions, who takes part in them, what came of them, and what they are found by."""

from tutelage.domain.sessions.models.finding import ExternalRef, SessionSearch, mark_of_person
from tutelage.domain.sessions.models.sessions import (
    MissedAnswer,
    NextStep,
    Participant,
    Session,
    SessionEnding,
    SessionEndingRevision,
    SessionLog,
    SessionQuerySet,
    long_over,
)

__all__ = [
    "ExternalRef",
    "MissedAnswer",
    "NextStep",
    "Participant",
    "Session",
    "SessionEnding",
    "SessionEndingRevision",
    "SessionLog",
    "SessionQuerySet",
    "SessionSearch",
    "long_over",
    "mark_of_person",
]
