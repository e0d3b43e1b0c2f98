"""What can happen to an import, and to a session by it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tutelage.core.events import Event
from tutelage.domain.sessions.events import SessionEvent
from tutelage.domain.sessions.lifecycle import Status


class ImportEvent(Event):
    subject_type: ClassVar = "import"


class ImportStarted(ImportEvent):
    type: ClassVar = "import.started"


class ImportFinished(ImportEvent):
    type: ClassVar = "import.finished"
    created: int
    unchanged: int
    refused: int


class SessionImported(SessionEvent):
    """A session of the past came from a spreadsheet, with the status it ended in."""

    type: ClassVar = "session.imported"
    import_id: UUID
    status: Status
    starts_at: datetime
