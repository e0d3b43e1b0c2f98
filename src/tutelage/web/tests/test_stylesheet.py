"""The style sheet: one small file, found by whoever serves or collects it."""

import gzip
from pathlib import Path

from django.contrib.staticfiles import finders

from tutelage.web.stylesheet import NAME, ORDER, SOURCES, stylesheet


def test_all_sources_are_in_the_one_file_and_within_the_budget() -> None:
    assert {path.stem for path in SOURCES.glob("*.css")} == set(ORDER)
    assert len(gzip.compress(stylesheet().encode())) <= 14_000


def test_what_is_left_out_changes_nothing_that_is_said() -> None:
    text = stylesheet()
    assert "/*" not in text
    assert text.startswith("@layer tokens,base,layout,components,utilities,print;")
    assert text.count("{") == text.count("}")
    assert "@media (width >= 64rem)" in text


def test_it_is_found_among_the_static_files() -> None:
    found = finders.find(NAME)
    assert isinstance(found, str)
    assert Path(found).read_text() == stylesheet()
