"""What the forms about a session share: a version beside the fields, and a time in two of them."""

import re
from typing import Any, Final, TypeVar

from django.http import QueryDict
from pydantic import BaseModel

from tutelage.core.errors import DomainError
from tutelage.web.forms import Form, read_form

M = TypeVar("M", bound=BaseModel)
_HOUR: Final = re.compile("([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")


def read_action(model: type[M], sent: QueryDict, **known: str) -> Form[M]:
    """Read a form of the session's page: its version apart, what the address says added."""
    return read_form(model, _with(sent, known))


def read_time(model: type[M], sent: QueryDict, **known: str) -> Form[M]:
    """The same for a time, of which day and hour are two fields here and one in the input."""
    day, hour = sent.get("day", ""), sent.get("hour", "")
    if day and hour:
        known["local_start"] = f"{day}T{hour}"
    form = read_form(model, _with(sent, known))
    form.values = {**form.values, "day": day, "hour": hour}
    _point_at_time(form)
    return form


def refuse(form: Form[Any], error: DomainError) -> None:
    """Take up what a service refused of a time."""
    form.add(error)
    _point_at_time(form)


def _with(sent: QueryDict, known: dict[str, str]) -> QueryDict:
    fields = sent.copy()
    for name in ("version", "day", "hour"):
        fields.pop(name, None)
    for name, value in known.items():
        fields[name] = value
    return fields


def _point_at_time(form: Form[Any]) -> None:
    """A fault of the time stands at the field that can mend it."""
    fault = form.errors.pop("local_start", "")
    if fault:
        is_hour = _HOUR.fullmatch(str(form.value("hour")))
        name = "hour" if form.value("day") and not is_hour else "day"
        form.errors[name] = fault
