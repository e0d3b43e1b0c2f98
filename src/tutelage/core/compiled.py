"""SQL of a queryset, compiled once for each shape of it: for what is asked and changed most.

Compiling costs the ORM more than the database takes to answer. The queryset stays the only
definition of which rows are meant; where a value will stand it is given a `Given`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, Self, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Expression,
    Field,
    Func,
    JSONField,
    Model,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast
from django.db.models.sql.subqueries import DeleteQuery, UpdateQuery
from psycopg.pq import Format
from psycopg.sql import Literal

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


_WHOLE_NUMBERS: Final = {"smallint", "integer", "bigint"}


class Given(Expression):
    """Stands in a queryset for a value that is only known when the statement is run.

    Whole numbers want a cast: psycopg sends the smallest type that holds them, and the same
    statement would be planned once for each.

    What is hidden is not known before the statement runs. PostgreSQL plans anew at each run while
    it expects to gain by what it sees of the values, and takes planning for cheaper than it is:
    where one way is right for anybody, it sees none of them, and keeps its plan.
    """

    def __init__(self, name: str, cast: str = "", *, is_hidden: bool = False) -> None:
        super().__init__()
        self.name = name
        self.cast = cast
        self.is_hidden = is_hidden

    def as_sql(
        self, _compiler: "SQLCompiler", _connection: "BaseDatabaseWrapper"
    ) -> tuple[str, tuple[Any, ...]]:
        sql = f"%s::{self.cast}" if self.cast else "%s"
        return (f"(SELECT {sql})" if self.is_hidden else sql), (self,)


def cast_of(field: "Field[Any, Any]") -> str:
    """What is to be said of a value for this column, if it is a whole number."""
    kind = field.db_type(connection)
    return kind if kind in _WHOLE_NUMBERS else ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of SQL, and what is put into it: constants, and the values that are given by name."""

    sql: str
    parameters: Sequence[Any]
    format: Format = Format.BINARY

    @classmethod
    def of(cls, rows: "QuerySet[Any, tuple[Any, ...]]") -> Self:
        """Take the SQL of a queryset that was made with `values_list`.

        What is the same each time stands in its text: the server keeps a plan for any values, and
        knows of a condition with a parameter in it no partial index.
        """
        sql, parameters = rows.query.sql_with_params()
        return cls(*_with_constants(sql, parameters))

    @classmethod
    def updating(cls, rows: "QuerySet[Any, Any]", **values: object) -> Self:
        """Change these rows; no signals are sent."""
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(values)
        return cls(*_with_constants(*query.get_compiler(connection=connection).as_sql()))

    @classmethod
    def deleting(cls, rows: "QuerySet[Any, Any]") -> Self:
        """Delete these rows, to which no others point; no signals are sent."""
        query = rows.query.chain(DeleteQuery)
        return cls(*_with_constants(*query.get_compiler(connection=connection).as_sql()))

    @classmethod
    def joined(cls, parts: "Sequence[Statement]") -> Self:
        """The rows of all of them, one after the other: no row may be in two."""
        sql = " UNION ALL ".join(f"({part.sql})" for part in parts)
        return cls(sql, [each for part in parts for each in part.parameters])

    def along_with(self, other: "Statement") -> "Statement":
        """Both change what they change: neither sees what the other did."""
        sql = f"WITH along AS ({other.sql}) {self.sql}"
        return Statement(sql, [*other.parameters, *self.parameters])

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

    def counted(self) -> "Statement":
        """How many rows it would have found."""
        sql = f"SELECT count(*) FROM ({self.sql}) AS found"  # noqa: S608  # the ORM wrote it
        return Statement(sql, self.parameters)

    def beside(self, keys: "Statement") -> "Statement":
        """One row: the value that this one finds, and all that the other finds, as a list."""
        sql = f"SELECT ({self.sql}), ARRAY({keys.sql})"
        return Statement(sql, [*self.parameters, *keys.parameters])

    def counted_and_cut(self, number: int, start: int, after: Sequence[Any]) -> "Statement":
        """Like `counted`, `beside` what `cut` finds, with all rows found once and kept.

        `after`, a time and a key, leaves out of the list what is not older.
        """
        older = "WHERE (at, id) < (%s, %s) " if after else ""
        sql = (
            f"WITH found (id, at) AS MATERIALIZED ({self.sql}) "  # noqa: S608  # as above
            f"SELECT (SELECT count(*) FROM found), ARRAY(SELECT id FROM found {older}"
            f"ORDER BY at DESC, id DESC LIMIT {number} OFFSET {start})"
        )
        return Statement(sql, [*self.parameters, *after])

    def is_common(self, number: int) -> "Statement":
        """Whether it finds so many rows."""
        return Statement(f"SELECT ({self.counted().sql}) >= {number}", self.parameters)

    def is_empty(self) -> "Statement":
        """Whether it finds none."""
        return Statement(f"SELECT NOT EXISTS ({self.sql})", self.parameters)

    def __or__(self, other: "Statement") -> "Statement":
        """Of two that say whether: if one of them says so."""
        parameters = [*self.parameters, *other.parameters]
        return Statement(f"SELECT ({self.sql}) OR ({other.sql})", parameters)

    def __and__(self, other: "Statement") -> "Statement":
        """The same: if both say so."""
        parameters = [*self.parameters, *other.parameters]
        return Statement(f"SELECT ({self.sql}) AND ({other.sql})", parameters)

    @classmethod
    def either(cls, asked: "Statement", one: "Statement", other: "Statement") -> "Statement":
        """What one of two finds, as the first says; the other is not run. Both have no `FROM`."""
        sql = (
            f"WITH asked (is_so) AS MATERIALIZED ({asked.sql}) "  # noqa: S608  # as above
            f"SELECT chosen.* FROM asked CROSS JOIN LATERAL ("
            f"({one.sql} WHERE is_so) UNION ALL ({other.sql} WHERE NOT is_so)) AS chosen"
        )
        return cls(sql, [*asked.parameters, *one.parameters, *other.parameters])

    def run(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it on Django's connection, and take the rows as psycopg gives them, in binary.

        Django would read each time a second way, in Python.
        """
        with connection.cursor() as cursor:
            cursor.cursor.format = self.format
            cursor.execute(self.sql, self._filled(values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def change(self, values: Mapping[str, Any]) -> int:
        """Run one that writes, and say how many rows it changed."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._filled(values))
            return int(cursor.rowcount)

    def _filled(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[each.name] if isinstance(each, Given) else each for each in self.parameters]


def _with_constants(sql: str, parameters: Sequence[Any]) -> tuple[str, list[Given]]:
    """Write into the SQL what is not given later."""
    left = iter(parameters)
    given = list[Given]()

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        each = next(left)
        if isinstance(each, Given):
            given.append(each)
            return "%s"
        return Literal(each).as_string().replace("%", "%%")

    return re.sub("%[%s]", written, sql), given


def as_json(rows: "QuerySet[Any, Any]") -> Cast:
    """The database writes a list as JSON already: it goes out as it comes."""
    as_json = Func(ArraySubquery(rows), function="to_jsonb", output_field=JSONField())
    return Cast(as_json, TextField())


P = ParamSpec("P")
M = TypeVar("M", bound=Model)
_CASTS: Final[Mapping[type, str]] = {
    int: "bigint",
    list: "bigint[]",
    str: "text",
    UUID: "uuid",
    datetime: "timestamptz",
}


class IsAny(Func):
    """A column that is one of a list: `IN` would be other SQL for each length of it."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Reading(Generic[P, M]):
    """A read of whole rows: decorates what makes the queryset, and is called by its names.

    Ids, times and texts are put in anew at each call. A `limit`, and whatever is of another type,
    makes SQL of its own. `rows` is the plain queryset, for values that are known already.

    One that is `planned_once` hides its values from the planner, see `Given`; it takes no lists.
    """

    def __init__(
        self, rows: Callable[P, "QuerySet[M, M]"], *, is_planned_once: bool = False
    ) -> None:
        self.rows = rows
        self._is_planned_once = is_planned_once
        self._compiled: dict[tuple[object, ...], _Compiled[M]] = {}

    @classmethod
    def planned_once(cls, rows: Callable[P, "QuerySet[M, M]"]) -> Self:
        return cls(rows, is_planned_once=True)

    def __call__(self, *_none: P.args, **given: P.kwargs) -> list[M]:
        values = {name: each for name, each in given.items() if _is_value(name, each)}
        shape = tuple((name, each) for name, each in given.items() if name not in values)
        ready = self._compiled.get(shape)
        if ready is None:
            ready = self._compiled[shape] = self._compile(given)
        return ready.run(values)

    def _compile(self, given: Mapping[str, Any]) -> "_Compiled[M]":
        standing = {
            name: self._standing(name, each) if _is_value(name, each) else each
            for name, each in given.items()
        }
        by_name: Callable[..., QuerySet[M, M]] = self.rows
        return _Compiled(by_name(**standing), by_name.__name__)

    def _standing(self, name: str, given: object) -> Given:
        return Given(name, _CASTS[type(given)], is_hidden=self._is_planned_once)


def _is_value(name: str, given: object) -> bool:
    return type(given) in _CASTS and name != "limit"


class _Compiled(Generic[M]):
    """A queryset with its SQL, and all that Django knows of its columns."""

    def __init__(self, rows: "QuerySet[M, M]", name: str) -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = self._compiler.as_sql()
        if any(isinstance(each, datetime | UUID) for each in parameters):
            raise TypeError(f"{name}: times and ids have to be given, or they stay for ever.")
        columns = [expression for expression, *_ in self._compiler.select or ()]
        has_json = any(isinstance(each.output_field, JSONField) for each in columns)
        how = Format.TEXT if has_json else Format.BINARY
        self._statement = Statement(*_with_constants(sql, parameters), how)
        converters = self._compiler.get_converters(columns)
        vars(self._compiler)["get_converters"] = lambda _columns: converters

    def run(self, values: Mapping[str, Any]) -> list[M]:
        """Django makes the instances, of rows that it did not have to ask for."""
        found = self._statement.run(values)
        compiler = copy(self._compiler)
        rows = self._rows.all()
        vars(compiler)["execute_sql"] = lambda *_args, **_options: [found]
        vars(rows.query)["get_compiler"] = lambda *_args, **_options: compiler
        return list(rows)
