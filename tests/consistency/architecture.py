"""Draws the architecture from the imports, into ARCHITECTURE.md: `make diagram`."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

import grimp

PAGE: Final = Path(__file__).parents[2] / "ARCHITECTURE.md"
_PLACE: Final = re.compile(r"(?<=<!-- drawn from the imports -->\n).*?(?=<!-- end -->)", re.DOTALL)
_LAYERS: Final = ("ops", "config", "web", "api", "realtime", "integrations", "domain", "core")


def draw() -> str:
    """Two Mermaid diagrams: the layers, and the packages of the domain."""
    graph = grimp.build_graph("tutelage")
    names = [package.rpartition(".")[2] for package in graph.find_children("tutelage.domain")]
    layers = _arrows(graph, "tutelage", _LAYERS)
    domain = _arrows(graph, "tutelage.domain", names)
    return f"{_mermaid(layers)}\n{_mermaid(_without_detours(domain))}"


def page_with_drawing(page: str) -> str:
    return _PLACE.sub(lambda _match: draw(), page)


def _arrows(graph: grimp.ImportGraph, root: str, names: Collection[str]) -> set[tuple[str, str]]:
    return {
        (a, b)
        for a in names
        for b in names
        if a != b and _imports(graph, f"{root}.{a}", f"{root}.{b}")
    }


def _imports(graph: grimp.ImportGraph, importer: str, imported: str) -> bool:
    """Whether product code does; tests may build rows of whatever stands below."""
    found = graph.find_modules_directly_imported_by
    modules = {importer, *graph.find_descendants(importer)}
    inside = {imported, *graph.find_descendants(imported)}
    return any(".tests" not in module and found(module) & inside for module in modules)


def _without_detours(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out what follows from other arrows, or nothing would be seen."""
    return {
        (a, c)
        for a, c in arrows
        if not any((a, b) in arrows and _leads(arrows, b, c) for b in _ends(arrows, a) - {c})
    }


def _ends(arrows: set[tuple[str, str]], start: str) -> set[str]:
    return {b for a, b in arrows if a == start}


def _leads(arrows: set[tuple[str, str]], start: str, goal: str) -> bool:
    return goal in _ends(arrows, start) or any(
        _leads(arrows, step, goal) for step in _ends(arrows, start)
    )


def _mermaid(arrows: set[tuple[str, str]]) -> str:
    lines = "".join(f"    {a} --> {b}\n" for a, b in sorted(arrows))
    return f"```mermaid\nflowchart TD\n{lines}```\n"


if __name__ == "__main__":
    PAGE.write_text(page_with_drawing(PAGE.read_text()))
