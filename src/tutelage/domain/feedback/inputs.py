"""What may be said about how a session was; the same for API and pages."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from tutelage.core.inputs import Count, Input, OptionalText, is_typed
from tutelage.domain.logs.inputs import PrivateNote
from tutelage.domain.sessions.inputs import LogFields, LogPast, SessionFilters


def _count_alone(value: object, known: ValidationInfo) -> object:
    if isinstance(value, bool | float) or (isinstance(value, str) and not is_typed(known)):
        raise PydanticCustomError("int_type", "")
    return value


Stars = Annotated[int, BeforeValidator(_count_alone), Field(ge=1, le=5)]
Comment = Annotated[OptionalText, Field(max_length=2_000)]


class HistoryFilters(SessionFilters):
    """Narrow a history, where ratings are known, too."""

    min_rating: Annotated[Count, Field(ge=1, le=5)] | None = Field(
        default=None, description="Your own rating at least; for administrators any opened one."
    )


class GiveRating(Input):
    stars: Stars
    comment: Comment = ""


class LogAndRate(LogFields):
    """The log dialog: a rating may come along."""

    rating: Stars | None = None
    comment: Comment = ""
    private_note: PrivateNote = None


class CompleteSession(LogAndRate):
    action: Literal["complete"]


class LogPastAndRate(LogPast):
    """The log dialog of a pair, for a session that was never planned here."""

    rating: Stars | None = None
    comment: Comment = ""
    private_note: PrivateNote = None
