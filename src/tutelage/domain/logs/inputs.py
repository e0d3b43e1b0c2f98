"""What may be said of a log once there is one, and of what is not one yet."""

import json
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from tutelage.core.inputs import Flag, Input, OptionalText, Text
from tutelage.core.inputs import clean as clean_text
from tutelage.core.paging import Paged
from tutelage.domain.sessions.inputs import LogFields, LogWords, Minutes, NextSteps

PrivateNote = Annotated[
    OptionalText | None,
    Field(description="Read by its author alone, not even by administrators."),
]


class WriteLog(LogFields):
    """The whole log as it shall be from now on."""

    private_note: PrivateNote = None


class ChangeLog(LogWords):
    """What of a log shall be otherwise; what is left out stays."""

    duration_minutes: Minutes | None = None
    objectives: OptionalText | None = None
    outcomes: Text | None = None
    next_steps: NextSteps | None = None
    shared_notes: OptionalText | None = None
    private_note: PrivateNote = None


class WriteNote(Input):
    text: OptionalText = Field(description="Empty takes the note away.")


class TickStep(Input):
    done: Flag = Field(description="True ticks it, false opens it again.")


class StepFilters(Paged):
    done: bool | None = Field(default=None, description="Open or done ones only.")


def _as_typed(value: object) -> object:
    """A number stands in a draft as it would in a form."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


# More than the log takes: what is too long is kept, too, so that it can be made shorter.
Typed = Annotated[
    str, BeforeValidator(_as_typed), Field(max_length=150_000), AfterValidator(clean_text)
]
TypedPart = Annotated[
    str, BeforeValidator(_as_typed), Field(max_length=2_000), AfterValidator(clean_text)
]


class DraftStep(Input):
    id: TypedPart = ""
    text: TypedPart = ""
    owner: TypedPart = ""
    due_on: TypedPart = ""


class DraftForm(Input):
    """The log dialog as it was typed so far, right or wrong."""

    duration_minutes: TypedPart = ""
    rating: TypedPart = ""
    comment: Typed = ""
    objectives: Typed = ""
    outcomes: Typed = ""
    next_steps: Annotated[list[DraftStep], Field(max_length=60)] = Field(default_factory=list)
    shared_notes: Typed = ""
    private_note: Typed = ""
    day: TypedPart = ""
    hour: TypedPart = ""
    zone: TypedPart = ""

    def typed(self) -> dict[str, Any]:
        """What is there, as it goes into the row."""
        filled: dict[str, Any] = json.loads(self.model_dump_json(exclude_defaults=True))
        return filled


class KeepDraft(Input):
    form: DraftForm
