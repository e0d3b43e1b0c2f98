"""What templates may ask for: icons, times, names and states in words."""

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tutelage.core.events import known_types
from tutelage.web import icons, rows, words

register = template.Library()


@register.simple_tag
def follow(address: str, subject: object = "") -> str:
    """Attributes of a page that is fetched anew when something happens to what it shows.

    A browser listens to each kind of event by its name, so it is told all of them.
    """
    return format_html(
        'data-live="{}" data-live-events="{}" hx-get="{}" hx-select="#live" hx-trigger="live"'
        ' hx-swap="outerHTML" hx-disinherit="*"',
        subject,
        _kinds_of_events(),
        address,
    )


@cache
def _kinds_of_events() -> str:
    return " ".join(sorted(known_types()))


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return icons.drawing(str(name), classes)


@register.simple_tag
def icon_once(name: str) -> SafeString:
    """An icon that a page shows many times, drawn once: `drawn_stars` points to it."""
    paths = icons.drawing(name).partition(">")[2].removesuffix("</svg>")
    return mark_safe(  # noqa: S308  # from the icon package, by a name of ours
        f'<svg hidden><symbol id="icon-{name}" viewBox="0 0 24 24">{paths}</symbol></svg>'
    )


register.simple_tag(rows.drawn, name="rows")
register.simple_tag(rows.fixed)
register.simple_tag(icons.drawn_avatar, name="avatar")


@register.simple_tag
def part(template: str, row: NamedTuple) -> SafeString:
    """A part of a page that differs in its texts alone, as the rows of a list do."""
    return rows.drawn(template, [row])


@register.simple_tag
def status(code: str, word: str = "") -> SafeString:
    """The pill of a session; in a word of its own, if there is one."""
    return icons.drawn_status(code, word or status_word(code))


@register.filter
def at(when: datetime, zone: str | None = None) -> str:
    return words.clock(when, zone)


@register.filter
def on(when: datetime | date, zone: str | None = None) -> str:
    return words.day(when, zone)


@register.filter
def on_date(when: datetime | date, zone: str | None = None) -> str:
    return words.short_date(when, zone)


@register.filter
def on_full_day(when: datetime | date, zone: str | None = None) -> str:
    return words.full_day(when, zone)


@register.filter
def moment(when: datetime, zone: str | None = None) -> str:
    return words.moment(when, zone)


@register.filter
def near_day(when: datetime, zone: str | None = None) -> str:
    return words.near_day(when, zone)


@register.simple_tag
def span(start: datetime, end: datetime, zone: str | None = None) -> str:
    return words.span(start, end, zone)


register.filter("drawn_stars", icons.drawn_stars)
register.filter("place", words.place)
register.filter("place_and_hour", words.place_and_hour)
register.filter("browser", words.browser)
register.filter("scope_word", words.scope_word)
register.filter("minutes", words.minutes)
register.filter("long_minutes", words.long_minutes)
register.filter("first_name", words.first_name)


@register.filter
def status_word(code: str) -> str:
    return str(words.STATUSES[code].word)


@register.filter
def mark_icon(code: str) -> str:
    return words.MARKS[code].icon


@register.filter
def mark_word(code: str) -> str:
    return str(words.MARKS[code].word)


@register.filter
def tone_icon(tone: str) -> str:
    return words.TONES[tone]


@register.filter
def up_to(count: int) -> range:
    """1 to count, for stars."""
    return range(1, int(count) + 1)
