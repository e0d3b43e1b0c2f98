"""What may be said about sessions from outside; the same for API and pages."""

from datetime import timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from tutelage.core.inputs import Count, Input, Line, LongLine, OptionalText, Text
from tutelage.core.paging import Paged
from tutelage.core.periods import Period
from tutelage.core.times import Day, DayOrInstant, LocalTime, Slot, Zone
from tutelage.domain.sessions.lifecycle import OTHER_WORDS, Kind, Party, Status, Told

StatusWord = Annotated[Status, BeforeValidator(lambda word: OTHER_WORDS.get(word, word))]
Minutes = Annotated[Count, Field(ge=5, le=720)]


class SessionFilters(Paged):
    """Narrow a list of sessions; dates are the reader's days, both inclusive.

    What is given holds together: each filter narrows what the others leave.
    """

    kind: Kind | None = None
    status: StatusWord | None = None
    mentorship: UUID | None = None
    person: UUID | None = Field(default=None, description="Who takes part, the host included.")
    q: Annotated[OptionalText, Field(max_length=200)] = Field(
        default="",
        description=(
            "Words in objectives, outcomes, next steps and shared notes, all of them, whatever "
            "their accents; from three letters on a word finds those that begin with it."
        ),
    )
    period: Period | None = Field(default=None, description="The one that is now.")
    from_: DayOrInstant | None = Field(default=None, alias="from")
    to: DayOrInstant | None = None
    logged_late: bool = False
    unresolved: bool = False
    open_steps: bool = Field(default=False, description="Begun, with next steps that are not done.")
    archived: bool = False


class Plan(Input):
    """A start is chosen on a clock in a zone; the instant follows from it."""

    local_start: LocalTime = Field(
        description="A time that a change of the clocks skips is moved forward by the gap; of "
        "one that comes twice the first is meant. `clock_change` in the answer says so."
    )
    zone: Zone
    duration_minutes: Minutes = 60

    @property
    def slot(self) -> Slot:
        return Slot(self.local_start, self.zone, timedelta(minutes=self.duration_minutes))


class RenameSession(Input):
    title: Line


class StepFields(Input):
    """What should happen before the next session, who does it, and until when."""

    id: UUID | None = Field(
        default=None, description="In a change: the step that was there, which keeps its tick."
    )
    text: LongLine
    owner: UUID | None = Field(
        default=None, description="One of those in the session; without, both of them."
    )
    due_on: Day | None = None


def _step(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


def _lines(value: object) -> object:
    """One text is a step a line."""
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return value


class _OrText:
    """Says in the API's document what `_step` understands: a plain text, too."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "maxLength": 500}, handler(schema)]}


NextSteps = Annotated[
    list[Annotated[StepFields, BeforeValidator(_step), _OrText()]],
    BeforeValidator(_lines),
    Field(max_length=50),
]


_OTHER_WORDS: Final = {"duration": "duration_minutes", "nextSteps": "next_steps"}


class LogWords(Input):
    """`duration` and `nextSteps` are understood, too."""

    @model_validator(mode="before")
    @classmethod
    def _read_other_words(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {_OTHER_WORDS.get(name, name): value for name, value in given.items()}


class LogFields(LogWords):
    """What came of a session. Only the outcomes are needed."""

    duration_minutes: Minutes | None = None
    objectives: OptionalText = ""
    outcomes: Text
    next_steps: NextSteps = Field(default_factory=list)
    shared_notes: OptionalText = Field(default="", description="Both sides read them.")


class LogPast(LogFields):
    """A session that was never planned here, logged after the fact.

    Without a start it ended just now; without a zone the start is on the reader's own clocks.
    """

    duration_minutes: Minutes = 60
    local_start: LocalTime | None = None
    zone: Zone | None = None


class StartSession(Input):
    action: Literal["start"]


Absent = Literal[Party.HOST, Party.PARTICIPANT, Party.BOTH]


class AnswerMissed(Input):
    """What became of a session that is over and that nobody logged, as one side says."""

    answer: Told
    party: Absent | None = Field(default=None, description="Who did not come; with `no_show`.")


class MarkNoShow(Input):
    action: Literal["mark_no_show"]
    party: Absent
    reason: Annotated[OptionalText, Field(max_length=500)] = ""


class CorrectSession(Input):
    """Put right what became of a session; what it said before is kept."""

    action: Literal["correct"]
    to: Literal[Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED]
    party: Absent | None = Field(
        default=None, description="Who did not come, or whose doing the cancellation was."
    )
    reason: LongLine
    outcomes: OptionalText = Field(default="", description="Needed for `completed` without a log.")
    duration_minutes: Minutes | None = None
