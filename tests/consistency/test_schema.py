"""What holds for every table, and for every operation of the API."""

import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connection, models
from tests.consistency.personal_data import personal_columns

from tutelage.api.root import api

INVENTORY: Final = Path(__file__).parents[2] / "docs" / "personal-data.md"
FATES: Final = {"kept", "emptied", "replaced", "deleted", "expires"}
CODE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
OURS: Final = [
    model for model in apps.get_models() if model.__module__.startswith("tutelage.domain.")
]


def inventory() -> dict[str, str]:
    """The fate of each column, as the page of personal data says it."""
    rows = re.findall(r"^\| `([\w.]+)` \| (\w+) \|", INVENTORY.read_text(), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "A column stands there twice."
    return dict(rows)


def operations() -> list[tuple[str, dict[str, Any]]]:
    paths = api.get_openapi_schema()["paths"]
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


def test_each_column_that_holds_something_of_a_person_has_a_fate() -> None:
    assert personal_columns() ^ inventory().keys() == set()
    assert set(inventory().values()) <= FATES


@pytest.mark.parametrize(
    "column", ["rating.author_id", "time_offer.note", "journal_entry.actor_id"]
)
def test_a_column_without_a_fate_would_be_found(column: str) -> None:
    assert column in personal_columns()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_choices_are_codes_that_do_not_change_with_the_language(model: type[models.Model]) -> None:
    for field in model._meta.local_concrete_fields:
        for value, _label in field.choices or ():
            assert CODE.fullmatch(str(value)), f"{model.__name__}.{field.name}: {value}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_the_database_itself_refuses_a_code_that_is_not_known(model: type[models.Model]) -> None:
    """A status that the code does not know is worse than an error."""
    names = {constraint.name for constraint in model._meta.constraints}
    states = [
        field.name
        for field in model._meta.local_concrete_fields
        if field.choices and field.name in {"status", "state", "kind", "role", "fate"}
    ]

    assert [name for name in states if not _is_checked(model, name, names)] == []


def _is_checked(model: type[models.Model], field: str, names: set[str]) -> bool:
    return f"{model._meta.db_table}_{field}_is_known" in names


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_who_and_when_stand_together_or_not_at_all(model: type[models.Model]) -> None:
    """`x_at` that can be absent, beside an `x_by`, has a constraint on both."""
    columns = {field.name: field for field in model._meta.local_concrete_fields}
    for name, field in columns.items():
        beside = columns.get(f"{name.removesuffix('_at')}_by")
        if name.endswith("_at") and field.null and beside is not None:
            said = " ".join(str(each) for each in model._meta.constraints)
            assert name in said
            assert beside.name in said


@pytest.mark.django_db
def test_all_times_in_the_database_are_instants_but_those_named_local() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'"
        )
        naive = {name for (name,) in cursor.fetchall()}

    assert {name for name in naive if not name.endswith(".local_start")} == set()
    assert "session.local_start" in naive


def test_each_operation_says_what_it_does_and_where_it_belongs() -> None:
    for name, operation in operations():
        assert operation.get("description"), name
        assert len(operation.get("tags", [])) == 1, name


def test_each_operation_has_a_name_of_its_own() -> None:
    named = Counter(operation["operationId"] for _name, operation in operations())

    assert [name for name, times in named.items() if times > 1] == []
    assert not any("tutelage" in name for name in named), "It says where the code stands."
