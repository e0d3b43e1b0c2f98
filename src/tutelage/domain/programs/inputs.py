"""What may be said about pairs from outside; the same for API and pages."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tutelage.core.inputs import Count, Email, Input, OptionalText
from tutelage.core.paging import Paged
from tutelage.domain.programs.lifecycle import PairAction, PairSide, PairStatus

Cadence = Annotated[Count, Field(ge=1, le=365)]


class MakeMentorship(Input):
    mentor_email: Email
    mentee_email: Email
    cadence_days: Cadence = 14
    goals: OptionalText = ""


class ProposeMentorship(Input):
    email: Email = Field(description="Of the person you ask, who has an account already.")
    role: PairSide = Field(description="What you would be in it: mentor or mentee.")
    cadence_days: Cadence = 14
    goals: OptionalText = ""


class MoveMentorship(Input):
    """A move in the life of a pair. To end one needs a reason."""

    action: PairAction
    reason: Annotated[OptionalText, Field(max_length=2_000)] = ""


class ChangeMentorship(Input):
    """What is left out stays as it is."""

    cadence_days: Cadence | None = None
    goals: OptionalText | None = None

    @field_validator("cadence_days", "goals", mode="before")
    @classmethod
    def _is_not_nothing(cls, value: object) -> object:
        if value is None:
            raise PydanticCustomError("missing", "")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> "ChangeMentorship":
        if not self.model_fields_set:
            raise PydanticCustomError("nothing", _("Say what is to change."))
        return self


class MentorshipFilters(Paged):
    status: PairStatus | None = None
