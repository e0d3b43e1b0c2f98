"""The page on which a mentor says when they can be booked."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import Field, ValidationError

from tutelage.core.clock import now
from tutelage.core.errors import DomainError, FieldError
from tutelage.core.inputs import Input, invalid_input
from tutelage.core.times import Day, to_local
from tutelage.domain.scheduling import queries
from tutelage.domain.scheduling.inputs import SetAvailability, SetOverride
from tutelage.domain.scheduling.lifecycle import Audience
from tutelage.domain.scheduling.services.availability import set_availability, set_override
from tutelage.web import words
from tutelage.web.booking.weekly import form_of, read_week, weekdays
from tutelage.web.forms import Form, show_form
from tutelage.web.requests import WebRequest

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

_STRETCHES: Final = 2  # that the form of one day has room for


class ChangeDay(Input):
    """One day of the form; `how` says what becomes of it."""

    day: Day
    how: str = Field(pattern="^(closed|own|usual)$")
    hours: SetOverride


@require_http_methods(["GET", "HEAD", "POST"])
def availability_change(request: WebRequest) -> HttpResponse:
    person = request.user
    policy = queries.find_policy(person)
    if request.method != "POST":
        form = form_of(policy, queries.list_rules(person), person.own_zone)
        return _show(request, form, Form.of(how="closed"))
    form = read_week(request.POST)
    if form.given:
        set_availability(actor=person, given=form.given)
        messages.success(request, _("Saved. Your mentees see these hours from now on."))
        return redirect("booking:availability")
    return _show(request, form, Form.of(how="closed"))


@require_POST
def day_change(request: WebRequest) -> HttpResponse:
    """Give one day hours of its own, close it, or give it back those of the week."""
    form = _read_day(request.POST)
    try:
        if form.given:
            given = form.given
            set_override(actor=request.user, day=given.day, given=given.hours)
            messages.success(request, _("%(day)s is saved.") % {"day": words.day(given.day)})
            return redirect("booking:availability")
    except DomainError as error:
        form.add(error)
    person = request.user
    week = form_of(queries.find_policy(person), queries.list_rules(person), person.own_zone)
    return _show(request, week, form)


def _read_day(sent: QueryDict) -> Form[ChangeDay]:
    typed = {name: str(sent[name]) for name in sent if name != "csrfmiddlewaretoken"}
    form: Form[ChangeDay] = Form(typed)
    how = typed.get("how", "")
    hours: list[dict[str, str]] | None = None if how == "usual" else []
    if how == "own" and hours is not None:
        hours.extend(_stretches(typed))
    try:
        form.given = ChangeDay.model_validate(
            {"day": typed.get("day") or None, "how": how, "hours": {"hours": hours}}
        )
    except ValidationError as faults:
        refused = invalid_input(faults.errors())
        refused.errors = [FieldError(_place(each.field), each.detail) for each in refused.errors]
        form.add(refused)
    return form


def _stretches(typed: Mapping[str, str]) -> list[dict[str, str]]:
    """The lines that something was typed into; of own hours the first is needed."""
    found = [
        {edge: value for edge in ("starts", "ends") if (value := typed.get(f"{edge}{number}"))}
        for number in range(1, _STRETCHES + 1)
    ]
    return [each for number, each in enumerate(found) if each or number == 0]


def _place(field: str) -> str:
    """`hours.hours.0.ends` is the end of the first line."""
    parts = field.split(".")
    if parts[0] != "hours":
        return field
    number = int(parts[2]) + 1 if len(parts) > 2 else 1  # noqa: PLR2004  # a line has its number third
    return f"{parts[-1] if parts[-1] in {'starts', 'ends'} else 'starts'}{number}"


def _show(request: WebRequest, form: Form[SetAvailability], day: Form[ChangeDay]) -> HttpResponse:
    person = request.user
    shown: dict[str, Any] = {
        "day": day,
        "stretches": [(day[f"starts{n}"], day[f"ends{n}"]) for n in range(1, _STRETCHES + 1)],
        "weekdays": weekdays(form),
        "overrides": _overrides(person),
        "zones": words.zone_groups(),
        "audiences": Audience.choices,
        "can_be_booked": queries.find_policy(person) is not None,
    }
    response = show_form(request, "settings/availability.html", form, **shown)
    response.status_code = max(form.status, day.status)
    return response


def _overrides(person: "User") -> list[tuple[date, list[tuple[str, str]]]]:
    """Days to come with hours of their own; none at all is closed."""
    days: dict[date, list[tuple[str, str]]] = {}
    for row in queries.list_overrides(person, since=to_local(now(), person.own_zone).date()):
        hours = days.setdefault(row.day, [])
        if row.starts is not None and row.ends is not None:
            hours.append((f"{row.starts:%H:%M}", f"{row.ends:%H:%M}"))
    return list(days.items())
