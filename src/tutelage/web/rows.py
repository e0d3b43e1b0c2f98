"""Rows of lists, and parts of pages: rendered once for each shape of a row, and then filled in.

A row is a named tuple of texts, truths and further rows, everything put into words already.
Its template may say `row.title`, and ask whether there is one, but not what it is: two rows with
the same parts differ in their texts alone. `tests/consistency/test_rows.py` sees to that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from typing import Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST: Final = 2_000  # shapes that are kept: a list or a part has a few dozens
_INDENTS: Final = re.compile(r"\s*\n\s*")
_EDGE: Final = "\0"  # around a hole; nothing that anybody may type has it in it

Stencil = tuple[str, Sequence[tuple[int, str]]]
_known: Final[dict[tuple[object, ...], Stencil]] = {}


def drawn(template: str, rows: Iterable[NamedTuple]) -> SafeString:
    """Each row in its template, one after the other."""
    pieces: list[str] = []
    language = get_language()
    for row in rows:
        shape: list[object] = [template, language, type(row)]
        texts: list[str] = []
        _take_apart(row, shape, texts)
        key = tuple(shape)
        stencil = _known.get(key)
        if stencil is None:
            stencil = _keep(key, _cut(template, row))
        first, rest = stencil
        pieces.append(first)
        for number, literal in rest:
            text = texts[number]
            pieces.append(text if isinstance(text, SafeString) else escape(text))
            pieces.append(literal)
    return mark_safe("".join(pieces))  # noqa: S308  # escaped text by text


def fixed(template: str) -> SafeString:
    """A template that says the same on all pages: rendered once in each language."""
    return _fixed(template, get_language())


@cache
def _fixed(template: str, _language: str) -> SafeString:
    return render_to_string(template)


def _take_apart(row: NamedTuple, shape: list[object], texts: list[str]) -> None:
    for part in row:
        if isinstance(part, str):
            shape.append(bool(part))
            texts.append(part)
        elif isinstance(part, bool):
            shape.append(part)
        else:
            shape.append(len(part))
            for each in part:
                _take_apart(each, shape, texts)


def _cut(template: str, row: NamedTuple) -> Stencil:
    """The template with a hole, numbered, where a text will stand; its indents stay behind."""
    text = render_to_string(template, {"row": _with_holes(row, iter(range(10_000)))})
    first, *rest = _INDENTS.sub("\n", text).split(_EDGE)
    numbers, literals = map(int, rest[::2]), rest[1::2]
    return first, tuple(zip(numbers, literals, strict=True))


def _with_holes(row: NamedTuple, numbers: Iterator[int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, part in zip(row._fields, row, strict=True):
        if isinstance(part, str):
            hole = f"{_EDGE}{next(numbers)}{_EDGE}"
            found[name] = mark_safe(hole) if part else ""  # noqa: S308  # a number of ours
        elif isinstance(part, bool):
            found[name] = part
        else:
            found[name] = [_with_holes(each, numbers) for each in part]
    return found


def _keep(key: tuple[object, ...], stencil: Stencil) -> Stencil:
    if len(_known) >= MOST:
        _known.clear()
    _known[key] = stencil
    return stencil
