"""Text as it is sought: without accents and capitals, and word by word."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import combining, normalize

WORD: Final = re.compile(r"[^\W_]+")
LONGEST_WORD: Final = 64  # of a longer one only the beginning is sought
PREFIX_FROM: Final = 3  # so many letters find the words that begin with them
KEPT: Final = (3, 5, 7)  # beginnings of words that are kept, each so many letters long


def fold(text: str) -> str:
    """A text without accents and capitals."""
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in their order; what is sought and what is found alike."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text))]


def beginnings_of(word: str) -> list[str]:
    """What is kept of a word beside itself, to be found by what begins it."""
    return [word[:length] for length in KEPT if length < len(word)]


def longest_kept(word: str) -> str:
    """The beginning by which all words are found that begin with this one, and some others."""
    return word[: max((length for length in KEPT if length <= len(word)), default=len(word))]


def hits(text: str, sought: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where in a text the words stand that were sought, from and to; they never overlap."""
    wanted = tuple(sought)
    for found in WORD.finditer(text) if wanted else ():
        length = max(_reach(found[0], word) for word in wanted)
        if length:
            yield found.start(), found.start() + length


def _reach(word: str, sought: str) -> int:
    """How many letters of a word are the ones sought; 0 when it is another word."""
    folded = fold(word)[:LONGEST_WORD]
    if folded != sought and not (len(sought) >= PREFIX_FROM and folded.startswith(sought)):
        return 0
    return next(
        (end for end in range(1, len(word)) if len(fold(word[:end])) >= len(sought)), len(word)
    )
