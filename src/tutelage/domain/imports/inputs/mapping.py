"""What stands in which column, and how to take what a row leaves open."""

from datetime import time
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tutelage.core.inputs import Count, Flag, Input, Line
from tutelage.core.times import Zone
from tutelage.domain.imports.inputs.words import Meaning, fold_word
from tutelage.domain.imports.lifecycle import MAX_COLUMNS, Column, DayOrder, Fate, Unit
from tutelage.domain.sessions.inputs import Minutes

At = Annotated[Count, Field(ge=0, lt=MAX_COLUMNS, description="Position of the column, from 0.")]


def _as_dictionary(given: object) -> object:
    """A page sends `meaning:word` for each; a word left open is not sent as one."""
    if isinstance(given, str):
        given = [given]
    if isinstance(given, list):
        pairs = [str(each).partition(":") for each in given if each]
        return {word: meaning for meaning, _colon, word in pairs}
    return given


def _clock(given: object) -> time:
    if isinstance(given, time):
        return given
    try:
        read = time.fromisoformat(str(given))
        return time(read.hour, read.minute)
    except ValueError:
        raise PydanticCustomError("clock", _("This is not a time, as in 14:30.")) from None


TimeOfDay = Annotated[time, BeforeValidator(_clock)]


class ImportMapping(Input):
    """Positions of columns; only people and the date are needed."""

    mentor: At
    mentee: At
    date: At
    time: At | None = None
    end: At | None = None
    duration: At | None = None
    zone: At | None = None
    status: At | None = None
    title: At | None = None
    objectives: At | None = None
    outcomes: At | None = None
    next_steps: At | None = None
    reason: At | None = None
    mentor_stars: At | None = None
    mentee_stars: At | None = None
    id: At | None = None

    usual_zone: Zone = Field(description="Zone of the times of rows that name none.")
    usual_time: TimeOfDay | None = None
    usual_minutes: Minutes = 60
    duration_unit: Unit = Unit.MINUTES
    day_order: DayOrder | None = Field(
        default=None, description="Found in the file where that can be."
    )
    words: Annotated[dict[Line, Meaning], BeforeValidator(_as_dictionary), Field(max_length=50)] = (
        Field(default_factory=dict, description="This file's own words for how it went.")
    )
    make_pairs: Flag = Field(default=False, description="Make the pairs that are not here yet.")

    @field_validator("mentee", mode="after")
    @classmethod
    def _is_another_column(cls, value: int, seen: ValidationInfo) -> int:
        if value == seen.data.get("mentor"):
            raise PydanticCustomError(
                "same_column", _("Mentor and mentee cannot stand in one column.")
            )
        return value

    @field_validator("words", mode="after")
    @classmethod
    def _folded(cls, given: dict[str, Meaning]) -> dict[str, Meaning]:
        return {fold_word(word): meaning for word, meaning in given.items()}

    def columns(self) -> dict[Column, int]:
        """What is mapped, by what it means."""
        found = {column: getattr(self, column.value) for column in Column}
        return {column: at for column, at in found.items() if at is not None}


class RowFilters(Input):
    """Which rows of an import to show."""

    fate: Fate | None = None
    after: Annotated[Count, Field(ge=0, le=10_000_000)] = 0
