"""Words that rows are found by, in one column with one index.

The words are cut in Python, for rows and for what is sought alike: no dictionary of the database
has a say, so that every installation finds the same.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models.lookups import Lookup

from tutelage.core.text import PREFIX_FROM, beginnings_of, longest_kept

NO_WORD: Final = "~"  # found nowhere: no row has it, and nobody can type it

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


class WordsField(models.Field):  # type: ignore[type-arg]  # not at run time
    """A set of words: given as a list, looked up by `__holds`, never read back."""

    def db_type(self, connection: "BaseDatabaseWrapper") -> str:
        return "tsvector"

    def get_placeholder(self, *_context: object) -> str:
        return "array_to_tsvector(%s::text[])"

    def get_db_prep_value(
        self, value: Iterable[str], *_context: object, **_more: object
    ) -> list[str]:
        return sorted(set(value))


class _Terms(Lookup):
    """Compares words with a text that `terms` or `keys` has made."""

    prepare_rhs = False
    written = "{column} @@ {sought}::tsquery"

    def as_sql(
        self, compiler: "SQLCompiler", connection: "BaseDatabaseWrapper"
    ) -> tuple[str, tuple[str | int, ...]]:
        column, before = self.process_lhs(compiler, connection)
        sought, after = self.process_rhs(compiler, connection)
        return self.written.format(column=column, sought=sought), (*before, *after)


@WordsField.register_lookup
class Holds(_Terms):
    """Whether all the terms are among the words: for `keys`, which the index finds."""

    lookup_name = "holds"


@WordsField.register_lookup
class Matches(_Terms):
    """The same, looked at row by row: for `terms`.

    The index would gather all rows of all that begins with a word, and whose they are after that.
    """

    lookup_name = "matches"
    written = "ts_match_vq({column}, {sought}::tsquery)"


def kept(words: Iterable[str]) -> set[str]:
    """What stands among the words of a row: each, and beginnings of it."""
    return {each for word in words for each in (word, *beginnings_of(word))}


def terms(words: Iterable[str]) -> str:
    """What to look for: each word, from three letters on also as a beginning.

    Words are letters and digits alone, and marks are ours: nothing has to be escaped.
    """
    return _all(f"'{word}':*" if len(word) >= PREFIX_FROM else f"'{word}'" for word in words)


def keys(words: Iterable[str], *marks: str) -> str:
    """What the index is asked for: all that `terms` finds stands under these, and more."""
    return _all(f"'{each}'" for each in (*map(longest_kept, words), *marks))


def _all(sought: Iterable[str]) -> str:
    return " & ".join(sought)
