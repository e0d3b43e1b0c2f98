"""Rules about templates and style sheets themselves."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.template.loader import get_template

SOURCE: Final = Path(settings.SOURCE)
TEMPLATES: Final = SOURCE / "web" / "templates"
STYLES: Final = SOURCE / "web" / "styles"
NAMES: Final = sorted(
    str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()
)
PAGES: Final = [name for name in NAMES if name.endswith(".html")]
LONGEST: Final = 120
MAIL: Final = re.compile(r"_(subject|message)\.txt$")

# What others name: Django, allauth (by the prefix of a mail or a message), cotton.
CALLED_BY_ALLAUTH: Final = re.compile(
    r"^(account|mfa|usersessions)/([\w/]*/)?(email/\w+_(subject|message)|messages/\w+|\w+)\.(txt|html)$"
)
PHYSICAL: Final = re.compile(
    r"(?<![-\w])((margin|padding|border)-(left|right|top|bottom)(-\w+)?|left|right|top|bottom|"
    r"width|height|(min|max)-(width|height)|text-align|float)\s*:\s*(left|right|[\d.]|auto|none)"
)
INLINE: Final = (r"\sstyle=", r"\son\w+=", r"<script(?![^>]*\ssrc=)", r"<style\b")
TAG: Final = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
BLOCK: Final = re.compile(r"{% blocktranslate.*?endblocktranslate %}", re.DOTALL)
SPOKEN: Final = re.compile(r'\s(?:alt|title|placeholder|aria-label|label|hint|word|lead)="([^"]*)"')
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
# Names, not words: they are the same in every language.
NAMES_OF_THINGS: Final = {"Tutelage"}


def text_of(name: str) -> str:
    return (TEMPLATES / name).read_text()


def python_and_templates() -> str:
    sources = [*SOURCE.rglob("*.py"), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    return "\n".join(path.read_text() for path in sources)


def test_every_template_is_used_somewhere() -> None:
    everything = python_and_templates()
    components = {name.replace("_", "-") for name in re.findall(r"<c-([\w-]+)", everything)}
    patterns = [_pattern(text) for text in re.findall(r'f"([^"]+\.(?:html|txt))"', everything)]
    unused = [
        name
        for name in NAMES
        if not CALLED_BY_ALLAUTH.match(name)
        and f'"{name}"' not in everything
        and f'"{name}#' not in everything
        and f'"{MAIL.sub("", name)}"' not in everything
        and not any(pattern.fullmatch(name) for pattern in patterns)
        and not _is_component_in(name, components)
    ]
    assert not unused, "\n".join(unused)


def _pattern(text: str) -> re.Pattern[str]:
    """The names that an f-string stands for."""
    return re.compile(r"\w+".join(map(re.escape, re.split(r"{[^}]*}", text))))


def _is_component_in(name: str, used: set[str]) -> bool:
    folder, _slash, rest = name.partition("/")
    return folder == "components" and rest.removesuffix(".html").replace("_", "-") in used


def test_each_component_is_on_the_page_of_components() -> None:
    page = "".join(text_of(name) for name in PAGES if name.startswith(("design/", "frame/")))
    parts = {
        path.stem.replace("_", "-")
        for path in (TEMPLATES / "components").glob("*.html")
        if not path.stem.startswith("_")
    }
    # What only a failed form has is shown by the tests of the forms.
    missing = {part for part in parts if f"<c-{part}" not in page} - {"faults", "django-faults"}
    assert _without_used_by(missing) == set()


def _without_used_by(missing: set[str]) -> set[str]:
    """Components that stand inside another one that is shown are shown as well."""
    inner = "".join(text_of(name) for name in PAGES if name.startswith("components/"))
    return {part for part in missing if f"<c-{part}" not in inner}


@pytest.mark.parametrize("name", PAGES)
def test_a_template_can_be_read(name: str) -> None:
    get_template(name)
    assert text_of(name).count("\n") <= LONGEST


def inline(text: str) -> list[str]:
    """What the content security policy refuses, which a browser alone would tell."""
    bare = TAG.sub("", text)
    return [sign for sign in INLINE if re.search(sign, bare)]


@pytest.mark.parametrize("name", PAGES)
def test_a_template_has_no_inline_style_script_or_handler(name: str) -> None:
    assert inline(text_of(name)) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">',
        '<p onclick="go()">',
        "<script>go()</script>",
        "<style>p { color: red }</style>",
    ],
)
def test_what_is_inline_would_be_found(planted: str) -> None:
    assert len(inline(planted)) == 1


@pytest.mark.parametrize("name", PAGES)
def test_every_word_that_is_shown_can_be_translated(name: str) -> None:
    assert untranslated(text_of(name)) == []


def untranslated(text: str) -> list[str]:
    """Words in a template that no tag for translation surrounds."""
    bare = TAG.sub("", BLOCK.sub("", text))
    bare = re.sub(r"<svg.*?</svg>|<!--.*?-->|<!doctype[^>]*>", "", bare, flags=re.DOTALL)
    texts = re.findall(r">([^<>]*)<", f">{bare}<" if "<" in bare else "")
    said = [piece.strip() for piece in (*texts, *SPOKEN.findall(bare))]
    return [piece for piece in said if _words(piece) - NAMES_OF_THINGS]


def _words(piece: str) -> set[str]:
    return set(LETTERS.findall(piece))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<p>{% translate "Hello" %}</p>', []),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>", []),
        ('<input placeholder="Your name">', ["Your name"]),
        ('<input placeholder="{% translate "Your name" %}">', []),
        ('<a class="btn btn-s" href="/x">{% icon "x" %}{{ word }}</a>', []),
    ],
)
def test_the_search_for_untranslated_words_finds_them(text: str, found: list[str]) -> None:
    assert untranslated(text) == found


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_speaks_of_start_and_end_not_of_left_and_right(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert [found[0] for found in PHYSICAL.finditer(text)] == []


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.css")), ids=lambda path: path.name)
def test_raw_colours_stand_among_the_tokens_only(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    if path.stem != "tokens":
        assert re.findall(r"oklch\([^)]*\)|rgba?\([^)]*\)", text) == []
