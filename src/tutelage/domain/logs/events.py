"""What happens to a log once it is written; what somebody writes for themselves is no event."""

from typing import ClassVar
from uuid import UUID

from tutelage.domain.sessions.events import SessionEvent


class StepTicked(SessionEvent):
    """A next step was done, or is open again after all."""

    type: ClassVar = "session.step_ticked"
    step_id: UUID
    done: bool
