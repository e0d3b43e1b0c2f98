"""Every catalogue says all there is to say, and says it whole."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copytree
from typing import Final

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from tests.consistency.pseudo import texts_of_sources

from tutelage.config.catalogues import FOLDER, compile_changed

LANGUAGES: Final = [code for code, _name in settings.LANGUAGES if code != "en"]
KEPT: Final = re.compile(r"%\(\w+\)\d*[sd]|{\w+}|<[^>]+>")


def catalogue_of(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "django.po").open("rb") as source:
        return read_po(source, locale=language)


def texts_of(message: Message) -> Iterator[tuple[str, str]]:
    """What is said in English and what in the other language, each number apart."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    for number, said in enumerate(message.string or ()):
        yield message.id[min(number, 1)], said


def untold(catalogue: Catalog) -> list[object]:
    return [m.id for m in catalogue if not all(said for _english, said in texts_of(m))]


def test_a_text_without_a_translation_would_be_found() -> None:
    catalogue = catalogue_of("es")
    catalogue.add("Planted", "")
    catalogue.add(("%(count)d planted", "%(count)d planted ones"), ("%(count)d", ""))

    assert untold(catalogue) == ["Planted", ("%(count)d planted", "%(count)d planted ones")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_and_nothing_is_in_doubt(language: str) -> None:
    catalogue = catalogue_of(language)

    assert untold(catalogue) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_what_the_sources_say_and_no_more(language: str) -> None:
    """`make messages` brings in what is missing, to be translated by hand."""
    told = {(message.context, _key(message.id)) for message in catalogue_of(language) if message.id}
    said = {(context, _key(text)) for context, text in texts_of_sources()}

    assert said - told == set()
    assert told - said == set()


def _key(text: str | Sequence[str]) -> str:
    """Of a text with a plural, its singular: extraction gives more along with it."""
    return text if isinstance(text, str) else text[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_stands_in_every_translation(language: str) -> None:
    """The places for names and numbers, and the markup around them."""
    wrong = {
        english: said
        for message in catalogue_of(language)
        for english, said in texts_of(message)
        if message.id and sorted(set(KEPT.findall(english))) != sorted(set(KEPT.findall(said)))
    }

    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_text_does(language: str) -> None:
    """A question stays one, a heading gets no full stop, and no line is lost."""
    signs = "?:.…"
    wrong = {
        english: said
        for message in catalogue_of(language)
        for english, said in texts_of(message)
        if not message.context
        and message.id
        and not english.startswith("Hello")
        and (english[-1] if english[-1] in signs else "") != (said[-1] if said[-1] in signs else "")
    }

    assert wrong == {}


def test_a_changed_catalogue_is_compiled_once(tmp_path: Path) -> None:
    own = Path(copytree(FOLDER, tmp_path / "locale"))
    compile_changed(own)
    (own / "es" / "LC_MESSAGES" / "django.mo").unlink()

    assert compile_changed(own) == ["es"]
    assert compile_changed(own) == []


def test_spanish_is_spoken() -> None:
    with translation.override("es"):
        assert gettext("Session history") == "Historial de sesiones"
