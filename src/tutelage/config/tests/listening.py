"""People and their browsers, listening for what happens."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tutelage.config.tests.serving import Served
from tutelage.core.ids import uuid7
from tutelage.domain.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def make_person(email: str) -> User:
    return User.objects.create(email=email, name=email, password="first")


def logged_in(user: User) -> str:
    """A login session's key."""
    login = SessionStore()
    login[SESSION_KEY] = str(user.pk)
    [login[BACKEND_SESSION_KEY]] = settings.AUTHENTICATION_BACKENDS
    login[HASH_SESSION_KEY] = user.get_session_auth_hash()
    login.create()
    return str(login.session_key)


def make_session(*people: User) -> UUID:
    """A row that people take part in; of the rest nothing is asked here."""
    session = uuid7()
    with psycopg.connect(parameters(), autocommit=True) as raw:
        raw.execute("SET session_replication_role = replica")
        for person in people:
            raw.execute(
                "INSERT INTO participant (session_id, user_id, role) VALUES (%s, %s, 'guest')",
                [session, person.pk],
            )
    return session


def parameters() -> str:
    settings = connection.settings_dict
    keys = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    return psycopg.conninfo.make_conninfo(
        **{ours: settings[theirs] for ours, theirs in keys.items() if settings[theirs]}
    )


def note(subject: UUID, words: str = "session.noted", *, ring: bool = True) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (type, subject_type, subject_id, payload)"
            " VALUES (%s, 'session', %s, '{}'::jsonb)",
            [words, subject],
        )
        if ring:
            cursor.execute("NOTIFY tutelage")


def count_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


@dataclass
class Listening:
    """A browser, as far as events go."""

    socket: socket.socket
    received: bytes = b""
    events: list[tuple[str, str, str]] = field(default_factory=list)

    def read(self, seconds: float = 0.2) -> bool:
        """Read once; false when the stream has ended."""
        self.socket.settimeout(seconds)
        try:
            block = self.socket.recv(65536)
        except TimeoutError:
            return True
        self.received += block
        return bool(block)

    @property
    def text(self) -> str:
        return self.received.decode()

    def named(self) -> list[str]:
        return [line[7:] for line in self.text.splitlines() if line.startswith("event: ")]

    def ids(self) -> list[str]:
        return [line[4:] for line in self.text.splitlines() if line.startswith("id: ")]

    def wait_for(self, sought: str, seconds: float = 60) -> None:
        until = monotonic() + seconds
        while sought not in self.text:
            assert monotonic() < until, f"{sought} did not come; {self.text}"
            assert self.read(), f"ended before {sought} came; {self.text}"

    def wait_for_end(self, seconds: float) -> None:
        until = monotonic() + seconds
        while self.read():
            assert monotonic() < until, "still open"


@contextmanager
def listening(web: Served, login: str, *, last: str = "", buffer: int = 0) -> Iterator[Listening]:
    with web.connect(buffer) as connection:
        since = f"Last-Event-ID: {last}\r\n" if last else ""
        headers = f"Host: localhost\r\nCookie: login={login}\r\n{since}"
        connection.sendall(f"GET /events HTTP/1.1\r\n{headers}\r\n".encode())
        client = Listening(connection)
        client.wait_for("\r\n\r\n")
        if " 200 " in client.text.split("\r\n")[0]:
            client.wait_for("retry: ")
        yield client
