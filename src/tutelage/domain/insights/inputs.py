"""What may be asked about how pairs are doing; the same for API and pages."""

from typing import Annotated

from pydantic import Field

from tutelage.core.inputs import Count, Input, OptionalText
from tutelage.domain.insights.pulse import Level
from tutelage.domain.programs.lifecycle import PairStatus


class PulseFilters(Input):
    """Narrow the pairs, worst first. There is no cursor: the order changes as time passes."""

    status: PairStatus | None = None
    pulse: Level | None = None
    person: Annotated[OptionalText, Field(max_length=200)] = Field(
        default="", description="Part of the name or e-mail of mentor or mentee."
    )
    page: Count = Field(default=1, ge=1, le=10_000)
    limit: Count = Field(default=20, ge=1, le=100)
