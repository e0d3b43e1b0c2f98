"""New rows by one statement, which is put together once for the tables it writes.

For the few writes that are made most: putting it together costs the ORM more than writing costs
the database. What a column takes is still asked of its field. No signals are sent.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Field, Model

from tutelage.core.compiled import cast_of


def insert(*rows: Model) -> None:
    """Write new rows, those of one table one after the other; constraints are asked as ever.

    Of keys that the database gives, only those of the last table are learnt.
    """
    database = connections[DEFAULT_DB_ALIAS]
    values = [
        field.get_db_prep_save(field.pre_save(row, True), database)  # Django's own
        for row in rows
        for field in _written(type(row))
    ]
    with database.cursor() as cursor:
        cursor.execute(_compiled(tuple(map(type, rows))), values)
        keys = cursor.fetchall()
    for row, [key] in zip(rows[-len(keys) :], keys, strict=True):
        row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001  # documented


@lru_cache(maxsize=100)
def _compiled(models: tuple[type[Model], ...]) -> str:
    """Statements within a statement: none sees the others' rows, and all are there at its end."""
    *others, last = [_into(model, len(list(same))) for model, same in groupby(models)]
    named = ", ".join(f"written_{place} AS ({sql})" for place, sql in enumerate(others))
    key = models[-1]._meta.pk  # noqa: SLF001  # documented by Django
    sql = f"{last} RETURNING {_quoted(key)}"
    return f"WITH {named} {sql}" if named else sql


def _into(model: type[Model], count: int) -> str:
    fields = _written(model)
    names = ", ".join(map(_quoted, fields))
    row = f"({', '.join(map(_placeholder, fields))})"
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # documented by Django
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)}"  # noqa: S608


@lru_cache(maxsize=100)
def _written(model: type[Model]) -> Sequence["Field[Any, Any]"]:
    """All but what the database says itself: its own keys, and defaults that are its alone."""
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001  # documented by Django
        if not isinstance(field, AutoField) and (field.has_default() or not field.has_db_default())
    ]


def _placeholder(field: "Field[Any, Any]") -> str:
    cast = cast_of(field)
    return f"%s::{cast}" if cast else "%s"


def _quoted(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(field.column or "")
