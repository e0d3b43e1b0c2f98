from typing import ClassVar

from tutelage.domain.meetings.lifecycle import Way
from tutelage.domain.sessions.events import SessionEvent


class MeetingChanged(SessionEvent):
    """The host gave the session another link; who has a personal link need do nothing."""

    type: ClassVar = "session.meeting_changed"


class MeetingSwitched(SessionEvent):
    """All who join from now on are led to the other link; nobody need do anything."""

    type: ClassVar = "session.meeting_switched"
    active: Way
