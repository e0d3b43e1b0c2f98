"""What may be said about the room of a session."""

from django.utils.translation import gettext as _
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tutelage.core.inputs import Input, Link
from tutelage.domain.meetings.lifecycle import Way


class SetMeetingLink(Input):
    """Where a session meets; what is not named stays as it is."""

    backup: Link | None = Field(default=None, description="Where it meets if the link fails.")
    link: Link | None = Field(default=None, validate_default=True)

    @field_validator("link")
    @classmethod
    def _name_one(cls, link: str | None, other: ValidationInfo) -> str | None:
        if link is None and "backup" in other.data and other.data["backup"] is None:
            raise PydanticCustomError("missing", _("This is needed."))
        return link


class SwitchMeeting(Input):
    active: Way


class SetUsualRoom(Input):
    link: Link | None = None
