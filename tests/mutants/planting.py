"""A plug-in of pytest: loads one module of the product from another source than its file's.

Of the tests it lets those run that are named, in their order.
"""

import ast
import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

Source = Callable[[str, Path], tuple[ast.Module, dict[str, Any]]]


class _Planted(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: Source) -> None:
        super().__init__(name, path)
        self.tree, self.beside = source(name, Path(path))

    def get_code(self, _name: str) -> CodeType:
        return compile(self.tree, self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(self.beside)
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self.sources:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path)
        if found and found.origin:
            found.loader = _Planted(name, found.origin, self.sources[name])
        return found


def load_otherwise(sources: Mapping[str, Source]) -> None:
    """Load modules from what these make of their files, with the names they give."""
    sys.meta_path.insert(0, _Finder(sources))


def _planted(_name: str, _path: Path) -> tuple[ast.Module, dict[str, Any]]:
    return ast.parse(Path(os.environ["MUTANT_SOURCE"]).read_text()), {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "MUTANT_TESTS" in os.environ:
        named = Path(os.environ["MUTANT_TESTS"]).read_text().splitlines()
        place = {name: at for at, name in enumerate(named)}
        items[:] = [each for each in items if each.nodeid in place]
        items.sort(key=lambda each: place[each.nodeid])


if "MUTANT_MODULE" in os.environ:
    load_otherwise({os.environ["MUTANT_MODULE"]: _planted})
