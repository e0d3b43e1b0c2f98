"""What can happen to a session. Payloads hold ids, times and codes, never text."""

from datetime import datetime
from typing import ClassVar

from tutelage.core.events import Event
from tutelage.domain.sessions.lifecycle import Party, Status, Told


class SessionEvent(Event):
    subject_type: ClassVar = "session"


class SessionRequested(SessionEvent):
    type: ClassVar = "session.requested"
    starts_at: datetime


class SessionScheduled(SessionEvent):
    """It stands in the calendar: accepted, or put there by an administrator."""

    type: ClassVar = "session.scheduled"
    starts_at: datetime


class SessionRescheduled(SessionEvent):
    type: ClassVar = "session.rescheduled"
    from_starts_at: datetime
    starts_at: datetime


class SessionStarted(SessionEvent):
    type: ClassVar = "session.started"


class SessionJoined(SessionEvent):
    """Somebody asked for the meeting link; `source` says by which way."""

    type: ClassVar = "session.joined"
    participant_id: int
    source: str


class SessionRenamed(SessionEvent):
    type: ClassVar = "session.renamed"


class SessionOver(SessionEvent):
    """The last of a session: whatever it held is free again."""

    from_status: Status


class SessionCompleted(SessionOver):
    type: ClassVar = "session.completed"
    logged_late: bool


class SessionCancelled(SessionOver):
    type: ClassVar = "session.cancelled"
    late: bool


class SessionDeclined(SessionOver):
    type: ClassVar = "session.declined"


class SessionWithdrawn(SessionOver):
    type: ClassVar = "session.withdrawn"


class SessionExpired(SessionOver):
    type: ClassVar = "session.expired"


class SessionNoShow(SessionOver):
    """Somebody did not come: the host or an administrator says so, or both sides do."""

    type: ClassVar = "session.no_show"
    party: Party


class SessionCorrected(SessionEvent):
    """What was said to have become of a session was wrong; what it said before is kept."""

    type: ClassVar = "session.corrected"
    from_status: Status
    status: Status


class MissedAnswered(SessionEvent):
    """A side said what became of a session that nobody logged."""

    type: ClassVar = "session.missed_answered"
    answer: Told


class LogChanged(SessionEvent):
    type: ClassVar = "session.log_changed"


class SessionArchived(SessionEvent):
    type: ClassVar = "session.archived"
