"""What stands in the database of a backup, in numbers that are compared after a restore."""

from collections.abc import Iterator, Mapping
from typing import Final

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from tutelage.ops.backup.archive import Table

# A row is compared by its text, which has to be the same whoever asks.
PLAIN_TEXT: Final = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; "
    "SET extra_float_digits = 1; SET bytea_output = 'hex';"
)
_TABLES: Final = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
    "AND relnamespace = 'public'::regnamespace ORDER BY relname"
)
_SUM: Final = (
    'SELECT count(*), coalesce(sum(hashtextextended(t::text COLLATE "C", 0)), 0)::text '
    "FROM public.{} t"
)
_CHECK: Final = """
DO $check$ DECLARE found record; BEGIN
    SELECT * FROM ({summed}) AS s (rows, checksum) INTO found;
    IF (found.rows, found.checksum) IS DISTINCT FROM ({rows}::bigint, {checksum}::text) THEN
        RAISE EXCEPTION USING MESSAGE = {wrong};
    END IF;
END $check$;
"""
# Transactions are numbered by the server, and the next server begins at the beginning. Entries
# keep their place between the readers' marks, below all numbers that a server gives.
REBASE_JOURNAL: Final = """
UPDATE public.journal_entry e SET xid = (1 + (
    SELECT count(*) FROM public.reader_cursor c WHERE (c.xid, c.entry_id) < (e.xid, e.id)
))::text::xid8;
UPDATE public.reader_cursor c SET entry_id = 9223372036854775807, xid = (1 + (
    SELECT count(*) FROM public.reader_cursor d WHERE (d.xid, d.entry_id) < (c.xid, c.entry_id)
))::text::xid8;
"""


def tables_of(connection: Connection) -> list[str]:
    return [name for (name,) in connection.execute(_TABLES)]


def sum_up(connection: Connection, table: str) -> Table:
    [row] = connection.execute(SQL(_SUM).format(Identifier(table)))
    return Table(*row)


def migrations_of(connection: Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT app, name FROM public.django_migrations ORDER BY app, name")
    return list(rows)


def checks(tables: Mapping[str, Table]) -> Iterator[str]:
    """Statements that fail where a table is not what it was: run before the restore is kept."""
    yield PLAIN_TEXT
    for name, told in tables.items():
        summed = SQL(_SUM).format(Identifier(name))
        said = SQL(_CHECK).format(
            summed=summed,
            rows=Literal(told.rows),
            checksum=Literal(told.checksum),
            wrong=Literal(f"Table {name} is not what it was when it was saved."),
        )
        yield said.as_string(None)
