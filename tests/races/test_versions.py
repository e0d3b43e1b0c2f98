"""Nobody writes over what somebody else wrote unseen: twenty writers, or fifty with DEEP=1."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
from django.db import connection
from tests.races.rivals import Browser, Outcome, at_once, counted, program_of, timed

from tutelage.core.compiled import Reading
from tutelage.core.errors import Stale
from tutelage.domain.logs.models import PrivateNote
from tutelage.domain.meetings.models import Meeting
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.models import Session, SessionQuerySet
from tutelage.domain.sessions.services import rows as taking
from tutelage.domain.sessions.services.planning import rename_session
from tutelage.domain.sessions.tests.builders import make_log, make_session

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS: Final = 50 if os.environ.get("DEEP") else 20
SLOW_CHANGES: Final = """
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
    CREATE TRIGGER be_slow BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION be_slow();
"""


@dataclass(frozen=True)
class Shared:
    """A text that several may change, at its address."""

    person: User
    path: str
    field: str

    def read(self, client: httpx.Client) -> tuple[str, str]:
        reply = client.get(self.path)
        return reply.headers["ETag"], reply.json()[self.field]

    def write(self, client: httpx.Client, etag: str | None, text: str) -> httpx.Response:
        headers = {"If-Match": etag} if etag else {}
        return client.patch(self.path, json={self.field: text}, headers=headers)


def a_title() -> Shared:
    session = make_agreed(make_pair())
    Session.objects.update(title="0")
    return Shared(session.host, f"/api/sessions/{session.pk}", "title")


def goals() -> Shared:
    pair = make_pair(goals="0")
    return Shared(pair.mentee, f"/api/mentorships/{pair.program.uid}", "goals")


def a_log() -> Shared:
    session = make_session(make_pair(), status="completed")
    make_log(session, "0")
    return Shared(session.host, f"/api/sessions/{session.pk}/log", "outcomes")


SHARED: Final = [a_title, goals, a_log]


@pytest.fixture
def writers(addresses: list[str], request: pytest.FixtureRequest) -> Iterator[Any]:
    shared: Shared = request.param()
    clients = [program_of(addresses[n % 2], shared.person) for n in range(WRITERS)]
    yield shared, clients
    for client in clients:
        client.close()


@pytest.mark.parametrize("writers", SHARED, indirect=True)
def test_what_each_of_many_adds_is_there_in_the_end(
    writers: tuple[Shared, list[httpx.Client]],
) -> None:
    shared, clients = writers
    first = version_of(shared.read(clients[0])[0])

    def add(number: int) -> set[int]:
        answers = set[int]()
        while 200 not in answers:
            etag, text = shared.read(clients[number])
            answers.add(shared.write(clients[number], etag, f"{text} {number + 1}").status_code)
        return answers

    with ThreadPoolExecutor(len(clients)) as threads:
        answers = set[int]().union(*threads.map(add, range(len(clients))))

    etag, text = shared.read(clients[0])
    assert answers <= {200, 412}
    assert sorted(map(int, text.split())) == list(range(len(clients) + 1))
    assert version_of(etag) == first + len(clients)


def version_of(etag: str) -> int:
    return int(etag.strip('"'))


@pytest.mark.parametrize("writers", SHARED, indirect=True)
def test_of_many_who_saw_the_same_version_one_writes(
    writers: tuple[Shared, list[httpx.Client]],
) -> None:
    shared, clients = writers
    etag, _text = shared.read(clients[0])

    def attempt(client: httpx.Client, number: int) -> Callable[[], Outcome]:
        return lambda: timed(
            "api", lambda: str(shared.write(client, etag, f"By {number}").status_code)
        )

    told = counted(at_once([attempt(client, n) for n, client in enumerate(clients)]))

    assert told == {"api: 200": 1, "api: 412": len(clients) - 1}
    assert version_of(shared.read(clients[0])[0]) == version_of(etag) + 1
    assert shared.write(clients[0], None, "unseen").status_code == 428


def test_of_many_tabs_with_one_form_one_saves_and_the_others_keep_what_they_typed(
    addresses: list[str],
) -> None:
    pair = make_pair(goals="Before")
    path = f"/mentorships/{pair.program.uid}/change"
    tabs = [Browser(addresses[n % 2], pair.mentee) for n in range(8)]

    def send(number: int) -> httpx.Response:
        form = {"goals": f"Goal {number}", "cadence_days": "7", "version": "1"}
        return tabs[number].post(path, form)

    with ThreadPoolExecutor(len(tabs)) as threads:
        replies = list(threads.map(send, range(len(tabs))))
    for tab in tabs:
        tab.client.close()

    assert sorted(reply.status_code for reply in replies) == [302, *[412] * (len(tabs) - 1)]
    kept = [f"Goal {n}" in reply.text for n, reply in enumerate(replies)]
    assert kept == [reply.status_code == 412 for reply in replies]
    pair.refresh_from_db()
    assert (pair.version, replies[int(pair.goals.split()[1])].status_code) == (2, 302)


def test_who_sets_a_link_takes_away_no_backup_that_another_sets(addresses: list[str]) -> None:
    session = make_agreed(make_pair())
    client = program_of(addresses[0], session.host)
    path = f"/api/sessions/{session.pk}/meeting"
    fields = [("link", "backup")[n % 2] for n in range(WRITERS)]

    def put(number: int) -> int:
        link = f"https://meet.example.org/{number}"
        return client.put(path, json={fields[number]: link}).status_code

    with closing(client), ThreadPoolExecutor(WRITERS) as threads:
        assert set(threads.map(put, range(WRITERS))) == {204}
    meeting = Meeting.objects.get(session=session)
    assert fields[int(str(meeting.link_encrypted).rpartition("/")[2])] == "link"
    assert fields[int(str(meeting.backup_encrypted).rpartition("/")[2])] == "backup"


def test_a_note_of_ones_own_from_many_tabs_is_one_note(addresses: list[str]) -> None:
    session = make_agreed(make_pair())
    client, path = program_of(addresses[0], session.host), f"/api/sessions/{session.pk}/note"

    def put(number: int) -> int:
        return client.put(path, json={"text": f"Note {number}"}).status_code

    with closing(client), ThreadPoolExecutor(WRITERS) as threads:
        assert set(threads.map(put, range(WRITERS))) == {204}
    assert PrivateNote.objects.get().text in {f"Note {n}" for n in range(WRITERS)}


@pytest.fixture
def slow_changes() -> Iterator[None]:
    """Stretch the moment between looking at the version and writing the next one."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW_CHANGES)
        yield
        cursor.execute("DROP FUNCTION be_slow CASCADE")


def rename_at_once(pair: Mentorship, session: Session) -> dict[str, int]:
    def rename(number: int) -> str:
        try:
            rename_session(
                actor=pair.mentor,
                session_id=session.pk,
                title=str(number),
                seen_version=session.version,
            )
        except Stale:
            return "stale"
        return "done"

    def attempt(number: int) -> Callable[[], Outcome]:
        return lambda: timed("rename", lambda: rename(number))

    return counted(at_once([attempt(number) for number in range(2)]))


@pytest.mark.usefixtures("slow_changes")
def test_without_the_lock_both_write_and_one_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = make_pair()
    session = make_agreed(pair)
    assert rename_at_once(pair, session) == {"rename: done": 1, "rename: stale": 1}

    monkeypatch.setattr(SessionQuerySet, "select_for_update", lambda rows, **_of: rows)
    # What was compiled before has the lock in it still.
    monkeypatch.setattr(taking, "_locked", Reading(vars(taking)["_locked"].rows))
    assert any(both_write(pair, session) for _ in range(5))


def both_write(pair: Mentorship, session: Session) -> bool:
    """Two write, and one version comes of it. On a busy machine one of them may come too late."""
    session.refresh_from_db()
    outcome = rename_at_once(pair, session)
    after = Session.objects.get(pk=session.pk).version
    return (outcome, after) == ({"rename: done": 2}, session.version + 1)
