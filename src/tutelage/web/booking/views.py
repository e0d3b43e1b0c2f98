"""The page on which a mentee finds a free time of their mentor, and takes it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from tutelage.core.errors import DomainError, InvalidInput, NotFound
from tutelage.core.times import zones
from tutelage.domain.scheduling.inputs import AskWhy, BookTime
from tutelage.domain.scheduling.queries import Bookable, get_bookable, list_reasons
from tutelage.domain.scheduling.services.booking import book_time
from tutelage.domain.sessions.inputs import Plan
from tutelage.domain.sessions.lifecycle import Status
from tutelage.web import words
from tutelage.web.booking.month import brief, day_of, is_own, open_month
from tutelage.web.booking.weekly import names_of_weekdays
from tutelage.web.forms import Form, read_form, show_form
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.times import Proposal, weigh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import Session


@require_http_methods(["GET", "HEAD", "POST"])
def book_show(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Show a month of free times; a POST takes the one that was chosen."""
    bookable = get_bookable(actor=request.user, person_id=person_id)
    form: Form[BookTime] = Form.of(local_start=request.GET.get("local_start", ""))
    if request.method == "POST":
        form = read_form(BookTime, _on_host_clocks(request.POST))
    try:
        if form.given:
            session = book_time(actor=request.user, person_id=person_id, given=form.given).session
            messages.success(request, _done(session, bookable))
            return redirect("sessions:detail", session.pk)
    except NotFound:
        raise
    except DomainError as error:
        form.add(error)
    return show_form(request, "book/show.html", form, **_shown(request, bookable, form))


@require_safe
def book_clocks(request: WebRequest, person_id: UUID) -> HttpResponse:
    """The part of the page that says what all clocks show at the time that is chosen."""
    bookable = get_bookable(actor=request.user, person_id=person_id)
    proposal = _proposal(request.GET, bookable, request.user)
    return render(request, "sessions/_clocks.html", {"proposal": proposal, "typing": True})


def month_of(
    request: HttpRequest, bookable: Bookable, own_zone: str, start: str = ""
) -> dict[str, Any]:
    """What the page says of the month that is asked for, on the clocks of one zone."""
    zone = request.GET.get("place", "")
    zone = zone if zone in zones() else own_zone
    day = request.GET.get("day", "") or day_of(start, bookable, zone)
    month = open_month(
        bookable,
        zone=zone,
        month=request.GET.get("month", "") or day[:7],
        day=day,
        start=start,
    )
    other = bookable.policy.zone
    return {
        "bookable": bookable,
        "host": bookable.host,
        "policy": bookable.policy,
        "month": month,
        "weekdays": list(names_of_weekdays()),
        "zone": Form.of(place=zone)["place"],
        "zones": words.zone_groups(),
        "host_zone": other if other != zone else "",
        "asked": request.GET.get("ask", ""),
        "answer": _why(request.GET.get("ask", ""), month.chosen, zone, bookable),
    }


def _shown(request: WebRequest, bookable: Bookable, form: Form[BookTime]) -> dict[str, Any]:
    start = str(form.value("local_start"))
    return {
        **month_of(request, bookable, request.user.own_zone, start),
        "is_own": is_own(bookable, request.user),
        "proposal": _proposal({"local_start": start}, bookable, request.user),
    }


def _on_host_clocks(sent: QueryDict) -> QueryDict:
    """A time is sent as the mentor's clocks show it: there each start is there once.

    Its zone is not called so on the page, where a hidden zone tells that of the browser.
    """
    fields = sent.copy()
    if zone := "".join(fields.pop("host_clocks", [])):
        fields["zone"] = zone
    return fields


def _proposal(typed: "Mapping[str, str]", bookable: Bookable, reader: "User") -> Proposal | None:
    """What all clocks say; the hour on the button is the reader's."""
    policy = bookable.policy
    try:
        plan = Plan.model_validate(
            {
                "local_start": typed.get("local_start"),
                "zone": policy.zone,
                "duration_minutes": policy.slot_minutes,
            }
        )
    except ValidationError:
        return None
    proposal = weigh(plan, reader=reader, people=[bookable.host])
    return replace(proposal, hour=words.clock(plan.slot.starts_at, reader.own_zone))


def _why(asked: str, day: object, zone: str, bookable: Bookable) -> list[str]:
    """Why a time of the day that is shown is not free, for somebody who asks for it by hand."""
    if not asked or day is None:
        return []
    try:
        wanted = AskWhy.model_validate({"local_start": f"{day}T{asked}", "zone": zone})
        found = list_reasons(bookable=bookable, asked=wanted)
    except ValidationError:
        return [_("This is not a time of day, as in 09:30.")]
    except InvalidInput as error:
        return [error.message]
    host = words.first_name(bookable.host.name)
    return [brief(why, host) for why in found] or [_("It is free.")]


def _done(session: "Session", bookable: Bookable) -> str:
    if session.status == Status.SCHEDULED:
        return _("Booked. It stands in both calendars.")
    return _("Asked. The time is held for you until %(name)s answers, at most 48 hours.") % {
        "name": words.first_name(bookable.host.name)
    }
