"""A time that somebody is about to propose: what the clocks of both sides say, and cautions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import ValidationError

from tutelage.core.clock import now
from tutelage.core.times import is_repeated, is_skipped, to_instant, to_local
from tutelage.domain.sessions.inputs import Plan
from tutelage.web import words
from tutelage.web.forms import Form

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

LENGTHS: Final = (15, 30, 45, 60, 90, 120, 180)
_MINUTES: Final = re.compile("[0-9]{1,3}")
_EARLIEST, _LATEST = time(7), time(22)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clocks of a zone say from start to end, and whose clocks they are."""

    zone: str
    start: datetime
    end: datetime
    whose: str


@dataclass(frozen=True, slots=True)
class Proposal:
    hour: str
    clocks: tuple[Clock, ...]
    cautions: tuple[str, ...]


def time_choices(form: Form[Any], *, reader: "User", people: Sequence["User"]) -> dict[str, object]:
    """What the fields of a time need beside their values: choices, and the clocks as typed."""
    return {
        "zones": words.zone_groups(),
        "lengths": [(str(count), words.long_minutes(count)) for count in _lengths(form)],
        "others": [person for person in people if person.pk != reader.pk],
        "proposal": read_proposal(form.values, reader=reader, people=people),
    }


def _lengths(form: Form[Any]) -> list[int]:
    """The usual lengths, and the one that is chosen already."""
    chosen = str(form.value("duration_minutes"))
    return sorted({*LENGTHS, *([int(chosen)] if _MINUTES.fullmatch(chosen) else [])})


def read_proposal(
    typed: Mapping[str, Any], *, reader: "User", people: Sequence["User"]
) -> Proposal | None:
    """Weigh what was typed so far; None while it is not a time yet."""
    try:
        plan = Plan.model_validate(
            {
                "local_start": f"{typed.get('day')}T{typed.get('hour')}",
                "zone": typed.get("zone"),
                "duration_minutes": typed.get("duration_minutes"),
            }
        )
    except ValidationError:
        return None
    return weigh(plan, reader=reader, people=people)


def weigh(plan: Plan, *, reader: "User", people: Sequence["User"]) -> Proposal:
    """Both sides' clocks, the reader's first, and what to know before asking."""
    others = [person for person in people if person.pk != reader.pk]
    return Proposal(
        hour=plan.local_start.strftime("%H:%M"),
        clocks=tuple(_clocks(plan, reader, others)),
        cautions=(*_changes(plan), *_odd_hours(plan, others), *_distances(plan, reader, others)),
    )


def _clocks(plan: Plan, reader: "User", others: Sequence["User"]) -> Iterator[Clock]:
    zones = [reader.own_zone, plan.zone, *(person.own_zone for person in others)]
    slot = plan.slot
    for zone in dict.fromkeys(zones):
        names = [words.first_name(person.name) for person in others if person.own_zone == zone]
        yours = [_("you")] if zone == reader.own_zone else []
        yield Clock(zone, slot.starts_at, slot.ends_at, ", ".join([*yours, *names]))


def _changes(plan: Plan) -> Iterator[str]:
    """A clock change that makes the hour meant another, or one of two."""
    told = {"hour": plan.local_start.strftime("%H:%M"), "place": words.place(plan.zone)}
    if is_skipped(plan.local_start, plan.zone):
        meant = to_local(to_instant(plan.local_start, plan.zone), plan.zone)
        yield _(
            "%(hour)s does not exist that day: the clocks of %(place)s go forward."
            " %(meant)s is meant."
        ) % {**told, "meant": meant.strftime("%H:%M")}
    if is_repeated(plan.local_start, plan.zone):
        yield (
            _(
                "%(hour)s happens twice that day: the clocks of %(place)s go back."
                " The first one is meant."
            )
            % told
        )
    if plan.slot.starts_at <= now():
        yield _("This time is past. Choose a later one.")


def _odd_hours(plan: Plan, others: Sequence["User"]) -> Iterator[str]:
    for person in others:
        start, end = (
            at.astimezone(ZoneInfo(person.own_zone))
            for at in (plan.slot.starts_at, plan.slot.ends_at)
        )
        by_night = end > start.replace(hour=_LATEST.hour, minute=0)
        if start.time() < _EARLIEST or by_night:
            yield _("For %(name)s this is %(span)s, outside 07:00 to 22:00.") % {
                "name": words.first_name(person.name),
                "span": words.span(start, end, person.own_zone),
            }


def _distances(plan: Plan, reader: "User", others: Sequence["User"]) -> Iterator[str]:
    """Clocks that change between today and then, one side's and not the other's."""
    for zone in dict.fromkeys(person.own_zone for person in others):
        today = _apart(reader.own_zone, zone, now())
        then = _apart(reader.own_zone, zone, plan.slot.starts_at)
        if today != then:
            yield _(
                "Clocks change before then: %(theirs)s will be %(then)s from %(ours)s,"
                " not %(today)s as now."
            ) % {
                "theirs": words.place(zone),
                "ours": words.place(reader.own_zone),
                "then": words.minutes(then),
                "today": words.minutes(today),
            }


def _apart(ours: str, theirs: str, at: datetime) -> int:
    first, second = (at.astimezone(ZoneInfo(zone)).utcoffset() for zone in (ours, theirs))
    between = (first or timedelta()) - (second or timedelta())
    return abs(int(between.total_seconds())) // 60
