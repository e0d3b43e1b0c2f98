"""Other tests share the database server, and their open transactions hold its journals back."""

from time import monotonic, sleep

from django.db import connection


def await_horizon(seconds: float = 60) -> None:
    """Wait until all that is committed here may be read."""
    until = monotonic() + seconds
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM journal_entry"
                " WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())"
            )
            if cursor.fetchone()[0] == 0:
                return
            sleep(0.02)
    raise TimeoutError("A transaction elsewhere has been open for too long.")
