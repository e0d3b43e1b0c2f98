"""Rows that are filled into a template say what the template would have said."""

import re
from typing import NamedTuple

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from tutelage.web.context import Entry, Frame
from tutelage.web.history.cards import Card, Said, Stars, Step
from tutelage.web.history.parts import Bar, Exports, Head, Option, Views
from tutelage.web.home import board as home
from tutelage.web.icons import drawing, drawn_avatar, drawn_stars, drawn_status
from tutelage.web.rows import MOST, _known, drawn, fixed
from tutelage.web.templatetags.tutelage import part

FULL = Card(
    href="/sessions/1",
    status="completed",
    badge=drawn_status("completed", "Completed"),
    instant="2026-04-02T09:00:00+00:00",
    day="Thu 2 Apr",
    hour="09:00",
    length="60 minutes",
    when="09:00 • 60 minutes",
    title="Session with <b>Aroha</b> & 'Co' {{ row.day }} %s",
    topic='"Quoted"',
    outcomes=mark_safe("found <mark>it</mark>"),
    steps=[Step(SafeString("Read"), is_done=True), Step(SafeString("Write"), is_done=False)],
    also=[Said("Objectives", SafeString("More"))],
    ending="Cancelled by <i>.",
    reason="<script>alert(1)</script>",
    logged_late="Logged late, on Thu 2 Apr by you",
    log_href="/sessions/1/log?a=1&b=2",
    stars=[Stars("5", drawn_stars(5), "You rated"), Stars("4", drawn_stars(4), "O'Neill", "<O>")],
    sealed_until="Thu 9 Apr",
    rate_href="/sessions/1/rate",
)
CARDS = [
    FULL,
    FULL._replace(title="Another & more", day="Fri 3 Apr"),  # of the same shape
    FULL._replace(steps=[FULL.steps[1]], stars=FULL.stars[1:], also=[], log_href="", ending=""),
    FULL._replace(steps=[], stars=[], log_href="", ending="", reason="", sealed_until=""),
    FULL._replace(stars=[], rate_href="", log_href="", outcomes=SafeString(), topic="", length=""),
]


def _without_indents(text: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", text)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["history/_card.html", "history/_line.html"])
def test_they_say_what_the_template_says(name: str, language: str) -> None:
    with translation.override(language):
        plain = [_without_indents(render_to_string(name, {"row": card})) for card in CARDS]
        assert drawn(name, CARDS) == "".join(plain)
        assert drawn(name, CARDS[::-1]) == "".join(plain[::-1])
        assert drawn(name, []) == ""


ENTRY = Entry("/a", "Home & more", drawing("house"), "Home", current=True)
FRAME = Frame(
    main=[ENTRY, ENTRY._replace(current=False)],
    administration=[ENTRY],
    account=[ENTRY],
    name="Te <b>Ao</b>",
    avatar=drawn_avatar(1, "Te Ao"),
    here="Auckland, 08:52",
    place="Auckland",
)
OPTIONS = mark_safe('<option value="1">One</option>')
BAR = Bar(
    q='"chapter" & <b>',
    person="1",
    people=OPTIONS,
    mentorship="2",
    statuses=OPTIONS,
    periods=OPTIONS,
    ratings=OPTIONS,
    switches=SafeString(),
    hidden_count="2",
    from_="2026-03-01",
    to="soon",
    is_from_wrong=False,
    is_to_wrong=True,
    as_table=True,
)
DIARY = home.Entry(
    href="/sessions/1?a=1&b=2",
    status="live",
    badge=drawn_status("live", "Door open"),
    instant="2026-04-02T09:00:00+00:00",
    hour="09:00",
    title="Session with 'Co' & <b>",
    meta="Mentorship, 60 minutes. 21:00 in <Auckland>.",
)
PARTS = [
    ("home/_entry.html", DIARY),
    ("home/_entry.html", DIARY._replace(title="", meta="")),
    ("frame/side.html", FRAME),
    ("frame/phone.html", FRAME),
    ("frame/side.html", FRAME._replace(administration=(), name="", avatar=SafeString())),
    ("history/_filters.html", BAR),
    ("history/_filters.html", BAR._replace(people=SafeString(), q="", hidden_count="")),
    ("history/_views.html", Views("?a=1&b=2", "?view=table", as_table=True)),
    ("history/_export.html", Exports("/x?format=csv&q=<b>", "/x?format=xlsx", "10000")),
    ("history/_head.html", Head("3 sessions <held>", "/log?a=1&b=2", OPTIONS)),
    ("history/_head.html", Head("", "", OPTIONS)),
    ("history/_option.html", Option("code", "Of 'many' <i>", is_chosen=True)),
    ("history/_switch.html", Option("archived", "Archived & gone", is_chosen=False)),
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("name", "row"), PARTS)
def test_a_part_says_what_its_template_says(name: str, row: NamedTuple, language: str) -> None:
    with translation.override(language):
        plain = _without_indents(render_to_string(name, {"row": row}))
        assert (part(name, row), part(name, row)) == (plain, plain)


def test_what_is_fixed_is_said_in_the_language_of_the_reader() -> None:
    said = {}
    for language in ("en", "es", "en"):
        with translation.override(language):
            said[language] = fixed("design/_status.html")
    assert said["en"] != said["es"]


def test_texts_are_escaped_and_what_is_safe_is_not() -> None:
    said = drawn("history/_card.html", [FULL])
    assert "<script>" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    assert "<mark>it</mark>" in said


def test_shapes_that_come_without_end_are_not_all_kept() -> None:
    _known.clear()
    _known.update({(number,): ("", ()) for number in range(MOST)})
    assert drawn("history/_card.html", [FULL])
    assert len(_known) == 1
