"""When mentors can be booked, over HTTP: their own hours, and the times these leave free."""

from datetime import date, datetime
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from tutelage.api.document import refusal
from tutelage.api.requests import ApiRequest
from tutelage.api.sessions import answer_created
from tutelage.api.shapes import PersonOut, SessionOut
from tutelage.core.clock import now
from tutelage.core.errors import NotFound
from tutelage.core.times import WallClock, to_local
from tutelage.domain.scheduling import queries
from tutelage.domain.scheduling.inputs import (
    AskWhy,
    BookTime,
    FindSlots,
    SetAvailability,
    SetOverride,
)
from tutelage.domain.scheduling.lifecycle import Audience, Why
from tutelage.domain.scheduling.services.availability import set_availability, set_override
from tutelage.domain.scheduling.services.booking import book_time

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

NONE_YET: Final = {"responses": {404: refusal(HTTPStatus.NOT_FOUND)}}
router = Router(tags=["availability"])
host_router = Router(tags=["availability"])


class StretchOut(Schema):
    starts: str = Field(description="As in 09:30.")
    ends: str = Field(description="As in 17:00; 00:00 is midnight at the end of the day.")


class WeeklyOut(StretchOut):
    weekday: int = Field(description="Monday is 0.")


class AvailabilityOut(Schema):
    """Hours on the clocks of `zone`, and how they are booked."""

    zone: str
    hours: list[WeeklyOut]
    slot_minutes: int
    step_minutes: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    min_notice_hours: int
    horizon_days: int
    daily_limit: int | None
    cancellation_hours: int
    outright: bool
    audience: Audience
    note: str


class OverrideOut(Schema):
    day: date
    hours: list[StretchOut] = Field(description="None at all: the day is closed.")


class OverrideList(Schema):
    overrides: list[OverrideOut]


class ReasonOut(Schema):
    code: Why
    detail: str


class SlotOut(Schema):
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    local_start: WallClock = Field(description="On the clocks of `zone`.")
    host_local_start: WallClock = Field(
        description="On the clocks of `host_zone`. Book by these: there each start is there once."
    )
    free: bool
    reasons: list[ReasonOut]


class SlotList(Schema):
    host: PersonOut
    zone: str
    host_zone: str
    duration_minutes: int
    outright: bool = Field(description="Whether booking a free time needs no answer.")
    slots: list[SlotOut]


class WhyOut(Schema):
    free: bool
    reasons: list[ReasonOut]


@router.get("", response=AvailabilityOut, openapi_extra=NONE_YET)
def get_availability(request: ApiRequest) -> object:
    """Read when you can be booked; 404 until you have said so."""
    return _availability(request.auth)


@router.put("", response=AvailabilityOut)
def put_availability(request: ApiRequest, body: SetAvailability) -> object:
    """Say when you can be booked, whole. What is agreed upon already stays as it is."""
    set_availability(actor=request.auth, given=body)
    return _availability(request.auth)


@router.get("/overrides", response=OverrideList)
def list_overrides(request: ApiRequest) -> object:
    """List your days with hours of their own, from today on, soonest first."""
    return {"overrides": _overrides(request.auth)}


@router.put("/overrides/{day}", response=OverrideList)
def put_override(request: ApiRequest, day: date, body: SetOverride) -> object:
    """Give one day hours of its own. `[]` closes it; `null` gives it back those of the week."""
    set_override(actor=request.auth, day=day, given=body)
    return {"overrides": _overrides(request.auth)}


@host_router.get("/{person_id}/slots", response=SlotList)
def list_slots(request: ApiRequest, person_id: UUID, asked: Query[FindSlots]) -> HttpResponse:
    """List the times that a mentor's hours offer, free or not, for their mentees.

    Those that are not free say why. `from` and `to` are days of `zone`, which is yours unless
    named, both inclusive; six weeks at most.
    """
    bookable = queries.get_bookable(actor=request.auth, person_id=person_id)
    zone = asked.zone or request.auth.own_zone
    host_zone, policy = bookable.policy.zone, bookable.policy
    found = queries.list_slots(bookable=bookable, asked=asked, zone=zone)
    is_same = zone == host_zone
    reasons = cache(_reasons)  # the same few, in the reader's language, hundreds of times
    body = {
        "host": {"id": bookable.host.uid, "name": bookable.host.name},
        "zone": zone,
        "host_zone": host_zone,
        "duration_minutes": asked.duration_minutes or policy.slot_minutes,
        "outright": policy.outright,
        "slots": [
            {
                "starts_at": each.starts_at,
                "ends_at": each.ends_at,
                "local_start": (local := to_local(each.starts_at, zone)),
                "host_local_start": local if is_same else to_local(each.starts_at, host_zone),
                "free": not each.reasons,
                "reasons": reasons(each.reasons),
            }
            for each in found
        ],
    }
    # Straight to JSON: an output model for each of a thousand times would cost more than all else.
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


@host_router.get("/{person_id}/slots/why", response=WhyOut)
def why_not_free(request: ApiRequest, person_id: UUID, asked: Query[AskWhy]) -> object:
    """Say why a time of a mentor is not free: every reason there is, or none if it is free."""
    bookable = queries.get_bookable(actor=request.auth, person_id=person_id)
    reasons = queries.list_reasons(bookable=bookable, asked=asked)
    return {"free": not reasons, "reasons": _reasons(reasons)}


@host_router.post("/{person_id}/bookings", response={201: SessionOut})
def post_booking(request: ApiRequest, person_id: UUID, body: BookTime) -> HttpResponse:
    """Take a free time of your mentor. Where they allow it, it stands at once.

    Otherwise it is asked for. What is outside their hours can be proposed by `POST /api/sessions`.
    """
    return answer_created(request, book_time(actor=request.auth, person_id=person_id, given=body))


def _availability(person: "User") -> dict[str, Any]:
    policy = queries.find_policy(person)
    if policy is None:
        raise NotFound(_("You have not said yet when you can be booked."))
    fields = AvailabilityOut.model_fields.keys() - {"hours"}
    hours = [
        {"weekday": rule.weekday, "starts": f"{rule.starts:%H:%M}", "ends": f"{rule.ends:%H:%M}"}
        for rule in queries.list_rules(person)
    ]
    return {"hours": hours, **{name: getattr(policy, name) for name in fields}}


def _overrides(person: "User") -> list[dict[str, Any]]:
    days: dict[date, list[dict[str, str]]] = {}
    for row in queries.list_overrides(person, since=_today(person)):
        hours = days.setdefault(row.day, [])
        if row.starts is not None:
            hours.append({"starts": f"{row.starts:%H:%M}", "ends": f"{row.ends:%H:%M}"})
    return [{"day": day, "hours": hours} for day, hours in days.items()]


def _today(person: "User") -> date:
    policy = queries.find_policy(person)
    today: datetime = to_local(now(), policy.zone if policy else person.own_zone)
    return today.date()


def _reasons(reasons: tuple[Why, ...]) -> list[dict[str, str]]:
    return [{"code": reason, "detail": str(reason.label)} for reason in reasons]
