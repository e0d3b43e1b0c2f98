"""Templates of rows and parts are rendered once for many, so they may not look at their texts."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

TEMPLATES: Final = Path(settings.SOURCE) / "web" / "templates"
WEB: Final = TEMPLATES.parent
NAMED: Final = re.compile(r'(?:{% (?:rows|part) |\bdrawn\()"([\w/]+\.html)"')
INCLUDED: Final = re.compile(r'{% include "([\w/]+\.html)" %}')
PATH: Final = r"\w+(?:\.\w+)?"
ALLOWED: Final = re.compile(
    rf"""{{{{ \s {PATH} \s }}}}
      | {{% \s (?:
            (?:el)?if \s (?:not \s)? {PATH} (?:\s(?:and|or)\s(?:not\s)?{PATH})*
          | for \s \w+ \s in \s {PATH}
          | else | endif | endfor | endblocktranslate
          | firstof (?:\s{PATH})+
          | translate \s "[^"]*"
          | (?:icon|url|include) \s "[^"]*"
          | blocktranslate (?:\swith)? (?:\s\w+={PATH})*
        ) \s %}}""",
    re.VERBOSE,
)
TAG: Final = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def _names() -> set[str]:
    """What is drawn as rows or as a part, with what it includes."""
    modules = (path for path in WEB.rglob("*.py") if "tests" not in path.parts)
    sources = [*TEMPLATES.rglob("*.html"), *modules]
    known = set[str]()
    found = {name for path in sources for name in NAMED.findall(path.read_text())}
    while found:
        known |= found
        texts = [(TEMPLATES / name).read_text() for name in found]
        found = {name for text in texts for name in INCLUDED.findall(text)} - known
    return known


NAMES: Final = sorted(_names())


def _looks(source: str) -> list[str]:
    """The tags that may depend on what a text says."""
    return [tag for tag in TAG.findall(source) if not ALLOWED.fullmatch(tag)]


def test_there_are_rows_and_parts() -> None:
    rows, part, drawn_here = "history/_card.html", "frame/side.html", "history/_option.html"
    assert {rows, part, drawn_here, "frame/nav.html"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_of_rows_looks_at_no_text(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert _looks(source) == []
    assert "<pre" not in source
    assert "<textarea" not in source, "its lines would lose their indents"


@pytest.mark.parametrize(
    "tag",
    [
        "{{ row.title|upper }}",
        '{% if row.status == "live" %}',
        "{% if row.day|length %}",
        "{% blocktranslate count number=row.number %}",
        "{% blocktranslate with day=row.at|on %}",
        "{{ user.name|first_name }}",
        '{% include "history/_card.html" with day=row.at|on %}',
        "{% include row.template %}",
        "{% ifchanged row.day %}",
    ],
)
def test_what_looks_at_a_text_is_found(tag: str) -> None:
    assert _looks(f"<p>{{{{ row.title }}}}</p>{tag}") == [tag]
