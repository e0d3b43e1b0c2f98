import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tutelage.config.home import Home
from tutelage.ops import locks
from tutelage.ops.cluster import make_cluster
from tutelage.ops.database import SETTINGS, Database
from tutelage.ops.postgres import CannotRun, dying_with_parent, programs, runner
from tutelage.ops.tests.stack import tutelage

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
OPEN_AND_CLOSE = "while True: files = [open('/dev/null') for _file in range(50)]; del files[:]"
RESTLESS = [sys.executable, "-c", OPEN_AND_CLOSE]
LOOKS = 60
FAST = {**SETTINGS, "fsync": "off", "shared_buffers": "2MB"}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster that nobody has used yet, made once and copied."""
    home = Home(tmp_path_factory.mktemp("pristine"))
    home.make()
    make_cluster(home, durable=False)
    return home.cluster


@pytest.fixture
def home(tmp_path: Path, pristine: Path) -> Home:
    return furnish(tmp_path / "home", pristine)


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    database = Database(home, FAST)
    yield database
    database.stop()


def furnish(path: Path, pristine: Path) -> Home:
    home = Home(path)
    home.make()
    shutil.copytree(pristine, home.cluster)
    return home


def start(database: Database) -> None:
    database.start()
    until = time.monotonic() + 20
    while not database.is_ready():
        assert database.is_running(), database.last_words()
        assert time.monotonic() < until
        time.sleep(0.02)


def ask(home: Home, query: str) -> object:
    with psycopg.connect(home.embedded_database_url(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def write(home: Home, statement: str) -> None:
    with psycopg.connect(home.embedded_database_url()) as connection:
        connection.execute(statement.encode())


def test_it_starts_answers_and_listens_for_its_owner_alone(database: Database, home: Home) -> None:
    start(database)

    assert str(ask(home, "SHOW server_version")).startswith("18")
    assert ask(home, "SHOW listen_addresses") == ""
    assert ask(home, "SHOW data_checksums") == "on"
    assert ask(home, "SELECT datlocale FROM pg_database LIMIT 1") == "C.UTF-8"
    assert stat.S_IMODE(home.running.stat().st_mode) == 0o700


def test_what_was_committed_is_there_after_kill_9(home: Home) -> None:
    database = Database(home, SETTINGS)
    start(database)
    write(home, "CREATE TABLE kept AS SELECT 7 AS number")
    assert database.process is not None

    database.process.kill()
    database.process.wait()
    began = time.monotonic()
    start(database)

    assert ask(home, "SELECT number FROM kept") == 7
    assert time.monotonic() - began < 15
    database.stop()


def test_a_pid_file_whose_pid_is_somebody_elses_by_now_stops_nobody(
    database: Database, home: Home
) -> None:
    with subprocess.Popen(SLEEP) as other:
        pid_file = home.cluster / "postmaster.pid"
        pid_file.write_text(f"{other.pid}\n{home.cluster}\n1\n5432\n{home.running}\n\n1 1\n")
        refusal = plain_postgres(home)

        start(database)

        assert ask(home, "SELECT 1") == 1
        assert other.poll() is None, "the innocent process was ended"
        other.kill()
    assert "already exists" in refusal, "without our rule it would have started as well"


def plain_postgres(home: Home) -> str:
    """What PostgreSQL by itself says; it would not end if it started."""
    command = [*runner().before, str(programs() / "postgres"), "-D", str(home.cluster)]
    options = ["--listen_addresses=", f"--unix_socket_directories={home.running}"]
    return subprocess.run(
        [*command, *options], capture_output=True, text=True, timeout=10, check=False
    ).stderr


def test_one_that_outlived_its_supervisor_is_ended_before_the_next_starts(
    database: Database, home: Home
) -> None:
    start(database)
    write(home, "CREATE TABLE kept AS SELECT 7 AS number")
    orphan = database.process
    assert orphan is not None

    following = Database(home, FAST)
    start(following)

    assert orphan.wait(10) == 0
    assert ask(home, "SELECT number FROM kept") == 7
    following.stop()


def test_a_folder_held_by_somebody_out_of_sight_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = locks.take(home.running / "database.lock")
    monkeypatch.setattr(time, "monotonic", iter(range(0, 1000, 5)).__next__)

    with pytest.raises(CannotRun, match="another container"):
        Database(home, FAST).start()

    os.close(held)


def test_it_ends_with_the_process_that_started_it(home: Home) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tutelage.config.home import Home;"
        "from tutelage.ops.database import Database;"
        "database = Database(Home(Path(sys.argv[1]))); database.start();"
        "print(database.process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        postmaster = int(starter.stdout.readline())
        until = time.monotonic() + 30
        # What starts it takes its wish along before it becomes the server.
        while Path(f"/proc/{postmaster}/exe").resolve().name != "postgres":
            assert time.monotonic() < until
            time.sleep(0.02)
        starter.kill()

    until = time.monotonic() + 30
    while Path(f"/proc/{postmaster}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_ends_with_its_parent_heeds_the_signal_that_the_parent_ignores() -> None:
    """As whatever `nohup` started does; the server alone would lose it while it begins."""
    ignoring = (
        "import signal, subprocess, sys; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "subprocess.run(sys.argv[1:], check=True)"
    )
    telling = [sys.executable, "-c", "import signal; print(repr(signal.getsignal(signal.SIGINT)))"]
    said = [
        subprocess.check_output([sys.executable, "-c", ignoring, *before, *telling], text=True)
        for before in ((), dying_with_parent())
    ]
    assert "SIG_IGN" in said[0]
    assert "default_int_handler" in said[1]


def test_a_path_too_long_for_a_socket_gets_a_short_one_that_is_kept(
    tmp_path: Path, pristine: Path
) -> None:
    home = furnish(tmp_path / ("long" * 30) / "home", pristine)
    database = Database(home, FAST)
    start(database)
    folder = home.socket_folder()
    database.stop()

    start(database)

    assert ask(home, "SELECT 1") == 1
    assert home.socket_folder() == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    database.stop()
    shutil.rmtree(folder)


def test_a_socket_folder_that_others_may_enter_is_not_used_again(
    tmp_path: Path, pristine: Path
) -> None:
    home = furnish(tmp_path / ("long" * 30) / "home", pristine)
    planted = tmp_path / "planted"
    planted.mkdir()
    planted.chmod(0o777)
    home.socket_note.write_text(str(planted))
    database = Database(home, FAST)

    start(database)

    assert home.socket_folder() != planted
    assert ask(home, "SELECT 1") == 1
    database.stop()
    shutil.rmtree(home.socket_folder())


def test_what_an_interrupted_first_start_left_is_thrown_away(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    half = home.path / "database.new-half"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    make_cluster(home, durable=False)

    assert not half.exists()
    assert (home.cluster / "global" / "pg_control").exists()


def test_a_cluster_of_another_major_version_is_refused_and_not_touched(home: Home) -> None:
    (home.cluster / "PG_VERSION").write_text("16\n")

    with pytest.raises(CannotRun, match="made by PostgreSQL 16; this release runs 18"):
        Database(home, FAST).start()


def test_the_doctor_warns_of_a_database_without_checksums(database: Database, home: Home) -> None:
    disable = [*runner().before, str(programs() / "pg_checksums"), "--disable", "-D"]
    subprocess.run([*disable, str(home.cluster)], check=True, capture_output=True)
    start(database)

    report = tutelage("doctor", TUTELAGE_HOME=str(home.path))

    assert "warn  checksums    The database has none" in report.stdout
    assert "Mend it: stop the server, run: pg_checksums --enable" in report.stdout


def test_it_stops_in_order_and_can_be_stopped_twice(database: Database, home: Home) -> None:
    start(database)
    with psycopg.connect(home.embedded_database_url()):
        database.stop()
    database.stop()

    assert database.process is not None
    assert database.process.returncode == 0
    assert "shut down" in database.last_words()


def test_holders_of_a_lock_are_found_by_the_file_they_have_open(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = locks.take(path)
    with subprocess.Popen(SLEEP, pass_fds=[held]) as heir:
        os.close(held)

        assert locks.holders(path) == [heir.pid]
        with pytest.raises(locks.Held):
            locks.take(path)
        heir.send_signal(signal.SIGKILL)
    os.close(locks.take(path))


def test_a_holder_is_found_while_it_opens_and_closes_other_files(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = locks.take(path)
    last = fcntl.fcntl(held, fcntl.F_DUPFD, 100)  # looked at after those that come and go
    os.close(held)
    with subprocess.Popen(RESTLESS, pass_fds=[last]) as heir:
        os.close(last)

        found = [locks.holders(path) for _look in range(LOOKS)]
        heir.kill()

    assert found == [[heir.pid]] * LOOKS
