"""What is saved comes back whole, to the row and the byte; what is not whole does not come back."""

import json
import stat
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from zipfile import ZipFile

import psycopg
import pytest
from django.db import connection

from tutelage.domain.journal.models import Entry, ReaderCursor
from tutelage.domain.sessions.tests.builders import make_admin, make_session, make_token
from tutelage.ops import demo_data
from tutelage.ops.backup import programs, restoring
from tutelage.ops.backup.archive import DUMP, MANIFEST, Damaged, Refused, Sealed
from tutelage.ops.backup.tests.places import Place, empty_place, place_of_tests
from tutelage.ops.postgres import CannotRun

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = "SELECT a.n - b.n FROM (SELECT count(*) n FROM person) a, (SELECT count(*) n FROM twin) b"


@pytest.fixture
def demo(source: Place) -> Place:
    """Something in most tables."""
    demo_data.load()
    return source


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Place]:
    """An installation in use: a pair, what happened to it, and two files."""
    admin = make_admin(email="ana@example.org")
    for number in range(2):
        make_token(admin)
        make_session(title=f"Number {number}")
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "notes.pdf").write_bytes(bytes(range(256)) * 5_000)
    (folder / "écrit à la main.txt").write_bytes(b"")
    place = place_of_tests(folder)
    yield place
    connection.close()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Place]:
    with empty_place(tmp_path / "new" / "files") as place:
        yield place


def test_each_row_file_and_sequence_comes_back(demo: Place, target: Place, tmp_path: Path) -> None:
    saved = demo.save(tmp_path / "backup.zip")

    target.restore(tmp_path / "backup.zip")

    assert target.rows() == demo.rows()
    assert sum(table.rows for table in saved.tables.values()) > 500
    assert target.files_in_it() == demo.files_in_it()
    assert len(target.files_in_it()) == 2
    assert behind(target) == []


def behind(place: Place) -> list[object]:
    """Sequences that would give a number which a row has already."""
    owned = place.ask(
        "SELECT s.relname, t.relname, a.attname FROM pg_class s "
        "JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
        "JOIN pg_class t ON t.oid = d.refobjid "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
        "WHERE s.relkind = 'S'"
    )
    assert len(owned) > 20
    return [
        sequence
        for sequence, table, column in owned
        for [(largest,)] in [place.ask(f'SELECT coalesce(max("{column}"), 0) FROM "{table}"')]  # noqa: S608
        for [(next_one,)] in [place.ask(f"SELECT nextval('\"{sequence}\"')")]
        if int(str(next_one)) <= int(str(largest))
    ]


def test_it_is_one_moment_of_the_database_while_others_write(
    source: Place, target: Place, tmp_path: Path
) -> None:
    """Each transaction writes to two tables: no backup may see one of both."""
    source.tell("CREATE TABLE twin AS SELECT id FROM person")
    stopped, written = Event(), list[int]()

    def write() -> None:
        with psycopg.connect(source.url) as database:
            while not stopped.is_set():
                database.execute(
                    "INSERT INTO person (uid, email, name, name_folded, zone, locale, role, "
                    "is_active, joined_at, password) VALUES (gen_random_uuid(), "
                    "%s || '@example.org', 'W', 'w', 'UTC', 'en', 'user', true, now(), '!')",
                    [len(written)],
                )
                database.execute("INSERT INTO twin SELECT max(id) FROM person")
                database.commit()
                written.append(0)

    thread = Thread(target=write)
    thread.start()
    try:
        source.save(tmp_path / "backup.zip")
    finally:
        stopped.set()
        thread.join()
        apart = source.ask(PAIRS)
        source.tell("DROP TABLE twin")

    assert apart == [(0,)]
    assert len(written) > 10, "Nobody wrote meanwhile: the test shows nothing."
    target.restore(tmp_path / "backup.zip")
    assert target.ask(PAIRS) == [(0,)]


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(len(content) * share)]


def flipped(share: float) -> Callable[[bytes], bytes]:
    def flip(content: bytes) -> bytes:
        at = int(len(content) * share)
        return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]

    return flip


HARMS = [*map(cut, (0, 0.1, 0.5, 0.9, 0.999)), *map(flipped, (0.01, 0.2, 0.4, 0.6, 0.8))]


def test_a_damaged_backup_is_found_before_anything_is_written(
    source: Place, target: Place, tmp_path: Path
) -> None:
    path = tmp_path / "backup.zip"
    source.save(path)
    whole = path.read_bytes()
    for harm in HARMS:
        path.write_bytes(harm(whole))
        with pytest.raises(Damaged):
            target.restore(path)

    assert target.rows() == {}
    assert not target.files.exists()


def rewritten(path: Path, change: Callable[[bytes], bytes], **manifest: object) -> Path:
    """The same backup with another script in it, sealed anew: no digest tells of it."""
    made = path.with_name("other.zip")
    with ZipFile(path) as old, ZipFile(made, "w") as new:
        script = change(old.read(DUMP))
        seals = json.loads(old.read(MANIFEST)) | manifest
        seals["members"][DUMP] = Sealed(len(script), sha256(script).hexdigest())
        others = {DUMP: script, MANIFEST: json.dumps(seals).encode()}
        for name in old.namelist():
            new.writestr(name, others.get(name) or old.read(name))
    return made


def test_a_row_that_is_not_what_it_was_undoes_the_whole_restore(
    source: Place, target: Place, tmp_path: Path
) -> None:
    source.save(tmp_path / "backup.zip")
    changed = rewritten(tmp_path / "backup.zip", lambda script: script.replace(b"ana@", b"ann@", 1))

    with pytest.raises(CannotRun, match=r"Table \w+ is not what it was"):
        target.restore(changed)

    assert target.rows() == {}
    assert not target.files.exists()


def test_what_is_in_use_is_thrown_away_only_when_that_is_said(
    source: Place, target: Place, tmp_path: Path
) -> None:
    source.save(tmp_path / "backup.zip")
    target.restore(tmp_path / "backup.zip")
    target.tell("UPDATE person SET name = 'Somebody else'")
    (target.files / "more.txt").write_text("later")
    before = target.rows()

    with pytest.raises(Refused, match="--replace"):
        target.restore(tmp_path / "backup.zip")
    assert target.rows() == before

    target.restore(tmp_path / "backup.zip", replace=True)
    assert target.rows() == source.rows()
    assert target.files_in_it() == source.files_in_it()
    assert [path.name for path in target.files.parent.iterdir()] == ["files"]


def test_tables_of_something_else_are_never_thrown_away(
    source: Place, target: Place, tmp_path: Path
) -> None:
    source.save(tmp_path / "backup.zip")
    target.tell("CREATE TABLE ledger (id int)")

    with pytest.raises(Refused, match="something else"):
        target.restore(tmp_path / "backup.zip", replace=True)


def test_a_database_that_others_use_is_left_alone(
    source: Place, target: Place, tmp_path: Path
) -> None:
    source.save(tmp_path / "backup.zip")

    with psycopg.connect(target.url), pytest.raises(Refused, match="1 others are connected"):
        target.restore(tmp_path / "backup.zip")


def test_the_backup_of_a_newer_release_is_refused(
    source: Place, target: Place, tmp_path: Path
) -> None:
    made = source.save(tmp_path / "backup.zip")
    later = [*made.migrations, ("people", "9999_of_a_later_release")]
    newer = rewritten(tmp_path / "backup.zip", bytes, version="9.0.0", migrations=later)

    with pytest.raises(Refused, match=r"Tutelage 9\.0\.0, which is newer"):
        target.restore(newer)
    assert target.rows() == {}


def test_the_file_is_its_owners_alone_and_appears_whole_or_not_at_all(
    source: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    path = folder / "backup.zip"
    source.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()

    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1")
    with pytest.raises(psycopg.errors.QueryCanceled):
        source.save(path)
    assert path.read_bytes() == before
    assert list(folder.iterdir()) == [path]


def test_a_dump_that_breaks_off_is_no_backup(source: Place) -> None:
    with pytest.raises(CannotRun, match="pg_dump failed"):
        programs.dump(source.url, "00000000-00000000-1", lambda script: script.close())


def test_a_setting_that_older_servers_do_not_know_is_left_out_of_the_script() -> None:
    """PostgreSQL 15 and 16 would end the restore at it; what people wrote stays as it is."""
    head, said = b"SET lock_timeout = 0;\nSET transaction_timeout = 0;\n", b"x" * 3_000_000
    script = head + said + b"\nSET transaction_timeout = 0;\n"

    kept = b"".join(programs.blocks_of(BytesIO(script), lambda _size: None))

    assert kept == head[:22] + script[len(head) :]


def test_a_password_is_not_told_in_the_list_of_processes() -> None:
    told = programs.command("psql", "postgresql://ana:hunter2@db.example.org/tutelage")

    assert "user=ana" in told[-1]
    assert "hunter2" not in " ".join(told)
    assert programs.environment("password=hunter2")["PGPASSWORD"] == "hunter2"


def moved_to_a_server_that_counts_from_the_beginning(source: Place, path: Path) -> None:
    """The old server had seen many transactions; of the last two entries one was handed on.

    Another reader had come to the end.
    """
    source.tell("UPDATE journal_entry SET xid = (id + 90000000000)::text::xid8")
    [last, newest] = Entry.objects.order_by("-id")[:2][::-1]
    for reader, at in (("relay", last), ("pairs", newest)):
        ReaderCursor.objects.update_or_create(
            reader=reader, defaults={"xid": at.xid, "entry_id": at.pk}
        )
    source.save(path)


def unread(place: Place, reader: str = "relay") -> list[int]:
    """What a reader would be handed: entries behind its mark, below all that still runs."""
    rows = place.ask(
        "SELECT c.reader, e.id FROM journal_entry e, reader_cursor c "
        "WHERE (e.xid, e.id) > (c.xid, c.entry_id) "
        "AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.xid, e.id"
    )
    return [int(str(number)) for whose, number in rows if whose == reader]


def happens(place: Place) -> int:
    """One more entry; waits until all that began before it has ended, also elsewhere."""
    place.tell(
        "INSERT INTO journal_entry (type, subject_type, subject_id, payload) "
        "VALUES ('person.added', 'person', gen_random_uuid(), '{}')"
    )
    [(number, xid)] = place.ask("SELECT id, xid FROM journal_entry ORDER BY id DESC LIMIT 1")
    until = monotonic() + 60
    horizon = f"SELECT pg_snapshot_xmin(pg_current_snapshot()) > '{xid}'::xid8"
    while place.ask(horizon) != [(True,)]:
        assert monotonic() < until
        sleep(0.05)
    return int(str(number))


def test_the_journal_is_read_on_where_it_had_been_read_to(
    source: Place, target: Place, tmp_path: Path
) -> None:
    moved_to_a_server_that_counts_from_the_beginning(source, tmp_path / "backup.zip")
    unheard = Entry.objects.latest("id").pk

    target.restore(tmp_path / "backup.zip")

    assert (unread(target), unread(target, "pairs")) == ([unheard], [])
    later = happens(target)
    assert (unread(target), unread(target, "pairs")) == ([unheard, later], [later])


def test_with_the_numbers_of_the_old_server_nobody_would_be_told_any_more(
    source: Place, target: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "REBASE_JOURNAL", "")
    moved_to_a_server_that_counts_from_the_beginning(source, tmp_path / "backup.zip")

    target.restore(tmp_path / "backup.zip")
    happens(target)

    assert unread(target) == []
