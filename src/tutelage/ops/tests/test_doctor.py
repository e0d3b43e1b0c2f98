import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from tutelage.config.environment import Environment, read
from tutelage.config.keys import keys_of
from tutelage.core.tests.ports import free_port
from tutelage.ops.doctor import database, machine
from tutelage.ops.doctor.findings import Finding
from tutelage.ops.tests.stack import tutelage


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    env = read({"TUTELAGE_HOME": str(tmp_path / "home")})
    keys_of(env)
    return env


def test_keys_that_others_can_read_are_a_failure_with_the_command_that_mends_it(
    env: Environment,
) -> None:
    path = env.home.keys / "secret_key"
    path.chmod(0o644)

    [finding] = machine.keys(env)

    assert finding.level == "fail"
    assert finding.remedy == f"chmod 600 '{path}'"
    path.chmod(0o600)
    assert levels(machine.keys(env)) == ["ok"]


def test_without_a_mail_server_it_warns(env: Environment) -> None:
    finding = machine.mail(env)

    assert (finding.level, finding.remedy) == ("warn", "set SMTP_HOST")


def test_a_mail_server_is_spoken_to(settings: Settings) -> None:
    port = free_port()
    env = read({"SMTP_HOST": "127.0.0.1"})
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False

    assert machine.mail(env).level == "fail", "nobody listens there yet"

    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    assert machine.mail(env).level == "ok"
    server.stop()


def test_a_full_disk_is_told_before_it_stops_the_database(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def level(free: int) -> str:
        monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(free))
        return machine.disk(env).level

    assert [level(10**10), level(5 * 10**8), level(10**8)] == ["ok", "warn", "fail"]


def test_the_pinned_zone_data_is_the_one_in_use() -> None:
    assert machine.zones().level == "ok"


@pytest.mark.django_db
def test_a_database_that_may_lose_what_was_saved_is_a_failure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    named = {finding.text.split()[0]: finding for finding in database.safety()}

    assert named["synchronous_commit"].level == "fail"
    assert "ALTER SYSTEM SET synchronous_commit = on" in named["synchronous_commit"].remedy


@pytest.mark.django_db
def test_a_database_as_it_should_be_is_well() -> None:
    for look in (database.version, database.migrations, database.clock, database.zones):
        assert levels(look()) in (["ok"], [])


@pytest.mark.django_db
def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_SERVER", 99)

    [finding] = database.version()

    assert finding.level == "fail"
    assert finding.remedy == "use PostgreSQL 99 or newer"


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_not_applied_is_a_failure() -> None:
    call_command("migrate", "tutelage_config", "zero", verbosity=0)
    try:
        [finding] = database.migrations()
    finally:
        call_command("migrate", "tutelage_config", verbosity=0)

    assert (finding.level, finding.remedy) == ("fail", "tutelage migrate")


@pytest.mark.django_db
def test_a_worker_is_missed_when_there_is_none_or_it_is_silent() -> None:
    assert levels(database.worker()) == ["warn"]
    heard("2 minutes")
    assert levels(database.worker()) == ["fail"]
    heard("1 second")
    assert levels(database.worker()) == ["ok"]


def test_a_database_that_does_not_answer_fails_with_exit_code_one(tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"postgresql://nobody@127.0.0.1:{unheard.getsockname()[1]}/none"
        report = tutelage("doctor", TUTELAGE_HOME=str(tmp_path), DATABASE_URL=address)

    assert report.returncode == 1
    assert "fail  database     It does not answer" in report.stdout
    assert "Mend it: check DATABASE_URL" in report.stdout


class Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def levels(findings: Iterator[Finding]) -> list[str]:
    return [finding.level for finding in findings]


def heard(ago: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)",
            [ago],
        )
