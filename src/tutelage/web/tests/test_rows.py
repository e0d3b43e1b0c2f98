"""Rows that are filled into a template say what the template would have said."""

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from tutelage.web.history.cards import Card, Said, Stars, Step
from tutelage.web.icons import drawn_stars, drawn_status
from tutelage.web.rows import MOST, _known, drawn

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
    replace(FULL, title="Another & more", day="Fri 3 Apr"),  # of the same shape
    replace(FULL, steps=[FULL.steps[1]], stars=FULL.stars[1:], also=[], log_href="", ending=""),
    replace(FULL, steps=[], stars=[], log_href="", ending="", reason="", sealed_until=""),
    replace(FULL, stars=[], rate_href="", log_href="", outcomes=SafeString(), topic="", length=""),
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
