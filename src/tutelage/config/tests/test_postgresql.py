"""A kept connection is looked at before a request uses it, and asked only in doubt."""

import select
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, close_old_connections, connection

from tutelage.config.postgresql import base

pytestmark = pytest.mark.django_db(transaction=True)


def ask(sql: str, *given: int) -> int | str:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: int | str = cursor.fetchone()[0]
        return found


def begin_request() -> None:
    """As Django does, at its first use of the connection."""
    close_old_connections()
    connection.close_if_health_check_failed()


@pytest.fixture
def server_process() -> Iterator[int]:
    """The one that serves this test's connection, which may be ended."""
    yield int(ask("SELECT pg_backend_pid()"))
    connection.close()


def test_a_quiet_connection_is_kept_and_not_asked(
    server_process: int, elsewhere: ThreadPoolExecutor
) -> None:
    begin_request()

    last = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert elsewhere.submit(ask, last, server_process).result() == "SELECT pg_backend_pid()"
    assert ask("SELECT pg_backend_pid()") == server_process


def test_after_an_error_it_is_asked(server_process: int, elsewhere: ThreadPoolExecutor) -> None:
    connection.errors_occurred = True

    begin_request()

    last = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert elsewhere.submit(ask, last, server_process).result() == "SELECT 1"


def end(server_process: int, elsewhere: ThreadPoolExecutor) -> None:
    elsewhere.submit(ask, "SELECT pg_terminate_backend(%s)", server_process).result()
    assert select.select([connection.connection], [], [], 10)[0]


def test_one_that_the_server_ended_is_replaced_before_it_is_used(
    server_process: int, elsewhere: ThreadPoolExecutor
) -> None:
    end(server_process, elsewhere)

    begin_request()

    assert ask("SELECT pg_backend_pid()") != server_process


def test_without_the_look_the_request_would_fail(
    server_process: int, elsewhere: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    end(server_process, elsewhere)
    monkeypatch.setattr(base, "has_something_to_say", lambda _connection: False)

    begin_request()

    with pytest.raises(OperationalError):
        ask("SELECT 1")


def test_one_that_is_closed_is_replaced(server_process: int) -> None:
    connection.connection.close()

    begin_request()

    assert ask("SELECT pg_backend_pid()") != server_process
