"""Words that rows are found by, in one column with one index.

The words are cut in Python, for rows and for what is sought alike: no dictionary of the database
has a say, so that every installation finds the same.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models.lookups import Lookup

from tutelage.core.text import PREFIX_FROM

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


@WordsField.register_lookup
class Holds(Lookup):
    """Whether all the terms are among the words."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(
        self, compiler: "SQLCompiler", connection: "BaseDatabaseWrapper"
    ) -> tuple[str, tuple[str | int, ...]]:
        column, before = self.process_lhs(compiler, connection)
        sought, after = self.process_rhs(compiler, connection)
        return f"{column} @@ {sought}::tsquery", (*before, *after)


def terms(words: Iterable[str], *marks: str) -> str:
    """What to look for: each word, from three letters on also as a beginning, and each mark.

    Words are letters and digits alone, and marks are ours: nothing has to be escaped.
    """
    sought = [f"'{word}':*" if len(word) >= PREFIX_FROM else f"'{word}'" for word in words]
    return " & ".join([*sought, *(f"'{mark}'" for mark in marks)])
