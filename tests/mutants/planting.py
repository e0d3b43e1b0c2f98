"""A plug-in of pytest: loads one module of the product from another source than its file's."""

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType


class _Planted(importlib.machinery.SourceFileLoader):
    def get_code(self, _name: str) -> CodeType:
        return compile(Path(os.environ["MUTANT_SOURCE"]).read_text(), self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != os.environ["MUTANT_MODULE"]:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path)
        if found and found.origin:
            found.loader = _Planted(name, found.origin)
        return found


if "MUTANT_MODULE" in os.environ:
    sys.meta_path.insert(0, _Finder())
