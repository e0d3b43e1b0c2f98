"""Compiles the catalogues of translations, whose sources alone are kept: nobody reads a binary."""

import logging
import os
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER: Final = Path(__file__).parents[1] / "locale"
log = logging.getLogger(__name__)


def compile_changed(folder: Path = FOLDER) -> list[str]:
    """Compile what is not compiled yet, or was before its source changed; say which languages.

    Processes that start together may each do it: what one reads is always whole.
    """
    done = []
    for source in filter(_is_stale, sorted(folder.glob("*/LC_MESSAGES/*.po"))):
        language = source.parents[1].name
        with source.open("rb") as text:
            catalogue = read_po(text, locale=language)
        draft = source.with_suffix(f".{os.getpid()}.draft")
        with draft.open("wb") as binary:
            write_mo(binary, catalogue)
        draft.replace(source.with_suffix(".mo"))
        done.append(language)
    return done


def bring_up_to_date() -> None:
    """As a process starts. Where the code may not be written to, installing has done it."""
    try:
        compile_changed()
    except OSError as reason:
        log.warning("Translations could not be compiled, some pages stay in English: %s", reason)


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime


if __name__ == "__main__":
    compile_changed()
