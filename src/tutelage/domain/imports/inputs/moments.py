"""Dates, times and durations, as people write them in spreadsheets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext as _

from tutelage.core.times import to_local
from tutelage.domain.imports.lifecycle import DayOrder, Unit

_LONGEST: Final = 80  # no date is longer; what is need not be looked at
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_MONTH_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_REST = r"(?:(?:,|t|\s|at\b)+(?P<rest>.*))?"
_FORMS: Final = tuple(
    re.compile(f"{_WEEKDAY}{form}{_REST}", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)",
        rf"(?P<first>\d{{1,2}})(?P<sign>[-/.])(?P<second>\d{{1,2}})[-/.]{_YEAR}(?!\d)",
        rf"{_DAY}[-\s.]+{_MONTH_NAME}[-,\s]+{_YEAR}(?!\d)",
        rf"{_MONTH_NAME}\s+{_DAY},?\s+{_YEAR}(?!\d)",
    )
)
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?::\d{2}(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?:h|uhr)?",
    re.IGNORECASE,
)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})", re.IGNORECASE
)
_SERIAL = re.compile(r"\d{5}([.,]\d+)?|0[.,]\d{3,}")
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2})\s*(?::|h(?:ours?|rs?)?\b\.?|h(?=\d))\s*)?"
    r"(?:(?P<minutes>\d{1,3})(?::\d{2})?\s*(?:m(?:in(?:ute)?s?)?\b\.?|'|′)?)?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(
    r"(?P<number>\d{1,3}(?:[.,]\d{1,4})?)\s*(?P<unit>h(?:ours?|rs?)?\.?)?", re.IGNORECASE
)
_CENTURY, _SHORT = 2000, 2  # a year of two digits is of this century
_HALF: Final = 12  # hours of half a day
_LAST_MONTH: Final = 12
_HOURS_IN_A_DAY: Final = 24


class Unreadable(ValueError):
    """This is no date, time or duration; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and what else stood in the cell; or an instant, where it named its offset."""

    day: date
    rest: str = ""
    instant: datetime | None = None


def read_moment(text: str, order: DayOrder | None) -> Moment:
    """Read a date, and leave the time that may follow it."""
    text = text.strip()
    if _INSTANT.fullmatch(text):
        return _read_instant(text)
    match = _match(text)
    if match is None:
        raise Unreadable(_complain(text))
    parts = match.groupdict()
    if "name" in parts:
        parts["month"] = str(_MONTHS.index(parts["name"].lower()) + 1)
    elif "first" in parts:
        parts["day"], parts["month"] = _in_order(parts, order)
    year = int(parts["year"])
    year += _CENTURY if len(parts["year"]) == _SHORT else 0
    try:
        day = date(year, int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise Unreadable(_("There is no such day: %(text)s.") % {"text": text}) from None
    return Moment(day, (parts["rest"] or "").strip())


def find_order(texts: Iterable[str]) -> tuple[DayOrder | None, str]:
    """How the dates of a file are meant, and one that leaves it open, if any.

    Only dates with strokes leave it open: points put the day first everywhere.
    """
    found: set[DayOrder] = set()
    doubtful = ""
    for text in texts:
        match = _match(text.strip())
        parts = match.groupdict() if match else {}
        if "first" not in parts or parts["sign"] == ".":
            continue
        order = _told_by(int(parts["first"]), int(parts["second"]))
        if order:
            found.add(order)
        elif parts["first"] != parts["second"]:
            doubtful = doubtful or text.strip()
    return (found.pop(), "") if len(found) == 1 else (None, doubtful)


def read_clock(text: str) -> time:
    """Read a time of day; a bare number is none."""
    text = text.strip()
    match = _CLOCK.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or (match["minute"] is None and match["half"] is None and text.isdigit()):
        raise Unreadable(_complain_of_time(text))
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= _HALF:
            raise Unreadable(_complain_of_time(text))
        hour = hour % _HALF + (_HALF if match["half"].lower().startswith("p") else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise Unreadable(_complain_of_time(text)) from None


def read_length(text: str, unit: Unit) -> int:
    """Read a duration: 90, 90 min, 1:30, 1 h 30, 1.5 h. Answers in minutes."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise Unreadable(_complain_of_length())
    match = _DECIMAL.fullmatch(text)
    if match:
        number = float(match["number"].replace(",", "."))
        is_whole = match["number"].isdigit()
        in_hours = (
            match["unit"] or unit == Unit.HOURS or (number < _HOURS_IN_A_DAY and not is_whole)
        )
        return round(number * 60 if in_hours else number)
    match = _LENGTH.fullmatch(text)
    if match is None or not (match["hours"] or match["minutes"]):
        raise Unreadable(_complain_of_length())
    return int(match["hours"] or 0) * 60 + int(match["minutes"] or 0)


def minutes_between(start: time, end: time) -> int:
    """From one time of day to the next time it is the other."""
    day = date(2000, 1, 1)
    length = datetime.combine(day, end) - datetime.combine(day, start)
    return round(length / timedelta(minutes=1)) % (24 * 60)


def local_of(moment: Moment, at: time | None, zone: str) -> datetime | None:
    """What the clocks of the zone showed; None where no time is known."""
    if moment.instant is not None and at is None:
        return to_local(moment.instant, zone).replace(second=0, microsecond=0)
    return datetime.combine(moment.day, at) if at is not None else None


def _match(text: str) -> re.Match[str] | None:
    if len(text) > _LONGEST:
        return None
    return next((match for form in _FORMS if (match := form.fullmatch(text))), None)


def _read_instant(text: str) -> Moment:
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        raise Unreadable(_complain(text)) from None
    return Moment(instant.date(), instant=instant)


def _in_order(parts: dict[str, str], order: DayOrder | None) -> tuple[str, str]:
    first, second = parts["first"], parts["second"]
    if parts["sign"] == "." or first == second:
        return first, second
    order = order or _told_by(int(first), int(second))
    if order == DayOrder.DAY_FIRST:
        return first, second
    if order == DayOrder.MONTH_FIRST:
        return second, first
    raise Unreadable(_("Say whether the day or the month comes first in this file."))


def _told_by(first: int, second: int) -> DayOrder | None:
    """There is no thirteenth month."""
    if first > _LAST_MONTH:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > _LAST_MONTH else None


def _complain(text: str) -> str:
    if _SERIAL.fullmatch(text):
        return _(
            "This is Excel’s number for a date. Format the column as a date, then save it again."
        )
    return _("This is not a date, as in 2026-03-05 or 5 Mar 2026.")


def _complain_of_time(text: str) -> str:
    if _SERIAL.fullmatch(text):
        return _(
            "This is Excel’s number for a time. Format the column as a time, then save it again."
        )
    return _("This is not a time, as in 14:30 or 2:30 PM.")


def _complain_of_length() -> str:
    return _("This is not a duration, as in 60, 1:30 or 1.5 h.")
