"""Templates of rows are rendered once for many rows, so they may not look at what is in a row."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

TEMPLATES: Final = Path(settings.SOURCE) / "web" / "templates"
NAMED: Final = re.compile(r'{% rows "([\w/]+\.html)"')
PATH: Final = r"\w+(?:\.\w+)?"
ALLOWED: Final = re.compile(
    rf"""{{{{ \s {PATH} \s }}}}
      | {{% \s (?:
            (?:el)?if \s (?:not \s)? {PATH} (?:\s(?:and|or)\s(?:not\s)?{PATH})*
          | for \s \w+ \s in \s {PATH}
          | else | endif | endfor | endblocktranslate
          | firstof (?:\s{PATH})+
          | translate \s "[^"]*"
          | icon \s "[^"]*"
          | blocktranslate (?:\swith)? (?:\s\w+={PATH})*
        ) \s %}}""",
    re.VERBOSE,
)
TAG: Final = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
NAMES: Final = sorted(
    {name for path in TEMPLATES.rglob("*.html") for name in NAMED.findall(path.read_text())}
)


def _looks(source: str) -> list[str]:
    """The tags that may depend on what a text says."""
    return [tag for tag in TAG.findall(source) if not ALLOWED.fullmatch(tag)]


def test_there_are_rows() -> None:
    assert "history/_card.html" in NAMES


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
        '{% include "history/_card.html" %}',
        "{% ifchanged row.day %}",
    ],
)
def test_what_looks_at_a_text_is_found(tag: str) -> None:
    assert _looks(f"<p>{{{{ row.title }}}}</p>{tag}") == [tag]
