"""What may be said about the room of a session."""

from tutelage.core.inputs import Input, Link


class SetMeetingLink(Input):
    link: Link


class SetUsualRoom(Input):
    link: Link | None = None
