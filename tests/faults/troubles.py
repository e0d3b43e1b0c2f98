"""What PostgreSQL says when it cannot just now, planted before writes to our tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.apps import apps
from django.db import connection

ALWAYS: Final = 2**31
_PLANT: Final = """
    CREATE SEQUENCE trouble_met;
    CREATE FUNCTION be_in_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('trouble_met') <= {times} THEN
            RAISE EXCEPTION 'planted' USING ERRCODE = '{state}';
        END IF;
        RETURN NULL;
    END $$
"""
_AT: Final = """
    CREATE TRIGGER be_in_trouble BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION be_in_trouble()
"""


class Trouble:
    """How often it was met: a sequence counts on, whatever is rolled back."""

    def count(self) -> int:
        return _number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM trouble_met")

    def forget(self) -> None:
        _number("SELECT setval('trouble_met', 1, false)")


@contextmanager
def trouble(
    state: str, *, times: int = ALWAYS, tables: set[str] | None = None
) -> Iterator[Trouble]:
    """Let the next writes fail with an SQLSTATE, by whatever way and process they come."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANT.format(times=times, state=state))
        for table in tables or our_tables():
            cursor.execute(_AT.format(table=table))
    try:
        yield Trouble()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION be_in_trouble CASCADE")
            cursor.execute("DROP SEQUENCE trouble_met")


def our_tables() -> set[str]:
    models = apps.get_models()
    ours = (each for each in models if each.__module__.startswith("tutelage."))
    return {each._meta.db_table for each in ours if each._meta.managed}


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
