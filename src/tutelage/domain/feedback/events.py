from typing import ClassVar
from uuid import UUID

from tutelage.domain.sessions.events import SessionEvent


class FeedbackGiven(SessionEvent):
    type: ClassVar = "feedback.given"
    rating_id: UUID


class FeedbackOpened(SessionEvent):
    """Both sides have rated, so both may read what the other wrote."""

    type: ClassVar = "feedback.opened"
