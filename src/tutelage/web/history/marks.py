"""Where in a text the words stand that somebody looked for."""

from collections.abc import Sequence
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from tutelage.core.text import hits

LONGEST: Final = 600  # signs of a log in a list; the rest is read in its room
_BEFORE: Final = 120
_NOTHING: Final = SafeString()


def marked(text: str, sought: Sequence[str] = ()) -> SafeString:
    """The text, escaped, with each hit marked; of a long one the part around the first hit."""
    if not text:
        return _NOTHING
    text = excerpt(text, sought)
    pieces, at = [], 0
    for start, end in hits(text, sought):
        pieces += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
        at = end
    pieces.append(escape(text[at:]))
    return mark_safe("".join(pieces).replace("\n", "<br>"))  # noqa: S308  # escaped piece by piece


def excerpt(text: str, sought: Sequence[str] = ()) -> str:
    """As much of a text as a list can show."""
    if len(text) <= LONGEST:
        return text
    first = next((start for start, _end in hits(text, sought)), 0)
    begin = max(0, min(first - _BEFORE, len(text) - LONGEST))
    end = begin + LONGEST
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
