"""How times, people and states are put into words: pure functions, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import DateFormat, time_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.times import offset_if_repeated, zones
from tutelage.domain.people.lifecycle import Scope

_HOUR: Final = 3_600
_DAY: Final = 24 * _HOUR


class Sign(NamedTuple):
    """How a state is shown: never by colour alone."""

    icon: str
    word: str | Promise


STATUSES: Final[Mapping[str, Sign]] = {
    "draft": Sign("pencil-line", gettext_lazy("Draft")),
    "requested": Sign("hourglass", gettext_lazy("Requested")),
    "scheduled": Sign("calendar", gettext_lazy("Scheduled")),
    "live": Sign("radio", gettext_lazy("Live now")),
    "paused": Sign("pause", gettext_lazy("Paused")),
    "completed": Sign("check", gettext_lazy("Completed")),
    "cancelled": Sign("calendar-x", gettext_lazy("Cancelled")),
    "declined": Sign("ban", gettext_lazy("Declined")),
    "no_show": Sign("user-x", gettext_lazy("No-show")),
}
MARKS: Final[Mapping[str, Sign]] = {
    "present": Sign("check", gettext_lazy("Present")),
    "late": Sign("clock", gettext_lazy("Late")),
    "partial": Sign("contrast", gettext_lazy("Partial")),
    "left_early": Sign("log-out", gettext_lazy("Left early")),
    "excused": Sign("file-check", gettext_lazy("Excused")),
    "absent": Sign("x", gettext_lazy("Absent")),
    "unmarked": Sign("circle-dashed", gettext_lazy("Unmarked")),
}
TONES: Final[Mapping[str, str]] = {
    "info": "info",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
}

# Edge and Opera also call themselves Chrome, and Chrome calls itself Safari: the order matters.
_PROGRAMS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)

_TITLES: Final = frozenset({"dr", "prof", "mr", "ms", "mrs", "mx"})


def place(zone: str) -> str:
    """The city that a zone is named after: "Auckland" for Pacific/Auckland."""
    return zone.rpartition("/")[2].replace("_", " ")


def clock(at: datetime, zone: str | None = None) -> str:
    """An hour, as in 09:00; in the reader's zone unless another is named.

    Of two that are alike, where clocks go back, it says which: 02:30 (UTC+1).
    """
    return _clock_of(_there(at, zone), get_language())


def day(at: datetime | date, zone: str | None = None) -> str:
    """A day without its year, as in Thu 2 April."""
    return _day(_date(at, zone), get_language())


def weekday(at: datetime | date, zone: str | None = None) -> str:
    """A day of the week in short, as in Thu."""
    return _weekday(_date(at, zone), get_language())


def brief_day(at: datetime | date, zone: str | None = None) -> str:
    """A day for a margin, as in Thu 26 Feb; its year stands there if it is another one."""
    return _brief_day_of(_date(at, zone), _date(now(), zone), get_language())


def full_day(at: datetime | date, zone: str | None = None) -> str:
    """A day for a heading, as in Thursday 2 April 2026."""
    return _full_day(_date(at, zone), get_language())


def short_date(at: datetime | date, zone: str | None = None) -> str:
    """A day with its year for a margin, as in 2 Apr 2026."""
    return _short_date(_date(at, zone), get_language())


def moment(at: datetime, zone: str | None = None) -> str:
    """A day and an hour, as in Thu 2 April, 09:00."""
    return _("%(day)s, %(hour)s") % {"day": day(at, zone), "hour": clock(at, zone)}


def span(start: datetime, end: datetime, zone: str | None = None) -> str:
    """From one hour to another, with a dash between."""
    return f"{clock(start, zone)} – {clock(end, zone)}"


def place_and_hour(zone: str) -> str:
    """Where somebody is and what time it is there, as in Auckland, 08:52."""
    return _("%(place)s, %(hour)s") % {"place": place(zone), "hour": clock(now(), zone)}


def near_day(at: datetime, zone: str | None = None) -> str:
    """Today, tomorrow, yesterday, or the day."""
    match (_date(at, zone) - _date(now(), zone)).days:
        case 0:
            return _("Today")
        case 1:
            return _("Tomorrow")
        case -1:
            return _("Yesterday")
        case _other:
            return brief_day(at, zone)


def minutes(count: int) -> str:
    """A length, as in 58 min or 1 h 50."""
    hours, rest = divmod(count, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)02d") % {"hours": hours, "minutes": rest}


def long_minutes(count: int) -> str:
    """A length in a sentence, as in 60 minutes."""
    return _long_minutes(count, get_language())


def distance(between: timedelta) -> str:
    """How far away a time is, in its largest unit: 8 minutes, 3 hours, 2 days."""
    total = int(abs(between).total_seconds())
    if total < _HOUR:
        return long_minutes(total // 60)
    if total < _DAY:
        count = total // _HOUR
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = total // _DAY
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def browser(agent: str) -> str:
    """The browser and the system that a user agent tells of, as in Firefox, Windows."""
    program = next((word for sign, word in _PROGRAMS if sign in agent), _("Another program"))
    system = next((word for sign, word in _SYSTEMS if sign in agent), "")
    return f"{program}, {system}" if system else program


def scope_word(scope: str) -> str:
    """What an API token may do."""
    return str(Scope(scope).label)


def first_name(name: str) -> str:
    """What somebody is called in a sentence: "Samuel" for Dr. Samuel Oyelaran."""
    parts = name.split()
    kept = [part for part in parts if part.casefold().rstrip(".") not in _TITLES] or parts
    return kept[0] if kept else name


def initials(name: str) -> str:
    """At most two letters to stand for a person: of the first and of the last name."""
    parts = [part for part in name.replace(".", " ").split() if part[0].isalnum()]
    kept = [part for part in parts if part.casefold() not in _TITLES] or parts
    ends = kept[:1] + kept[1:][-1:]
    return "".join(part[0] for part in ends).upper() or "?"


def hue(person_id: int) -> int:
    """One of the eight hues of initials, always the same for a person."""
    return person_id % 8


class Voice(NamedTuple):
    """Who is spoken to, found out once for a long list: each of its rows would ask many times."""

    language: str
    zone: tzinfo
    at: datetime

    @classmethod
    def now(cls) -> "Voice":
        return cls(get_language(), timezone.get_current_timezone(), now())

    def clock(self, at: datetime) -> str:
        return _clock_of(at.astimezone(self.zone), self.language)

    def brief_day(self, at: datetime) -> str:
        on, today = (each.astimezone(self.zone).date() for each in (at, self.at))
        return _brief_day_of(on, today, self.language)

    def long_minutes(self, count: int) -> str:
        return _long_minutes(count, self.language)


def _there(at: datetime, zone: str | None) -> datetime:
    """An instant on the clocks of a zone; a time without zone stands as it is."""
    if at.tzinfo is None:
        return at
    return at.astimezone(ZoneInfo(zone) if zone else timezone.get_current_timezone())


def _date(at: datetime | date, zone: str | None) -> date:
    return _there(at, zone).date() if isinstance(at, datetime) else at


# Pages say the same few days, hours and names again and again: each is put into words once a
# language, which is the last argument, and has to be the one that is spoken. The others are few and
# short, or ours: what somebody typed would be kept, however long it is.
once: Final = lru_cache(maxsize=5_000)


def _clock_of(there: datetime, language: str) -> str:
    hour = _clock(there.hour, there.minute, language)
    offset = offset_if_repeated(there)
    return f"{hour} ({offset})" if offset else hour


def _brief_day_of(on: date, today: date, language: str) -> str:
    return _brief_day(on, language) if on.year == today.year else _short_date(on, language)


@once
def _clock(hour: int, minute: int, _language: str) -> str:
    return time_format(time(hour, minute), pgettext("hour, as in 09:00", "H:i"))


@once
def _long_minutes(count: int, _language: str) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


@once
def _day(on: date, _language: str) -> str:
    return DateFormat(on).format(pgettext("day, as in Thu 2 April", "D j F"))


@once
def _weekday(on: date, _language: str) -> str:
    return DateFormat(on).format("D")


@once
def _brief_day(on: date, _language: str) -> str:
    return DateFormat(on).format(pgettext("day, as in Thu 26 Feb", "D j M"))


@once
def _full_day(on: date, _language: str) -> str:
    return DateFormat(on).format(pgettext("day, as in Thursday 2 April 2026", "l j F Y"))


@once
def _short_date(on: date, _language: str) -> str:
    return DateFormat(on).format(pgettext("day, as in 2 Apr 2026", "j M Y"))


@cache
def zone_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The zones to choose from, city first within each part of the world."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in zones():
        part, _slash, rest = zone.partition("/")
        if rest and part not in {"Etc", "SystemV", "US"}:
            groups.setdefault(part, []).append((zone, ", ".join(reversed(rest.split("/")))))
    named = {
        part: tuple(sorted((name, label.replace("_", " ")) for name, label in found))
        for part, found in groups.items()
    }
    return (("UTC", (("UTC", "UTC"),)), *sorted(named.items()))
