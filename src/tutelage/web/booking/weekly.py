"""The form of a mentor's week: a line for each stretch of hours, and one to add another."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import QueryDict
from django.utils import formats
from pydantic import ValidationError

from tutelage.core.errors import FieldError
from tutelage.core.inputs import TYPED, invalid_input
from tutelage.domain.scheduling.inputs import SetAvailability
from tutelage.web.forms import Field, Form

if TYPE_CHECKING:
    from tutelage.domain.scheduling.models import AvailabilityRule, BookingPolicy

MOST: Final = 6  # stretches a day
_NAME: Final = re.compile(r"day([0-6])_([0-5])_(starts|ends)")
_A_MONDAY: Final = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    starts: Field
    ends: Field


@dataclass(frozen=True, slots=True)
class Weekday:
    name: str
    lines: Sequence[Line]


def form_of(
    policy: "BookingPolicy | None", rules: "Iterable[AvailabilityRule]", zone: str
) -> Form[SetAvailability]:
    """What is known of a mentor, or what is usual."""
    usual = SetAvailability(zone=zone, hours=[])
    names = SetAvailability.model_fields.keys() - {"hours"}
    values = {name: getattr(policy or usual, name) for name in names}
    values = {name: "" if value is None else str(value) for name, value in values.items()}
    values["outright"] = "on" if (policy or usual).outright else ""
    for weekday in range(7):
        for place, rule in enumerate(rule for rule in rules if rule.weekday == weekday):
            values[_name(weekday, place, "starts")] = f"{rule.starts:%H:%M}"
            values[_name(weekday, place, "ends")] = f"{rule.ends:%H:%M}"
    return Form(values)


def read_week(sent: QueryDict) -> Form[SetAvailability]:
    """Check a week as it was typed; each fault stands at its own line."""
    typed = {name: str(sent[name]) for name in sent if name != "csrfmiddlewaretoken"}
    form: Form[SetAvailability] = Form(typed)
    places, hours = _hours(typed)
    said: dict[str, Any] = {
        name: value for name, value in typed.items() if value and not _NAME.fullmatch(name)
    }
    try:
        form.given = SetAvailability.model_validate({**said, "hours": hours}, context=TYPED)
    except ValidationError as faults:
        refused = invalid_input(faults.errors())
        refused.errors = [
            FieldError(_place(each.field, places), each.detail) for each in refused.errors
        ]
        form.add(refused)
    return form


def weekdays(form: Form[SetAvailability]) -> list[Weekday]:
    """Seven days with their lines, and one more each for as long as there is room."""
    return [
        Weekday(
            _weekday(number), [_line(form, number, place) for place in range(_count(form, number))]
        )
        for number in range(7)
    ]


def _hours(typed: Mapping[str, str]) -> tuple[list[tuple[int, int]], list[dict[str, object]]]:
    """The lines that something was typed into, and where they stand."""
    found: dict[tuple[int, int], dict[str, object]] = {}
    for name, value in typed.items():
        match = _NAME.fullmatch(name)
        if match and value:
            place = int(match[1]), int(match[2])
            found.setdefault(place, {"weekday": place[0]})[match[3]] = value
    places = sorted(found)
    return places, [found[place] for place in places]


def _place(field: str, places: Sequence[tuple[int, int]]) -> str:
    """Where on the page a field of the input is: `hours.3.ends` is some day's line."""
    parts = field.split(".")
    if parts[0] != "hours" or len(parts) < 2:  # noqa: PLR2004  # a line's field has three parts
        return field
    edge = parts[2] if parts[2:] and parts[2] in {"starts", "ends"} else "starts"
    return _name(*places[int(parts[1])], edge)


def _name(weekday: int, place: int, edge: str) -> str:
    return f"day{weekday}_{place}_{edge}"


def _count(form: Form[SetAvailability], weekday: int) -> int:
    filled = [
        place
        for place in range(MOST)
        if any(form.value(_name(weekday, place, edge)) for edge in ("starts", "ends"))
    ]
    return min(MOST, max(filled, default=-1) + 2)


def _line(form: Form[SetAvailability], weekday: int, place: int) -> Line:
    return Line(form[_name(weekday, place, "starts")], form[_name(weekday, place, "ends")])


def _weekday(number: int) -> str:
    return formats.date_format(_A_MONDAY + timedelta(days=number), "l")


def names_of_weekdays() -> Iterator[tuple[str, str]]:
    """Two letters and the whole name, for the head of a month."""
    for number in range(7):
        name = _weekday(number)
        yield name[:2], name
