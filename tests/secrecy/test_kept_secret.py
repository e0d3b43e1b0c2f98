"""After somebody has been through everything, no secret stands in a log or, readable, at rest."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.core.cache import cache
from django.db import connection
from tests.secrecy.story import FORGED, LINK, tell

from tutelage.config.tests.serving import Served, serving
from tutelage.domain.meetings.models import Meeting

pytestmark = pytest.mark.django_db(transaction=True)
# Django keeps logins, and the list of one's own logins needs their keys: whoever reads the
# database could take a login over until it ends. Everything else is there as a digest only.
OPEN_AT_REST: Final = {
    ("login", "django_session"),
    ("login", "usersessions_usersession"),
}


@pytest.fixture
def served(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Served, dict[str, str]]]:
    cache.clear()
    home = {"TUTELAGE_HOME": str(tmp_path)}
    with serving(getattr(request, "param", "tutelage.config.asgi:application"), **home) as server:
        yield server, tell(server, tmp_path)
    cache.clear()


def at_rest() -> dict[str, str]:
    """All rows of all tables, as a backup would hold them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
    found = {}
    for table in tables:
        with connection.connection.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:
            found[table] = b"".join(rows).decode()
    return found


def leaks(secrets: dict[str, str]) -> set[tuple[str, str]]:
    """Which secret stands in which table."""
    return {
        (name, table)
        for table, text in at_rest().items()
        for name, secret in secrets.items()
        if secret in text
    }


def test_no_secret_is_in_a_line_of_the_log_or_readable_at_rest(
    served: tuple[Served, dict[str, str]],
) -> None:
    server, told = served
    log = server.logged()
    lines = log.splitlines()

    assert len(lines) > 25
    assert {name: line for name, secret in told.items() for line in lines if secret in line} == {}
    assert all(json.loads(line)["event"] for line in lines)
    assert all(not line.lstrip().startswith(FORGED) for line in lines)
    assert leaks(told) == OPEN_AT_REST


@pytest.mark.parametrize("served", ["tests.faults.talkative:application"], indirect=True)
def test_a_log_that_tells_too_much_is_found(served: tuple[Served, dict[str, str]]) -> None:
    server, told = served
    log = server.logged()

    leaked = {name for name, secret in told.items() if secret in log}

    assert {"new", "token", "personal link", "reset link", "login", "wrong"} <= leaked
    assert any(line.lstrip().startswith(FORGED) for line in log.splitlines())


def test_a_secret_that_stands_somewhere_readable_is_found(
    served: tuple[Served, dict[str, str]],
) -> None:
    _server, told = served
    with connection.cursor() as cursor:
        cursor.execute("UPDATE session SET title = %s", [LINK])
        cursor.execute("UPDATE meeting SET link_encrypted = backup_encrypted")

    assert ("link", "session") in leaks(told)
    assert Meeting.objects.get().link != LINK
