"""The defects that are planted: each is one, and the planting does what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.mutants.operators import mutants_of
from tests.mutants.parts import PARTS


@pytest.mark.parametrize(
    ("sound", "defects"),
    [
        ("a = b < c", {"a = b <= c"}),
        ("a = b and c", {"a = b or c"}),
        ("a = not b", {"a = b"}),
        ("a = b + 2", {"a = b - 2", "a = b + 3"}),
        ("a = True", {"a = False"}),
        ("if a:\n    raise E", {"if not a:\n    raise E", "if a:\n    pass"}),
        ("check(a)", {"pass"}),
        ("T = {a: b, c: d}", {"T = {c: d}", "T = {a: b}"}),
        ("T = {a}", {"T = set()"}),
    ],
)
def test_each_defect_differs_in_one_thing(sound: str, defects: set[str]) -> None:
    assert {each.source for each in mutants_of(sound)} == defects


def test_texts_annotations_and_decorators_are_left_alone() -> None:
    source = '''
@given(1)
class C:
    pass

@given(1)
def f(a: int | None = None) -> "int | None":
    """Seven is 7."""
    return _("At most %(n)d.") % {"n": a}
'''

    assert mutants_of(source) == []


def test_each_part_has_defects() -> None:
    for part in PARTS:
        assert any(mutants_of(module.read_text()) for module in part.modules()), part.name


def test_a_planted_module_is_loaded_in_place_of_its_file(tmp_path: Path) -> None:
    source = tmp_path / "planted.py"
    source.write_text("ALLOW = 'planted'")
    asked = "import tests.mutants.planting; from tutelage.core import policy; print(policy.ALLOW)"
    planted = {"MUTANT_MODULE": "tutelage.core.policy", "MUTANT_SOURCE": str(source)}

    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, **planted},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.strip() == "planted"
