"""The whole web process: what commits in the database arrives in the browsers it concerns."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from time import monotonic, sleep
from uuid import UUID

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tutelage.config.tests.listening import (
    Listening,
    count_connections,
    listening,
    logged_in,
    make_person,
    make_session,
    note,
    parameters,
)
from tutelage.config.tests.serving import Served, serving
from tutelage.domain.journal.tests.horizon import await_horizon
from tutelage.domain.people.models import User
from tutelage.realtime.journal import LOOK_ANYWAY_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[Served]:
    with serving("tutelage.config.asgi:application") as served:
        yield served


@pytest.fixture(scope="module")
def publishing(django_db_setup: None) -> Iterator[Served]:
    with serving("tutelage.config.tests.publishing:application") as served:
        yield served


@pytest.fixture
def another_web(django_db_setup: None) -> Iterator[Served]:
    """For what it does not outlive."""
    with serving("tutelage.config.asgi:application") as served:
        yield served


@pytest.fixture
def mentor(transactional_db: None) -> User:
    return make_person("mentor@example.org")


@pytest.fixture
def stranger(transactional_db: None) -> User:
    return make_person("stranger@example.org")


def test_those_concerned_hear_of_it_and_nobody_else(
    web: Served, mentor: User, stranger: User
) -> None:
    session = make_session(mentor)
    with (
        listening(web, logged_in(mentor)) as one,
        listening(web, logged_in(mentor)) as two,
        listening(web, logged_in(stranger)) as other,
    ):
        note(session)
        for each in (one, two):
            each.wait_for("session.noted")
        other.read()

    assert "event: " not in other.text
    data = next(line[6:] for line in one.text.splitlines() if line.startswith("data: "))
    assert json.loads(data) == {"subject": str(session), "type": "session.noted"}


def seconds_until_heard(change: Served, client: Listening, session: UUID) -> list[float]:
    """Of ten changes. Transactions of other tests on the same server can hold some back."""
    times = []
    for number in range(1, 11):
        began = monotonic()
        assert change.client.get(f"/note/{session}").status_code == 200
        while client.text.count("event: session.noted") < number:
            client.read()
            assert monotonic() - began < 60
        times.append(monotonic() - began)
    return times


def test_what_this_process_commits_is_heard_at_once_without_a_worker(
    publishing: Served, mentor: User
) -> None:
    session = make_session(mentor)
    with listening(publishing, logged_in(mentor)) as client:
        times = seconds_until_heard(publishing, client, session)

    assert min(times) < LOOK_ANYWAY_SECONDS / 5


def test_what_another_process_commits_is_heard_as_well(
    web: Served, publishing: Served, mentor: User
) -> None:
    session = make_session(mentor)
    with listening(web, logged_in(mentor)) as client:
        times = seconds_until_heard(publishing, client, session)

    assert min(times) < LOOK_ANYWAY_SECONDS / 5


def test_what_was_undone_is_not_heard(publishing: Served, mentor: User) -> None:
    session = make_session(mentor)
    with listening(publishing, logged_in(mentor)) as client:
        publishing.client.get(f"/undo/{session}")
        publishing.client.get(f"/note/{session}")
        client.wait_for("session.noted")
        client.read()

    assert client.named() == ["session.noted"]


def test_without_a_login_there_are_no_events(web: Served, mentor: User) -> None:
    gone = logged_in(mentor)
    SessionStore(gone).delete()
    for login in ("", "unknown", gone):
        with listening(web, login) as client:
            assert "401 Unauthorized" in client.text


def test_someone_suspended_hears_nothing(web: Served, mentor: User) -> None:
    login = logged_in(mentor)
    User.objects.filter(pk=mentor.pk).update(is_active=False)

    with listening(web, login) as client:
        assert "401 Unauthorized" in client.text


def test_a_login_from_before_the_password_was_changed_hears_nothing(
    web: Served, mentor: User
) -> None:
    login = logged_in(mentor)
    User.objects.filter(pk=mentor.pk).update(password="second")

    with listening(web, login) as client:
        assert "401 Unauthorized" in client.text


def test_streams_end_within_a_minute_of_what_they_stood_on(
    web: Served, mentor: User, stranger: User
) -> None:
    """A login that has ended, a person who was disabled, a password that was changed."""
    disabled, changed = make_person("disabled@example.org"), make_person("changed@example.org")
    ended = logged_in(mentor)
    with ExitStack() as streams:
        falling = [
            streams.enter_context(listening(web, login))
            for login in (ended, logged_in(disabled), logged_in(changed))
        ]
        stands = streams.enter_context(listening(web, logged_in(stranger)))
        SessionStore(ended).delete()
        User.objects.filter(pk=disabled.pk).update(is_active=False)
        User.objects.filter(pk=changed.pk).update(password="second")
        for client in falling:
            client.wait_for_end(60)
        note(make_session(stranger))
        stands.wait_for("session.noted")


def test_a_seventh_stream_of_one_person_is_refused(web: Served, mentor: User) -> None:
    login = logged_in(mentor)
    with ExitStack() as streams:
        for _ in range(6):
            streams.enter_context(listening(web, login))
        with listening(web, login) as seventh:
            assert "429 Too Many Requests" in seventh.text
    sleep(0.2)
    with listening(web, login) as again:
        assert "200 OK" in again.text


def test_who_comes_back_is_told_what_it_missed_once_and_in_order(
    web: Served, mentor: User, stranger: User
) -> None:
    session, other = make_session(mentor), make_session(stranger)
    login = logged_in(mentor)
    with listening(web, login) as client:
        note(session, "session.first")
        client.wait_for("session.first")
    note(session, "session.second")
    note(other, "session.of_others")
    note(session, "session.third")

    with listening(web, login, last=client.ids()[-1]) as again:
        again.wait_for("session.third")
        note(session, "session.fourth")
        again.wait_for("session.fourth")

    assert again.named() == ["session.second", "session.third", "session.fourth"]
    assert len(set(again.ids())) == 3


def test_a_newcomer_is_told_where_it_began(web: Served, mentor: User) -> None:
    session, login = make_session(mentor), logged_in(mentor)
    with listening(web, login) as client:
        client.wait_for("id: ")
    note(session, "session.while_away")

    with listening(web, login, last=client.ids()[0]) as again:
        again.wait_for("session.while_away")


def test_who_missed_too_much_is_told_to_read_all_anew(web: Served, mentor: User) -> None:
    session = make_session(mentor)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (type, subject_type, subject_id, payload)"
            " SELECT 'session.noted', 'session', %s, '{}'::jsonb FROM generate_series(1, 501)",
            [session],
        )
    await_horizon()
    with listening(web, logged_in(mentor), last="1-1") as client:
        client.wait_for("event: refresh")

    assert "session.noted" not in client.named()


def test_what_commits_late_is_not_passed_over(web: Served, mentor: User) -> None:
    session = make_session(mentor)
    with listening(web, logged_in(mentor)) as client, psycopg.connect(parameters()) as slow:
        slow.execute(
            "INSERT INTO journal_entry (type, subject_type, subject_id, payload)"
            " VALUES ('session.slow', 'session', %s, '{}')",
            [session],
        )
        note(session, "session.quick")
        client.read(0.5)
        assert client.named() == []
        slow.commit()
        client.wait_for("session.quick")

    assert client.named() == ["session.slow", "session.quick"]


def test_nothing_is_missed_when_the_database_drops_its_connections(
    web: Served, mentor: User
) -> None:
    session = make_session(mentor)
    with listening(web, logged_in(mentor)) as client:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        note(session, "session.meanwhile", ring=False)
        client.wait_for("session.meanwhile")
        note(session, "session.after")
        client.wait_for("session.after")

    assert client.named() == ["session.meanwhile", "session.after"]


def test_a_reader_that_does_not_read_is_cut_off(web: Served, mentor: User, stranger: User) -> None:
    session, elsewhere = make_session(mentor), make_session(stranger)
    with (
        listening(web, logged_in(mentor), buffer=4096) as client,
        listening(web, logged_in(stranger)) as other,
    ):
        with connection.cursor() as cursor:
            for _ in range(40):
                cursor.execute(
                    "INSERT INTO journal_entry (type, subject_type, subject_id, payload)"
                    " SELECT 'session.noted', 'session', %s, '{}'::jsonb"
                    " FROM generate_series(1, 2000)",
                    [session],
                )
                cursor.execute("NOTIFY tutelage")
        await_horizon()
        note(elsewhere, "session.last")
        other.wait_for("session.last", 120)  # by now all before it has been handed on
        client.wait_for_end(60)
    assert len(client.named()) < 40 * 2000
    with listening(web, logged_in(mentor)) as again:
        note(session, "session.later")
        again.wait_for("session.later")


def test_streams_hold_no_database_connection(web: Served, mentor: User) -> None:
    people = [make_person(f"person{number}@example.org") for number in range(20)]
    with ExitStack() as streams:
        streams.enter_context(listening(web, logged_in(mentor)))
        with_one = count_connections()
        for person in people:
            for _ in range(3):
                streams.enter_context(listening(web, logged_in(person)))

        assert count_connections() == with_one


def test_the_server_stops_at_once_though_streams_are_open(
    another_web: Served, mentor: User
) -> None:
    with listening(another_web, logged_in(mentor)) as client:
        took = another_web.stop()
        client.wait_for_end(1)

    assert took < 10


def test_health_is_told_with_and_without_the_worker(web: Served) -> None:
    assert web.client.get("/healthz").json() == {"status": "alive"}
    ready = web.client.get("/readyz")

    assert ready.status_code == 200
    assert ready.json()["database"] is ready.json()["migrated"] is True
    assert ready.json()["worker"] == "none"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 min')"
        )
    assert web.client.get("/readyz").json()["worker"] == "silent"


def test_clients_that_vanish_leave_no_place_taken(web: Served, mentor: User) -> None:
    login = logged_in(mentor)
    reset_at_close = struct.pack("ii", 1, 0)
    for _ in range(20):
        with ExitStack() as streams:
            for _ in range(5):
                client = streams.enter_context(listening(web, login))
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_at_close)
        sleep(0.05)

    with listening(web, login) as again:
        assert "200 OK" in again.text
