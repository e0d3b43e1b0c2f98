"""What stands around a history, put into words; `{% part %}` draws it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tutelage.core.periods import Period
from tutelage.web import words
from tutelage.web.forms import Form
from tutelage.web.history import export
from tutelage.web.history.filters import HIDDEN, SHOWN, SWITCHES, HistoryQuery, at_least, changed
from tutelage.web.rows import drawn

if TYPE_CHECKING:
    from django.http import QueryDict


RATINGS: Final = ("5", "4", "3", "2")


class Option(NamedTuple):
    code: str
    text: str
    is_chosen: bool


class Bar(NamedTuple):
    """The filters. What there is to choose is drawn already: so many people, so many shapes."""

    q: str
    person: str
    people: SafeString
    mentorship: str
    statuses: SafeString
    periods: SafeString
    ratings: SafeString
    switches: SafeString
    hidden_count: str
    from_: str
    to: str
    is_from_wrong: bool
    is_to_wrong: bool
    as_table: bool


class Views(NamedTuple):
    """This history otherwise."""

    cards: str
    table: str
    as_table: bool


class Exports(NamedTuple):
    """This history as a file."""

    csv: str
    xlsx: str
    most: str


class Head(NamedTuple):
    sums: str
    log_href: str
    exports: SafeString


def bar_of(form: Form[HistoryQuery], people: Iterable[tuple[str, str]]) -> Bar:
    asked = {name: str(form.value(name)) for name in ("q", "person", "mentorship", "from", "to")}
    language = get_language()
    hidden_count = sum(bool(form.value(name)) for name in HIDDEN)
    return Bar(
        q=asked["q"],
        person=asked["person"],
        people=_options(people, asked["person"]),
        mentorship=asked["mentorship"],
        statuses=_statuses(_known(form.value("status"), SHOWN), language),
        periods=_periods(_known(form.value("period"), Period.values), language),
        ratings=_ratings(_known(form.value("min_rating"), RATINGS), language),
        switches=_switches(tuple(name for name in SWITCHES if form.value(name)), language),
        hidden_count=str(hidden_count or ""),
        from_=asked["from"],
        to=asked["to"],
        is_from_wrong="from" in form.errors,
        is_to_wrong="to" in form.errors,
        as_table=form.value("view") == "table",
    )


def _known(given: object, codes: Sequence[str]) -> str:
    """What is kept once drawn is one of a few, whatever an address says."""
    return str(given) if given in codes else ""


def _options(choices: Iterable[tuple[str, str | Promise]], chosen: str) -> SafeString:
    options = (Option(code, str(text), code == chosen) for code, text in choices)
    return drawn("history/_option.html", options)


@words.once
def _statuses(chosen: str, _language: str) -> SafeString:
    return _options(((code.value, words.STATUSES[code].word) for code in SHOWN), chosen)


@words.once
def _periods(chosen: str, _language: str) -> SafeString:
    return _options(Period.choices, chosen)


@words.once
def _ratings(chosen: str, _language: str) -> SafeString:
    return _options(((stars, at_least(int(stars))) for stars in RATINGS), chosen)


@words.once
def _switches(on: tuple[str, ...], _language: str) -> SafeString:
    switches = (Option(name, str(text), name in on) for name, text in SWITCHES.items())
    return drawn("history/_switch.html", switches)


def views_of(sent: "QueryDict", *, as_table: bool) -> Views:
    return Views(changed(sent, view=""), changed(sent, view="table"), as_table)


def exports_of(sent: "QueryDict") -> Exports:
    place = reverse("history:export")
    csv, xlsx = (place + changed(sent, view="", limit="", format=form) for form in export.FORMATS)
    return Exports(csv, xlsx, str(export.MOST))


def head_of(sums: str, log_href: str, exports: Exports) -> Head:
    return Head(sums, log_href, drawn("history/_export.html", [exports]))
