"""The doctor on the database: what it is, what it must not be set to, and who works with it."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from tutelage.config.environment import Environment
from tutelage.core.clock import now
from tutelage.ops.doctor.findings import Finding, fail, ok, warn
from tutelage.ops.durability import find_switched_off, remedy

OLDEST_SERVER = 15
LATE_SECONDS, WRONG_SECONDS = 2, 30
SILENT_SECONDS = 60
LATE_NOTICE_SECONDS = 300
MOST_NAMED = 20


def examine(env: Environment) -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except Error as error:
        start = "check DATABASE_URL" if env.database_url else "start it: tutelage up"
        yield fail("database", f"It does not answer: {' '.join(str(error).split())}", start)
        return
    for look in (version, safety, checksums, migrations, clock, zones, worker, notices):
        try:
            yield from look()
        except Error as error:
            yield fail("database", f"{look.__name__} cannot be seen: {error}", "tutelage migrate")


def version() -> Iterator[Finding]:
    [(number, text)] = rows("SELECT current_setting('server_version_num')::int / 10000, version()")
    if int(str(number)) < OLDEST_SERVER:
        yield fail("database", f"{text} is too old.", f"use PostgreSQL {OLDEST_SERVER} or newer")
    else:
        yield ok("database", " ".join(str(text).split()[:2]) + " answers.")


def safety() -> Iterator[Finding]:
    """With any of these off, what was acknowledged can be lost at a crash."""
    off = find_switched_off()
    for name in off:
        yield fail("durability", f"{name} is off: what was saved can be lost.", remedy(name))
    if not off:
        yield ok("durability", "What was saved survives a crash.")


def checksums() -> Iterator[Finding]:
    """Without them a disk that forgets is noticed by people, and late."""
    if rows("SELECT current_setting('data_checksums')") == [("on",)]:
        yield ok("checksums", "A page that the disk spoiled is noticed.")
    else:
        yield warn(
            "checksums",
            "The database has none: what a disk spoils is not noticed.",
            "stop the server, run: pg_checksums --enable -D its-data-folder",
        )


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield fail("migrations", f"{len(waiting)} are not applied.", "tutelage migrate")
    else:
        yield ok("migrations", "All are applied.")


def clock() -> Iterator[Finding]:
    before = time.time()
    [(there,)] = rows("SELECT extract(epoch FROM clock_timestamp())::float")
    apart = abs(float(str(there)) - (before + time.time()) / 2)
    text = f"The database's clock is {apart:.1f} s from this one."
    if apart > WRONG_SECONDS:
        yield fail("clock", text, "run a time service (NTP) on both machines")
    elif apart > LATE_SECONDS:
        yield warn("clock", text, "run a time service (NTP) on both machines")
    else:
        yield ok("clock", text)


def zones() -> Iterator[Finding]:
    """Only told: no time is ever reckoned in the database. Two years are compared, by quarters.

    What it takes for an abbreviation, such as `CET`, is no zone to it and is left out.
    """
    known = available_timezones()
    instants = [now() + timedelta(days=91 * quarter) for quarter in range(8)]
    told = rows(
        "SELECT name, at, (at AT TIME ZONE name) - (at AT TIME ZONE 'UTC')"
        " FROM pg_timezone_names, unnest(%s::timestamptz[]) AS at"
        " WHERE name NOT IN (SELECT abbrev FROM pg_timezone_abbrevs)",
        instants,
    )
    differing = {
        str(name) for name, at, offset in told if name in known and _offset(str(name), at) != offset
    }
    if differing:
        named = sorted(differing)[:MOST_NAMED]
        more = f" and {len(differing) - MOST_NAMED} more" if len(differing) > MOST_NAMED else ""
        text = f"The database has other rules for {', '.join(named)}{more}."
        yield ok("zones", f"{text} Only ours are used.")
    else:
        yield ok("zones", "The database knows the same zones.")


def _offset(zone: str, at: object) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset() if isinstance(at, datetime) else None


def worker() -> Iterator[Finding]:
    [(seconds,)] = rows(
        "SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers"
    )
    if seconds is None:
        yield warn("worker", "None runs: no reminder and no mail goes out.", "start: tutelage up")
    elif float(str(seconds)) > SILENT_SECONDS:
        text = f"The last one was heard {float(str(seconds)):.0f} s ago."
        yield fail("worker", text, "start one: tutelage up, or tutelage worker")
    else:
        yield ok("worker", f"Heard {float(str(seconds)):.0f} s ago.")


def notices() -> Iterator[Finding]:
    """What was due and has not gone out: the one thing that people would never tell us."""
    [(seconds,)] = rows(
        "SELECT extract(epoch FROM now() - min(due_at))::float FROM notice WHERE state = 'due'"
    )
    if seconds is not None and float(str(seconds)) > LATE_NOTICE_SECONDS:
        text = f"Mails have been waiting for {float(str(seconds)) / 60:.0f} minutes."
        yield fail("notices", text, "start a worker: tutelage up, or tutelage worker")
    else:
        yield ok("notices", "No mail is late.")


def rows(query: str, *values: Sequence[datetime]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [list(each) for each in values])
        return list(cursor.fetchall())
