from typing import ClassVar

from tutelage.domain.sessions.events import SessionEvent


class MeetingChanged(SessionEvent):
    """The host gave the session another link; who has a personal link need do nothing."""

    type: ClassVar = "session.meeting_changed"
