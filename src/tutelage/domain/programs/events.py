"""What can happen to a pair. Payloads hold ids and codes, never text."""

from typing import ClassVar

from tutelage.core.events import Event


class MentorshipEvent(Event):
    subject_type: ClassVar = "mentorship"


class MentorshipMade(MentorshipEvent):
    type: ClassVar = "mentorship.made"


class MentorshipProposed(MentorshipEvent):
    type: ClassVar = "mentorship.proposed"


class MentorshipAccepted(MentorshipEvent):
    type: ClassVar = "mentorship.accepted"


class MentorshipDeclined(MentorshipEvent):
    type: ClassVar = "mentorship.declined"


class MentorshipWithdrawn(MentorshipEvent):
    type: ClassVar = "mentorship.withdrawn"


class MentorshipPaused(MentorshipEvent):
    type: ClassVar = "mentorship.paused"


class MentorshipResumed(MentorshipEvent):
    type: ClassVar = "mentorship.resumed"


class MentorshipEnded(MentorshipEvent):
    type: ClassVar = "mentorship.ended"


class MentorshipChanged(MentorshipEvent):
    """Its goals or its cadence."""

    type: ClassVar = "mentorship.changed"
