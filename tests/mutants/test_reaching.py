"""Who is asked about a defect: those that come to its line, and all where that is not known."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.mutants.operators import Mutant
from tests.mutants.parts import ROOT, SOURCE
from tests.mutants.reaching import NOTE, lines_of, noting, uses_of
from tests.mutants.running import Planted, Reach, name_of

WRITTEN = '''
LIMIT = 1

def f(n):
    """Doc."""
    if n:
        return [
            n,
        ]
    try:
        n += 1
    except E:
        n = 0
    return n

@cache
def g():
    return 1
'''
MODULE = SOURCE / "core" / "policy.py"
INSIDE, OUTSIDE = 15, 23  # `return not self.reason`, and `ALLOW = Decision()`


def test_each_line_of_a_function_belongs_to_a_statement_unless_it_is_cached() -> None:
    assert lines_of(ast.parse(WRITTEN)) == {
        6: 6,
        7: 7,
        8: 7,
        9: 7,
        10: 10,
        11: 11,
        12: 10,
        13: 13,
        14: 14,
    }


def test_what_a_module_keeps_to_itself_matters_where_its_name_stands() -> None:
    written = "_A = {1}\n_B = {*_A, 2}\nC = {3}\n\ndef f(n):\n    return n in _B or n in C\n"

    uses = [uses_of(ast.parse(written), line) for line in (1, 2, 3, 5, 6)]

    assert uses == [{6}, {6}, None, None, {6}]
    assert uses_of(ast.parse(f"{written}D = _A\n"), 1) is None


def test_a_module_that_notes_does_what_it_did() -> None:
    came: list[int] = []
    there: dict[str, object] = {NOTE: came.append, "cache": lambda f: f}
    exec(compile(noting(ast.parse(WRITTEN)), "written", "exec"), there)  # noqa: S102 -- our own

    f = there["f"]
    assert callable(f)
    assert (f(0), f.__doc__, came) == (1, "Doc.", [6, 10, 11, 14])


def test_those_that_come_to_a_line_are_asked_the_quickest_first() -> None:
    reach = Reach()
    lines = {INSIDE: ["tests/a.py::slow", "tests/b", "src/c.py::other"]}
    seconds = {
        "tests/a.py::slow": 3.0,
        "tests/a.py::not": 1.0,
        "tests/b/b.py::all": 2.0,
        "src/c.py::other": 0.1,
    }
    reach.add(json.dumps({"reached": {name_of(MODULE): lines}, "seconds": seconds, "failed": []}))

    def asked(line: int) -> list[str]:
        return reach.tests_at(Planted(MODULE, Mutant(line, "", "")), ["tests"])

    assert asked(INSIDE) == ["tests/b/b.py::all", "tests/a.py::slow"]
    assert asked(OUTSIDE) == ["tests/a.py::not", "tests/b/b.py::all", "tests/a.py::slow"]


def test_a_run_tells_who_came_where(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    test = "src/tutelage/core/tests/test_policy.py"
    given = {"REACHED_MODULES": name_of(MODULE), "REACHED_FILE": str(told)}

    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.mutants.reaching", "-n", "0", test],
        env={name: said for name, said in os.environ.items() if "XDIST" not in name} | given,
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    reach = Reach()
    reach.add(told.read_text())
    at = Planted(MODULE, Mutant(INSIDE, "", ""))
    assert sorted(reach.tests_at(at, [test])) == [
        f"{test}::test_what_is_allowed_is_true_and_needs_nothing",
        f"{test}::test_what_is_denied_is_false_and_says_why",
    ]
