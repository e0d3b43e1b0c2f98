"""Ways to find something in the code of a file; each yields the lines on which it stands."""

import ast
import re
from collections.abc import Callable, Iterator

Find = Callable[[str], list[int]]
_Test = Callable[[ast.AST], bool]


def nodes(test: _Test) -> Find:
    """Every part of the code that the test is true of."""

    def find(code: str) -> list[int]:
        found = [node for node in ast.walk(ast.parse(code)) if test(node)]
        return sorted(getattr(node, "lineno", 0) for node in found)

    return find


def words(pattern: str) -> Find:
    """Every line of a file that is no Python."""
    written = re.compile(pattern)

    def find(text: str) -> list[int]:
        return [n for n, line in enumerate(text.splitlines(), 1) if written.search(line)]

    return find


def names(*dotted: str) -> Find:
    """Every use of `module.name`, imported by name or reached through its module."""
    wanted = {tuple(name.rsplit(".", 1)) for name in dotted}

    def is_wanted(node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom):
            return any((node.module, alias.name) in wanted for alias in node.names)
        return isinstance(node, ast.Attribute) and (ast.unparse(node.value), node.attr) in wanted

    return nodes(is_wanted)


def imports(*modules: str) -> Find:
    """Every import of these modules, or of what is in them, under whatever name."""

    def is_wanted(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            taken = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            taken = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            return False
        return any(f"{name}.".startswith(f"{module}.") for name in taken for module in modules)

    return nodes(is_wanted)


def strings(pattern: str) -> Find:
    """Every text in the code that has this in it; what documents the code is left out."""
    written = re.compile(pattern)

    def find(code: str) -> list[int]:
        tree = ast.parse(code)
        said = set(_docstrings(tree))
        return sorted(
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in said
            and written.search(node.value)
        )

    return find


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def called(node: ast.AST) -> str:
    """The last part of the name of what is called, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def calls(*wanted: str) -> Find:
    return nodes(lambda node: called(node) in wanted)


def given(node: ast.AST, keyword: str) -> ast.expr | None:
    """What a call is given by this name."""
    if not isinstance(node, ast.Call):
        return None
    return next((each.value for each in node.keywords if each.arg == keyword), None)


def lacks(keyword: str, *wanted: str) -> Find:
    """Calls that do not say this."""
    return nodes(lambda node: called(node) in wanted and given(node, keyword) is None)


def is_text_made_up(node: ast.AST) -> bool:
    """`format_html` whose text is not written there, but put together: nothing escapes it."""
    if called(node) != "format_html" or not isinstance(node, ast.Call) or not node.args:
        return False
    return not isinstance(node.args[0], ast.Constant | ast.Name)


def is_late_bound(node: ast.AST) -> bool:
    """`on_commit` with a lambda: it runs later, with what its names stand for by then."""
    return (
        called(node) == "on_commit"
        and isinstance(node, ast.Call)
        and any(isinstance(each, ast.Lambda) for each in node.args)
    )


def is_named_from_outside(node: ast.AST) -> bool:
    """A query whose very columns come from a request: `filter(**request.GET.dict())`."""
    if called(node) not in {"filter", "exclude", "get", "annotate", "order_by", "values"}:
        return False
    assert isinstance(node, ast.Call)
    unpacked = [each.value for each in node.keywords if each.arg is None]
    unpacked += [each.value for each in node.args if isinstance(each, ast.Starred)]
    outside = re.compile(r"\b(GET|POST|query_params|body|data|cleaned_data|model_dump)\b")
    return any(outside.search(ast.unparse(each)) for each in unpacked)


def days_on_local_times(code: str) -> list[int]:
    """Days or weeks added to a local time: on the day of a clock change that is an hour off."""
    found: list[int] = []
    for scope in ast.walk(ast.parse(code)):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            found += _days_added(scope)
    return sorted(set(found))


def _days_added(scope: ast.AST) -> Iterator[int]:
    local = {
        target.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and _is_local(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def is_local(node: ast.AST) -> bool:
        return _is_local(node) or (isinstance(node, ast.Name) and node.id in local)

    for node in ast.walk(scope):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            sides = (node.left, node.right)
            if any(map(is_local, sides)) and any(map(_is_of_days, sides)):
                yield node.lineno
        elif isinstance(node, ast.AugAssign) and is_local(node.target) and _is_of_days(node.value):
            yield node.lineno


def _is_local(node: ast.AST) -> bool:
    if called(node) in {"astimezone", "localtime"}:
        return "UTC" not in ast.unparse(node)
    return called(node) in {"datetime", "combine", "replace"} and "ZoneInfo" in ast.unparse(node)


def _is_of_days(node: ast.AST) -> bool:
    is_span = called(node) == "timedelta"
    return is_span and any(given(node, unit) is not None for unit in ("days", "weeks"))
