"""Each rule holds but in its exceptions, finds its breach, and lets pass what is right."""

from pathlib import Path
from typing import Final

import pytest
from tests.consistency.rules.table import RULES, Rule

SOURCE: Final = Path(__file__).parents[3] / "src" / "tutelage"
each_rule: Final = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def files_of(rule: Rule) -> list[Path]:
    apart = {"tests", "migrations"}
    found = [path for pattern in rule.files for path in SOURCE.glob(pattern)]
    return [path for path in found if not apart & set(path.parts)]


def breaches(rule: Rule) -> dict[str, list[int]]:
    found = {path: rule.find(path.read_text()) for path in files_of(rule)}
    return {path.relative_to(SOURCE).as_posix(): lines for path, lines in found.items() if lines}


@each_rule
def test_it_holds_but_in_its_exceptions(rule: Rule) -> None:
    found = breaches(rule)
    needed = {path: next(filter(path.startswith, rule.but), None) for path in found}

    assert {path: found[path] for path, place in needed.items() if place is None} == {}, rule.why
    assert rule.but.keys() - needed.values() == set(), "An exception that nobody needs."


@each_rule
def test_it_looks_at_files(rule: Rule) -> None:
    assert len(files_of(rule)) > 40


@each_rule
def test_a_breach_is_found(rule: Rule) -> None:
    assert rule.find(rule.breach) != []


@each_rule
def test_what_is_right_passes(rule: Rule) -> None:
    assert rule.find(rule.kept) == []
