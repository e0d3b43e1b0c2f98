"""A plug-in of pytest: notes which test comes to which line of the modules that get defects.

Only who comes to a line can notice a defect in it, so nobody else has to be asked. What is done
once for many (a module's own lines, what is kept in a cache) is left to all of them.
"""

import ast
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from tests.mutants.planting import load_otherwise

NOTE: Final = "_reached_"  # what it is called in the modules
_CACHES: Final = {"cache", "lru_cache"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(tree: ast.Module) -> dict[int, int]:
    """For each line within a function the first line of its statement."""
    found: dict[int, int] = {}
    for statement in _statements(tree):
        last = statement.end_lineno or statement.lineno
        found |= dict.fromkeys(range(statement.lineno, last + 1), statement.lineno)
    return found


def uses_of(tree: ast.Module, line: int) -> set[int] | None:
    """The statements of functions through which a line can matter; None: through any.

    What a module keeps to itself (`_SIDES = …`) matters where its name stands.
    """
    within = lines_of(tree)
    if line in within:
        return {within[line]}
    kept = next((each for each in tree.body if each.lineno <= line <= (each.end_lineno or 0)), None)
    targets = kept.targets if isinstance(kept, ast.Assign) else [getattr(kept, "target", None)]
    names = {each.id for each in targets if isinstance(each, ast.Name)}
    if len(names) != len(targets) or not all(name.startswith("_") for name in names):
        return None
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
            there = uses_of(tree, node.lineno)
            if there is None:
                return None
            found |= there
    return found


def noting(tree: ast.Module) -> ast.Module:
    """The same module, which notes each statement of its functions before it does it."""
    noted = {id(each) for each in _statements(tree)}
    for node in list(ast.walk(tree)):
        for _name, value in ast.iter_fields(node):
            if isinstance(value, list) and any(id(each) in noted for each in value):
                value[:] = [new for each in value for new in _with_note(each, noted)]
    return ast.fix_missing_locations(tree)


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Those of functions, the outer before the inner."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, _Function):
            if _is_kept(node):
                continue
            has_words = ast.get_docstring(node) is not None
            for statement in node.body[has_words:]:
                yield from _within(statement)
        yield from _statements(node)


def _within(statement: ast.stmt) -> Iterator[ast.stmt]:
    yield statement
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.ExceptHandler | ast.match_case):
            for inner in child.body:
                yield from _within(inner)
        elif isinstance(child, ast.stmt) and not isinstance(statement, _Function | ast.ClassDef):
            yield from _within(child)


def _is_kept(function: _Function) -> bool:
    words = {ast.unparse(each).split("(")[0] for each in function.decorator_list}
    return bool(words & _CACHES)


def _with_note(node: Any, noted: set[int]) -> list[Any]:
    if id(node) not in noted:
        return [node]
    call = ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(node.lineno)], [])
    return [ast.copy_location(ast.Expr(call), node), node]


class Notes:
    """Who came where: by module and line the tests, and how long each took."""

    def __init__(self) -> None:
        self.reached: dict[str, dict[int, dict[str, None]]] = {}
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()
        self.who = ""

    def source_of(self, name: str, path: Path) -> tuple[ast.Module, dict[str, Any]]:
        """What to load in place of a module, and what it finds there."""
        here = self.reached.setdefault(name, defaultdict(dict))
        tree = noting(ast.parse(path.read_text()))
        return tree, {NOTE: lambda line: here[line].setdefault(self.who)}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.who = item.nodeid
        try:
            return (yield)
        finally:
            self.who = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """What is made once for a file or a folder is done for all of its tests."""
        before = self.who
        if fixturedef.scope != "function":
            self.who = fixturedef.baseid
        try:
            return (yield)
        finally:
            self.who = before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        lines = {
            name: {line: list(tests) for line, tests in here.items()}
            for name, here in self.reached.items()
        }
        sound = {test: time for test, time in self.seconds.items() if test not in self.failed}
        told = json.dumps({"reached": lines, "seconds": sound, "failed": sorted(self.failed)})
        Path(os.environ["REACHED_FILE"]).write_text(told)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_notes)


_notes = Notes()
if "REACHED_MODULES" in os.environ:
    _modules: Sequence[str] = os.environ["REACHED_MODULES"].split(",")
    load_otherwise(dict.fromkeys(_modules, _notes.source_of))
