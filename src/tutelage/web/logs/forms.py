"""What the log dialogs ask for beyond the inputs that the API knows."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, Final, TypeVar, cast

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from tutelage.core.inputs import invalid_input
from tutelage.core.times import LocalTime, Zone
from tutelage.domain.feedback.inputs import LogPastAndRate
from tutelage.domain.logs.inputs import DraftForm
from tutelage.web.forms import Form
from tutelage.web.sessions.forms import read_action, read_time

M = TypeVar("M", bound=BaseModel)
STEP: Final = ("id", "text", "owner", "due_on")
_TYPED: Final = set(DraftForm.model_fields) - {"next_steps"}


class PastLog(LogPastAndRate):
    """Whoever fills in a form says when it was; only the API may leave that out."""

    local_start: LocalTime
    zone: Zone


def read_log(model: type[M], sent: QueryDict) -> Form[M]:
    form = read_action(model, _with_steps(sent, model))
    _ask_for_outcomes(form)
    return form


def read_past_log(sent: QueryDict) -> Form[PastLog]:
    form = read_time(PastLog, _with_steps(sent, PastLog))
    _ask_for_outcomes(form)
    return form


def read_draft(sent: QueryDict) -> DraftForm:
    """What was typed so far, right or wrong.

    Raises:
        InvalidInput: there are signs in it that no row may hold, or far too many.
    """
    try:
        return DraftForm.model_validate(typed(sent))
    except ValidationError as faults:
        raise invalid_input(faults.errors()) from None


def typed(sent: QueryDict) -> dict[str, Any]:
    """All fields as they were typed, the rows of steps as a list."""
    return {
        "next_steps": step_rows(sent),
        **{name: sent.get(name, "") for name in _TYPED},
    }


def step_rows(sent: QueryDict) -> list[dict[str, str]]:
    """Each row of the next steps; they come as one list by column."""
    columns = (sent.getlist(f"step_{name}") for name in STEP)
    return [dict(zip(STEP, row, strict=True)) for row in zip_longest(*columns, fillvalue="")]


def _with_steps(sent: QueryDict, model: type[BaseModel]) -> QueryDict:
    """The rows as the one list that the input has; a row without text is none."""
    fields = sent.copy()
    rows = [_filled(row) for row in step_rows(sent) if row["text"].strip()]
    for name in ("do", *(f"step_{each}" for each in STEP)):
        fields.pop(name, None)
    for name in {"rating", "comment"} - set(model.model_fields):
        fields.pop(name, None)  # from a dialog that was opened before the other side saved theirs
    if rows:
        fields["next_steps"] = cast("str", rows)
    return fields


def _filled(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value.strip()}


def _ask_for_outcomes(form: Form[Any]) -> None:
    """Say of the one field that is needed what it is good for."""
    if "outcomes" in form.errors and not str(form.value("outcomes")).strip():
        form.errors["outcomes"] = _(
            "Write at least one sentence. This is what you will search for later."
        )
