"""One defect at a time: what of a module's source can be changed so that it does something else.

Texts for people, annotations and decorators are left alone: no test is to hold those to the word.
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_SUMS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_TEXTS: Final = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "ngettext_lazy"}
_SILENT: Final = {
    "description",
    "title",
    "examples",
    "help_text",
    "verbose_name",
    "frozen",
    "strict",
}

Change = Callable[[ast.AST], ast.AST | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """The whole source with one defect, and where and what it is."""

    line: int
    what: str
    source: str


def mutants_of(source: str) -> list[Mutant]:
    """All defects that these operators know, in the order of the lines; the same each time."""
    tree = ast.parse(source)
    untouched, silent = ast.unparse(tree), _silent(tree)
    found = []
    for number, node in enumerate(ast.walk(tree)):
        for what, change in () if id(node) in silent else _changes(node):
            mutated = deepcopy(tree)
            _Planter(number, change).plant(mutated)
            found.append(Mutant(getattr(node, "lineno", 0), what, ast.unparse(mutated)))
    kept = [each for each in found if each.source != untouched]
    return sorted(kept, key=lambda each: (each.line, each.what))


def _silent(tree: ast.Module) -> set[int]:
    """What lies in texts, annotations and decorators."""
    return {id(each) for node in ast.walk(tree) for part in _aside(node) for each in ast.walk(part)}


def _aside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef):
        yield from (each for each in (node.returns,) if each)
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation and _is_plain(node.annotation):
        yield node.annotation
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
        yield node
    if isinstance(node, ast.keyword) and node.arg in _SILENT:
        yield node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        yield node.right  # what is filled into a text
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield node


def _is_plain(annotation: ast.expr) -> bool:
    """Of those that are read at run time, `Annotated` carries rules."""
    return "Annotated" not in ast.unparse(annotation)


class _Planter:
    """Finds the node again in a copy of the tree, where it has the same number."""

    def __init__(self, number: int, change: Change) -> None:
        self.number, self.change = number, change

    def plant(self, tree: ast.Module) -> None:
        target = next(node for at, node in enumerate(ast.walk(tree)) if at == self.number)
        new = self.change(target)
        if new is target:
            return
        for parent in ast.walk(tree):
            for name, value in ast.iter_fields(parent):
                if value is target:
                    setattr(parent, name, new)
                elif isinstance(value, list) and target in value:
                    value[value.index(target)] = new
        ast.fix_missing_locations(tree)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    for what, applies, change in _OPERATORS:
        if applies(node):
            yield what, change
    if isinstance(node, ast.Dict | ast.Set):
        yield from _shorter(node)


def _compare(at: ast.AST) -> ast.AST:
    assert isinstance(at, ast.Compare)
    at.ops[0] = _COMPARISONS[type(at.ops[0])]()
    return at


def _other_word(at: ast.AST) -> ast.AST:
    assert isinstance(at, ast.BoolOp)
    at.op = ast.Or() if isinstance(at.op, ast.And) else ast.And()
    return at


def _sum(at: ast.AST) -> ast.AST:
    assert isinstance(at, ast.BinOp)
    at.op = _SUMS[type(at.op)]()
    return at


def _is_type(node: ast.BinOp) -> bool:
    """`X | None` in an annotation that is evaluated: nothing there can be wrong at run time."""
    return isinstance(node.op, ast.BitOr | ast.BitAnd) and any(
        isinstance(side, ast.Constant) and side.value is None for side in (node.left, node.right)
    )


def _other_way(at: ast.AST) -> ast.AST:
    assert isinstance(at, ast.If | ast.IfExp)
    at.test = ast.UnaryOp(ast.Not(), at.test)
    return at


def _value(at: ast.AST) -> ast.AST:
    assert isinstance(at, ast.Constant)
    new = not at.value if isinstance(at.value, bool) else int(str(at.value)) + 1
    return ast.Constant(new)


def _shorter(node: ast.Dict | ast.Set) -> Iterator[tuple[str, Change]]:
    """A table without one of its rows."""
    rows = node.keys if isinstance(node, ast.Dict) else node.elts
    for number, row in enumerate(rows):
        if isinstance(row, ast.Constant) and row.value in _SILENT:
            continue

        def without(at: ast.AST, number: int = number) -> ast.AST:
            if isinstance(at, ast.Dict):
                del at.keys[number], at.values[number]
            elif isinstance(at, ast.Set):
                del at.elts[number]
                if not at.elts:
                    return ast.Call(ast.Name("set", ast.Load()), [], [])
            return at

        yield f"without row {number + 1}", without


_OPERATORS: Final[tuple[tuple[str, Callable[[ast.AST], bool], Change], ...]] = (
    (
        "another comparison",
        lambda at: isinstance(at, ast.Compare) and type(at.ops[0]) in _COMPARISONS,
        _compare,
    ),
    ("and for or", lambda at: isinstance(at, ast.BoolOp), _other_word),
    (
        "no not",
        lambda at: isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.Not),
        lambda at: at.operand if isinstance(at, ast.UnaryOp) else at,
    ),
    (
        "another sum",
        lambda at: isinstance(at, ast.BinOp) and type(at.op) in _SUMS and not _is_type(at),
        _sum,
    ),
    ("the other way", lambda at: isinstance(at, ast.If | ast.IfExp), _other_way),
    ("not raised", lambda at: isinstance(at, ast.Raise), lambda _at: ast.Pass()),
    (
        "not called",
        lambda at: isinstance(at, ast.Expr) and isinstance(at.value, ast.Call),
        lambda _at: ast.Pass(),
    ),
    (
        "another value",
        lambda at: isinstance(at, ast.Constant) and type(at.value) in {int, bool},
        _value,
    ),
)
