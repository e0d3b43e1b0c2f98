"""From a commit to another browser, while hundreds of pages are open; and what a page takes.

The moment of a commit is PostgreSQL's own note of it, on the same clock as the arrival.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

import psycopg
from django.conf import settings

from bench import product, serving
from bench.cast import Cast, cookie_of
from bench.measures import proportional_mb, share
from bench.verdict import Figure, Section
from tutelage.domain.people.models import User

PAGES: Final = 500
FIRST_PAGES: Final = 50  # open before memory is looked at: they make what a process makes once
WRITES: Final = 400
PAUSE_SECONDS: Final = 0.05
P50_MS, P99_MS, KILOBYTES = 20, 250, 30
SUBJECT: Final = re.compile(rb'"subject": "([0-9a-f-]{36})"')


@dataclass
class Browsers:
    """Open pages: each a connection that listens. What comes is written down with its time."""

    port: int
    arrived: list[tuple[int, float, bytes]] = field(default_factory=list)
    """Whose page, when, and what."""
    _selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)
    _stopped: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def open(self, person: int, cookie: str) -> None:
        page = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        request = (
            f"GET /events HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}\r\n\r\n"
        )
        page.sendall(request.encode())
        if not page.recv(1 << 16).startswith(b"HTTP/1.1 200"):
            raise RuntimeError("The events could not be listened to.")
        page.setblocking(False)
        self._selector.register(page, selectors.EVENT_READ, person)

    def listen(self) -> None:
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # they are sockets
        self._selector.close()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            for key, _mask in self._selector.select(timeout=0.2):
                text = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]  # as above
                self.arrived.append((key.data, time.time(), text))
                if not text:
                    self._selector.unregister(key.fileobj)


def measure_events(dsn: str) -> Iterator[Section]:
    product.turn_to(dsn)
    cast = Cast()
    people = _listeners(cast)
    cookies = {person: cookie_of(person) for person in people}
    with serving.web(dsn) as web, closing(Browsers(web.port)) as browsers:
        for person in people[:FIRST_PAGES]:
            browsers.open(person, cookies[person])
        before = proportional_mb(web.pid)
        for person in people[FIRST_PAGES:]:
            browsers.open(person, cookies[person])
        each_kb = (proportional_mb(web.pid) - before) * 1024 / (len(people) - FIRST_PAGES)
        browsers.listen()
        written = _write(web, cast)
        time.sleep(2)
        delays = list(_delays(dsn, browsers.arrived, written))
    if len(delays) < WRITES:
        raise RuntimeError(f"Of {WRITES} writes other browsers heard only {len(delays)} times.")
    yield Section(
        f"Event, commit → another browser, {len(people)} pages open",
        [
            Figure("p50", [share(delays, 0.5)], " ms", P50_MS),
            Figure("p99", [share(delays, 0.99)], " ms", P99_MS),
            Figure("longest", [max(delays)], " ms", note=f"of {len(delays)}"),
            Figure("memory a page", [each_kb], " kB", KILOBYTES),
        ],
    )


def _listeners(cast: Cast) -> list[int]:
    """Both sides of the pairs that will meet, and others, who hear nothing."""
    sides = {person for pair in cast.pairs for person in (pair.mentor_id, pair.mentee_id)}
    others = User.objects.exclude(pk__in=sides).order_by("pk").values_list("pk", flat=True)
    return [*others[: PAGES - len(sides)], *sorted(sides)][:PAGES]


def _write(web: serving.Server, cast: Cast) -> list[str]:
    """Mentors ask for times, one after the other, and their mentees' pages hear of it."""
    made = []
    with closing(serving.Client(web.port)) as client:
        for number in range(WRITES):
            answer = client.ask(cast.asks(number))
            if not answer.is_success:
                raise RuntimeError(f"A time could not be asked for: {answer.body[:500]!r}")
            made.append(answer.headers["location"].rpartition("/")[2])
            time.sleep(PAUSE_SECONDS)
    return made


def _delays(
    dsn: str, arrived: Sequence[tuple[int, float, bytes]], written: Sequence[str]
) -> Iterator[float]:
    """How long each event took to each page of somebody else than its author, in ms."""
    committed = _commits(dsn, written)
    for person, moment, text in arrived:
        for subject in SUBJECT.findall(text):
            at, author = committed.get(subject.decode(), (0.0, person))
            if person != author:
                yield (moment - at) * 1000


def _commits(dsn: str, sessions: Sequence[str]) -> dict[str, tuple[float, int]]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "select subject_id::text, "
            "extract(epoch from pg_xact_commit_timestamp((xid::text::bigint)::text::xid))::float8, "
            "actor_id from journal_entry where subject_id = any(%s::uuid[])",
            [list(sessions)],
        ).fetchall()
    return {subject: (at, actor) for subject, at, actor in rows}
