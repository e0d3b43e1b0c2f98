"""Two languages that nobody speaks, made from all texts there are, to find what was forgotten.

`en-xa` is English, accented and 40 per cent longer; `ar-xb` runs from right to left. Both stand
in brackets, so that whatever stands outside of brackets was never translated.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from django.conf import settings

ACCENTED: Final = str.maketrans("aceinouyACEINOUYdsgtDSGT", "áçéíñóúýÁÇÉÍÑÓÚÝđšğţĐŠĞŢ")
KEYWORDS: Final = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS: Final = [
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**", "tutelage.web.messages:extract_template"),
]
KEPT: Final = re.compile(r"(%\(\w+\)\w*[sd]|%[sd%]|{\w+}|<[^>]+>|&\w+;)")
OPEN, CLOSE = "⟦", "⟧"


def long_and_accented(text: str) -> str:
    words = "".join(
        piece if KEPT.fullmatch(piece) else piece.translate(ACCENTED) for piece in KEPT.split(text)
    )
    padding = " ñéẋţ" * (len(text) * 2 // 25)
    return f"{OPEN}{words}{padding}{CLOSE}"


def right_to_left(text: str) -> str:
    pieces = (
        piece if KEPT.fullmatch(piece) or not piece else f"\u202e{piece}\u202c"
        for piece in KEPT.split(text)
    )
    return f"{OPEN}\u200f{''.join(pieces)}{CLOSE}"


LANGUAGES: Final = {"en-xa": ("en_XA", long_and_accented), "ar-xb": ("ar_XB", right_to_left)}


def texts_of_sources() -> set[tuple[str | None, str | tuple[str, ...]]]:
    """All that can be translated, each with its context."""
    return {
        (context, message if isinstance(message, str) else tuple(message))
        for _file, _line, message, _comments, context in extract_from_dir(
            Path(settings.SOURCE), METHODS, keywords=KEYWORDS
        )
    }


def write_catalogues(folder: Path) -> int:
    """Make both languages in a folder for `LOCALE_PATHS`; how many texts there are."""
    found = texts_of_sources()
    for name, disguise in LANGUAGES.values():
        target = folder / name / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            write_mo(file, _catalogue(found, disguise))
    return len(found)


def _catalogue(
    found: set[tuple[str | None, str | tuple[str, ...]]], disguise: Callable[[str], str]
) -> Catalog:
    catalogue = Catalog(charset="utf-8")
    for context, message in found:
        if isinstance(message, str):
            # What has a context is the form of a date, not a text.
            said = message if context else disguise(message)
            catalogue.add(message, said, context=context)
        else:
            said_all = tuple(disguise(text) for text in message[:2])
            catalogue.add(message[:2], said_all, context=context)
    return catalogue
