from typing import ClassVar

from tutelage.core.events import Event


class MentorshipMade(Event):
    subject_type: ClassVar = "mentorship"
    type: ClassVar = "mentorship.made"
