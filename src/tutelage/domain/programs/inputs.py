"""What may be said about pairs from outside; the same for API and pages."""

from typing import Annotated

from pydantic import Field

from tutelage.core.inputs import Count, Email, Input, OptionalText
from tutelage.core.paging import Paged
from tutelage.domain.programs.lifecycle import PairStatus


class MakeMentorship(Input):
    mentor_email: Email
    mentee_email: Email
    cadence_days: Annotated[Count, Field(ge=1, le=365)] = 14
    goals: OptionalText = ""


class MentorshipFilters(Paged):
    status: PairStatus | None = None
