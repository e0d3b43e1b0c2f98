"""Nothing grows until nobody reads it."""

from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
LONGEST: Final = 400
LONGEST_TEMPLATE: Final = 120
WRITTEN: Final = {".py", ".js", ".css", ".html", ".txt"}
FILES: Final = [
    path
    for folder in ("src", "tests", "bench")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in WRITTEN and "__pycache__" not in path.parts
]
# The names under which anything can be hidden.
DRAWERS: Final = {"utils", "helpers", "common", "misc", "base", "manager", "handler", "info"}


# Django looks for a backend of the database in a module of this name.
NAMED_BY_DJANGO: Final = ROOT / "src/tutelage/config/postgresql/base.py"


def too_long(path: Path, text: str) -> bool:
    longest = LONGEST_TEMPLATE if path.suffix == ".html" else LONGEST
    return text.count("\n") > longest


def test_no_file_is_longer_than_anybody_reads() -> None:
    found = {str(path.relative_to(ROOT)) for path in FILES if too_long(path, path.read_text())}

    assert found == set()
    assert len(FILES) > 300, "It looked at too little."


@pytest.mark.parametrize(("name", "lines"), [("a.py", 401), ("a.css", 401), ("a.html", 121)])
def test_one_line_too_many_would_be_found(name: str, lines: int) -> None:
    assert too_long(Path(name), "x\n" * lines)
    assert not too_long(Path(name), "x\n" * (lines - 1))


def test_each_file_says_by_its_name_what_it_is_about() -> None:
    written = {path for path in FILES if path.suffix == ".py"} - {NAMED_BY_DJANGO}
    named = {path.stem for path in written}
    named |= {path.parent.name for path in written}

    assert named & DRAWERS == set()
