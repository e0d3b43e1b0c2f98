"""SQL of a queryset, compiled once for each shape of it: for the few reads that are asked most.

Compiling costs the ORM more than the database takes to answer. The queryset stays the only
definition of what is read; where a value will stand it is given a `Given`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.expressions import RawSQL
from psycopg.pq import Format

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """Stands in a queryset for a value that is only known when the statement is run.

    Whole numbers want a cast: psycopg sends the smallest type that holds them, and the same
    statement would be planned once for each.
    """

    def __init__(self, name: str, cast: str = "") -> None:
        super().__init__()
        self.name = name
        self.cast = cast

    def as_sql(
        self, _compiler: "SQLCompiler", _connection: "BaseDatabaseWrapper"
    ) -> tuple[str, tuple[Any, ...]]:
        return (f"%s::{self.cast}" if self.cast else "%s"), (self,)


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of SQL, and what is put into it: constants, and the values that are given by name."""

    sql: str
    parameters: Sequence[Any]

    @classmethod
    def of(cls, rows: "QuerySet[Any, tuple[Any, ...]]") -> Self:
        """Take the SQL of a queryset that was made with `values_list`."""
        sql, parameters = rows.query.sql_with_params()
        return cls(sql, parameters)

    @classmethod
    def joined(cls, parts: "Sequence[Statement]") -> Self:
        """The rows of all of them, one after the other: no row may be in two."""
        sql = " UNION ALL ".join(f"({part.sql})" for part in parts)
        return cls(sql, [each for part in parts for each in part.parameters])

    def fenced(self) -> "Statement":
        """The same, found for its own sake: whoever cuts it does not change the way to it.

        Else the server may walk all rows in the order of the cut, in the hope of early finds.
        """
        return Statement(f"{self.sql} OFFSET 0", self.parameters)

    def cut(self, number: int, start: int = 0) -> "Statement":
        """Of rows that are a key and its time, the keys of so many, newest first."""
        sql = (
            f"SELECT id FROM ({self.sql}) AS found (id, at) "  # noqa: S608  # the ORM wrote it
            f"ORDER BY at DESC, id DESC LIMIT {number} OFFSET {start}"
        )
        return Statement(sql, self.parameters)

    def as_rows(self) -> RawSQL:
        """For the right side of an `IN`."""
        return RawSQL(self.sql, self.parameters)  # noqa: S611  # as above

    def counted(self) -> "Statement":
        """How many rows it would have found."""
        sql = f"SELECT count(*) FROM ({self.sql}) AS found"  # noqa: S608  # the ORM wrote it
        return Statement(sql, self.parameters)

    def run(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it on Django's connection, and take the rows as psycopg gives them, in binary.

        Django would read each time a second way, in Python.
        """
        given = [values[each.name] if isinstance(each, Given) else each for each in self.parameters]
        with connection.cursor() as cursor:
            cursor.cursor.format = Format.BINARY
            cursor.execute(self.sql, given)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
