"""A month of a mentor's free times as one reader sees it, and what speaks against the others."""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutelage.core.clock import now
from tutelage.core.times import to_instant, to_local
from tutelage.domain.scheduling.inputs import FindSlots
from tutelage.domain.scheduling.lifecycle import Why
from tutelage.domain.scheduling.queries import Bookable, Candidate, list_slots
from tutelage.domain.scheduling.slots import pieces
from tutelage.web import words

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

_MONTH: Final = re.compile(r"(20[2-9][0-9])-(0[1-9]|1[0-2])")
_NOT_SHOWN: Final = {Why.PAST, Why.EXCEPTION}
_BRIEF: Final[Mapping[Why, str | Promise]] = {
    Why.PAST: gettext_lazy("Past"),
    Why.TOO_SOON: gettext_lazy("Too soon"),
    Why.TOO_FAR: gettext_lazy("Too far ahead"),
    Why.EXCEPTION: gettext_lazy("Other hours that day"),
    Why.OUTSIDE_HOURS: gettext_lazy("Outside the hours"),
    Why.HELD: gettext_lazy("Asked for already"),
    Why.HOST_BUSY: gettext_lazy("%(host)s is busy"),
    Why.PARTICIPANT_BUSY: gettext_lazy("You are busy"),
    Why.BUFFER: gettext_lazy("Too close to a session"),
    Why.DAILY_LIMIT: gettext_lazy("Day is full"),
}


@dataclass(frozen=True, slots=True)
class Time:
    """One time of a day: on the reader's clock, and below on the mentor's where it differs."""

    value: str
    hour: str
    below: str
    is_free: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    is_free: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: Sequence[Sequence[Day | None]]
    before: date | None
    after: date | None
    chosen: date | None
    times: Sequence[Time]
    free: int
    shown: int
    reasons: Sequence[tuple[str, str]]
    changes: Sequence[str]


def brief(why: Why, host: str) -> str:
    return str(_BRIEF[why]) % {"host": host}


def day_of(start: str, bookable: Bookable, zone: str) -> str:
    """The day on which a time of the mentor's clocks falls on others; nothing if it is no time."""
    try:
        at = to_instant(datetime.fromisoformat(start), bookable.policy.zone)
    except (ValueError, OverflowError):
        return ""
    return to_local(at, zone).date().isoformat()


def open_month(bookable: Bookable, *, zone: str, month: str, day: str, start: str) -> Month:
    """Read the month that is asked for; or else this one, or the next if it has nothing left."""
    today = to_local(now(), zone).date()
    asked = _first_of(month)
    opened = _read(bookable, max(asked or today, today), zone=zone, day=day, start=start)
    if asked or opened.chosen or opened.after is None:
        return opened
    following = _read(bookable, opened.after, zone=zone, day=day, start=start)
    return following if following.chosen else opened


def _read(bookable: Bookable, inside: date, *, zone: str, day: str, start: str) -> Month:
    """The month of this day; of its days one that has free times."""
    today, first = to_local(now(), zone).date(), inside.replace(day=1)
    last = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    asked = FindSlots.model_validate({"from": first, "to": last})
    found: dict[date, list[Candidate]] = {}
    for each in list_slots(bookable=bookable, asked=asked, zone=zone):
        found.setdefault(to_local(each.starts_at, zone).date(), []).append(each)
    free = {at for at, times in found.items() if any(not each.reasons for each in times)}
    chosen = _chosen(day, found, free)
    candidates = found.get(chosen, []) if chosen else []
    times = [
        _time(each, bookable, zone, start)
        for each in candidates
        if not _NOT_SHOWN & set(each.reasons)
    ]
    farthest = to_local(now() + timedelta(days=bookable.policy.horizon_days), zone).date()
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return Month(
        first=first,
        weeks=[
            [Day(at, at in free, at == chosen) if at.month == first.month else None for at in week]
            for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
        ],
        before=before.replace(day=1) if first > today else None,
        after=after if after <= farthest else None,
        chosen=chosen,
        times=times,
        free=sum(each.is_free for each in times),
        shown=len(times),
        reasons=list(_missing(candidates, bookable, zone)),
        changes=list(_changes(first, last, zone, bookable.policy.zone)),
    )


def _first_of(month: str) -> date | None:
    match = _MONTH.fullmatch(month)
    return date(int(match[1]), int(match[2]), 1) if match else None


def _chosen(day: str, found: Mapping[date, Sequence[Candidate]], free: set[date]) -> date | None:
    named = next((at for at in found if at.isoformat() == day), None)
    return named or min(free, default=None)


def _time(each: Candidate, bookable: Bookable, zone: str, start: str) -> Time:
    host_zone = bookable.policy.zone
    value = to_local(each.starts_at, host_zone).isoformat(timespec="minutes")
    host = words.first_name(bookable.host.name)
    differs = to_local(each.starts_at, zone) != to_local(each.starts_at, host_zone)
    there = _("%(day)s %(hour)s") % {
        "day": words.weekday(each.starts_at, host_zone),
        "hour": words.clock(each.starts_at, host_zone),
    }
    return Time(
        value=value,
        hour=words.clock(each.starts_at, zone),
        below=brief(each.reasons[0], host) if each.reasons else there if differs else "",
        is_free=not each.reasons,
        is_chosen=value == start and not each.reasons,
    )


def _missing(
    candidates: Sequence[Candidate], bookable: Bookable, zone: str
) -> Iterator[tuple[str, str]]:
    """Each reason there is that day, and which times it takes."""
    by_reason: dict[Why, list[str]] = {}
    for each in candidates:
        for why in each.reasons:
            by_reason.setdefault(why, []).append(words.clock(each.starts_at, zone))
    for why, hours in by_reason.items():
        yield ", ".join(hours), _sentence(why, bookable)


def _sentence(why: Why, bookable: Bookable) -> str:
    policy, host = bookable.policy, words.first_name(bookable.host.name)
    said = {
        Why.TOO_SOON: _("%(host)s is booked at least %(hours)s hours ahead."),
        Why.TOO_FAR: _("%(host)s is booked at most %(days)s days ahead."),
        Why.EXCEPTION: _("%(host)s has other hours that day, or is away."),
        Why.BUFFER: _("%(host)s keeps %(buffer)s free between sessions."),
        Why.DAILY_LIMIT: _("%(host)s has %(limit)s sessions that day already, and wants no more."),
    }
    text = said.get(why) or (brief(why, host).replace("%", "%%") + ".")
    return text % {
        "host": host,
        "hours": policy.min_notice_hours,
        "days": policy.horizon_days,
        "limit": policy.daily_limit,
        "buffer": words.minutes(int(policy.buffer.total_seconds()) // 60),
    }


def _changes(first: date, last: date, zone: str, host_zone: str) -> Iterator[str]:
    """What clock changes of either side do to the month."""
    start, end = (
        int(to_instant(datetime.combine(at, datetime.min.time()), zone).timestamp())
        for at in (first, last + timedelta(days=1))
    )
    for place in dict.fromkeys((zone, host_zone)):
        for before, after in zip(
            pieces(place, start, end), pieces(place, start, end)[1:], strict=False
        ):
            if after.start <= now().timestamp():
                continue
            told = {
                "place": words.place(place),
                "day": words.day(datetime.fromtimestamp(after.start, ZoneInfo(place)), place),
            }
            if after.offset > before.offset:
                said = _("The clocks of %(place)s go forward on %(day)s.") % told
            else:
                said = _("The clocks of %(place)s go back on %(day)s.") % told
            yield f"{said} {_apart(zone, host_zone, before.start, after.start)}".strip()


def _apart(ours: str, theirs: str, before: int, after: int) -> str:
    was, then = (_minutes_between(ours, theirs, at) for at in (before, after))
    if was == then:
        return ""
    return _("From then on, %(theirs)s is %(then)s from %(ours)s instead of %(was)s.") % {
        "theirs": words.place(theirs),
        "ours": words.place(ours),
        "then": words.minutes(then),
        "was": words.minutes(was),
    }


def _minutes_between(ours: str, theirs: str, at: int) -> int:
    first, second = (
        datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset() or timedelta()
        for zone in (ours, theirs)
    )
    return abs(int((first - second).total_seconds())) // 60


def is_own(bookable: Bookable, reader: "User") -> bool:
    return bookable.host.pk == reader.pk
