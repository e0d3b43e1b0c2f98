"""A web request waits for a lock, and for the database, only so long; then it is told 503."""

import os
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from django.db import connection
from tests.races.rivals import program_of

from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.models import Session

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = """
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(40); RETURN NEW; END';
    CREATE TRIGGER be_slow BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION be_slow();
"""


@pytest.fixture
def session() -> Session:
    return make_agreed(make_pair())


def is_told_to_come_back(reply: httpx.Response) -> bool:
    told = (reply.status_code, reply.json()["code"])
    return told == (503, "service_unavailable") and int(reply.headers["Retry-After"]) > 0


def test_who_waits_for_a_lock_that_is_not_given_is_told_to_come_back(
    addresses: list[str], session: Session
) -> None:
    """Three seconds, and three once more."""
    other = connection.copy()
    with (
        closing(program_of(addresses[0], session.host)) as client,
        closing(other),
        other.cursor() as cursor,
    ):
        cursor.execute("BEGIN")
        cursor.execute("SELECT id FROM session WHERE id = %s FOR UPDATE", [session.pk])
        reply = client.post(f"/api/sessions/{session.pk}", json={"action": "accept"})

    assert is_told_to_come_back(reply)


@pytest.fixture
def slow_changes(session: Session) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(SLOW)
        yield
        cursor.execute("DROP FUNCTION be_slow CASCADE")


@pytest.mark.skipif("DEEP" not in os.environ, reason="It takes a quarter of a minute: DEEP=1.")
@pytest.mark.usefixtures("slow_changes")
def test_a_statement_that_does_not_end_is_ended(addresses: list[str], session: Session) -> None:
    with closing(program_of(addresses[0], session.host)) as client:
        reply = client.patch(
            f"/api/sessions/{session.pk}",
            json={"title": "Slow"},
            headers={"If-Match": f'"{session.version}"'},
        )

    assert is_told_to_come_back(reply)
