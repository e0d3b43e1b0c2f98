"""The style sheet: several sources, served as one file without comments and needless space."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

SOURCES: Final = Path(__file__).parent / "styles"
ORDER: Final = (
    "tokens", "base", "layout", "controls", "contents", "planning", "charts", "accounts",
)  # fmt: skip
NAME: Final = "tutelage.css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,])\s*")


def stylesheet() -> str:
    """All sources in the order of their layers. No string in them holds braces."""
    text = "".join((SOURCES / f"{name}.css").read_text() for name in ORDER)
    text = _SPACE.sub(" ", _COMMENT.sub("", text))
    return _AROUND.sub(r"\1", text).replace(";}", "}").strip()


class StyleSheetFinder(BaseFinder):
    """Lets `collectstatic` and the development server find the one file among the static files."""

    @cached_property
    def _folder(self) -> "TemporaryDirectory[str]":
        return TemporaryDirectory(prefix="tutelage-style-")

    def check(self, **_kwargs: object) -> list[CheckMessage]:
        return []

    def find(  # type: ignore[override]  # Django's own has a name that is going away
        self, path: str, find_all: bool = False
    ) -> str | list[str]:
        if path != NAME:
            return []
        found = str(self._write())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield NAME, FileSystemStorage(self._write().parent)

    def _write(self) -> Path:
        target = Path(self._folder.name) / NAME
        newest = max(source.stat().st_mtime for source in SOURCES.glob("*.css"))
        if not target.exists() or target.stat().st_mtime < newest:
            fresh = target.with_suffix(".new")
            fresh.write_text(stylesheet())
            fresh.replace(target)
        return target
