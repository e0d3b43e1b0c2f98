"""Every text can be translated, shown by pages in a language that nobody speaks."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings
from tests.consistency.pseudo import CLOSE, LANGUAGES, OPEN, write_catalogues

from tutelage.domain.people.inputs import AddPerson
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.services import add_person

WORD: Final = re.compile(r"[^\W\d_]{3,}")
SEGMENT: Final = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
# What stands on a page as somebody wrote it, or comes from Django's own catalogues.
GIVEN: Final = re.compile(
    r"Tutelage|Ingrid Solheim|Oslo|Auckland|New York|UTC|\S+@\S+|Reading the rubric together|"
    r"Dr\. Samuel Oyelaran|Zoë Castellanos-Papadopoulou|Bo Li|[\u0600-\u06ff]+|"
    r"\w+day|Mon|Tue|Wed|Thu|Fri|Sat|Sun|"
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b"
)
SILENT: Final = {"script", "style", "svg", "optgroup", "code", "option"}


@pytest.fixture
def _pseudo_languages(tmp_path: Path, settings: Settings) -> None:
    assert write_catalogues(tmp_path) > 300
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en", "English"), *((code, code) for code in LANGUAGES)]


def pages_without_parameters() -> list[str]:
    """The address of every page that needs nothing but a login."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for each in patterns:
            path = prefix + str(each.pattern).lstrip("^").rstrip("$")
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, path)
            elif not re.search(r"[<(?]", path):
                yield path

    found = walk(get_resolver().url_patterns, "/")
    return sorted({path for path in found if not path.startswith(("/api/", "/static/"))})


def make_admin(locale: str) -> User:
    given = AddPerson(name="Ingrid Solheim", email="ingrid@example.org", role=Role.SUPERADMIN)
    person = add_person(actor=None, given=given, zone="Europe/Oslo")
    User.objects.filter(pk=person.pk).update(locale=locale)
    person.refresh_from_db()
    return person


class _Reader(HTMLParser):
    """Collects what a person sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent.append(tag)
        for name, value in attrs:
            if value and name in {"alt", "title", "placeholder", "aria-label"}:
                self.said.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and self._silent:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def outside_brackets(page: str) -> list[str]:
    """Words of a page that did not come through a catalogue."""
    reader = _Reader()
    reader.feed(page)
    text = "\n".join(reader.said)
    while (bare := SEGMENT.sub(" ", text)) != text:
        text = bare
    return WORD.findall(GIVEN.sub(" ", text))


@pytest.mark.django_db
@pytest.mark.usefixtures("_pseudo_languages")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_says_a_word_that_is_not_translated(language: str) -> None:
    inside, outside = Client(), Client(headers={"Accept-Language": language})
    inside.force_login(make_admin(language))
    direction = 'dir="rtl"' if language == "ar-xb" else 'dir="ltr"'

    forgotten, read = {}, 0
    for path in pages_without_parameters():
        for reader in (inside, outside):
            reply = reader.get(path)
            if reply.status_code != 200 or "text/html" not in reply["Content-Type"]:
                continue
            page = reply.content.decode()
            read += 1
            if (words := outside_brackets(page)) and "<main" in page:
                forgotten[path] = words
            assert direction in page or "<html" not in page, path

    assert forgotten == {}
    assert read > 15


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (f"<p>{OPEN}Ĥéļļó{CLOSE}</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        (f'<p title="Hello">{OPEN}x{CLOSE}</p>', ["Hello"]),
        (f"<p>{OPEN}a {OPEN}b{CLOSE} c{CLOSE}</p>", []),
    ],
)
def test_the_search_finds_what_stands_outside_of_brackets(page: str, words: list[str]) -> None:
    assert outside_brackets(page) == words
