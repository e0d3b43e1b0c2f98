"""A changed row by a statement that is compiled once for its table; `save` does it each time.

For the rows that are changed most. What a column takes is still asked of its field. No signals
are sent.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

from tutelage.core.compiled import Given, Statement, cast_of


def update(row: Model, *names: str) -> None:
    """Write a row that is there: whole, or the named fields alone."""
    database = connections[DEFAULT_DB_ALIAS]
    values = {
        field.name: field.get_db_prep_save(field.pre_save(row, False), database)  # Django's own
        for field in _fields(type(row), names)
    }
    _compiled(type(row), names).change({"key": row.pk, **values})


@lru_cache(maxsize=100)
def _compiled(model: type[Model], names: Sequence[str]) -> Statement:
    known = model._meta  # noqa: SLF001  # documented by Django
    rows = model._base_manager.filter(pk=Given("key", cast_of(known.pk)))  # noqa: SLF001  # as above
    values = {each.name: Given(each.name, cast_of(each)) for each in _fields(model, names)}
    return Statement.updating(rows, **values)


@lru_cache(maxsize=100)
def _fields(model: type[Model], names: Sequence[str]) -> Sequence["Field[Any, Any]"]:
    fields = {each.name: each for each in model._meta.concrete_fields}  # noqa: SLF001  # as above
    if names:
        return [fields[name] for name in names]
    return [each for each in fields.values() if not each.primary_key]
