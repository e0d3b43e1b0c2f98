import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from tutelage.config.environment import Environment, read
from tutelage.config.keys import keys_of
from tutelage.config.tests.serving import serving
from tutelage.core.clock import now
from tutelage.core.tests.ports import free_port
from tutelage.domain.notifications.lifecycle import NoticeKind
from tutelage.domain.notifications.models import Notice
from tutelage.domain.scheduling.tests.zone_data import NewRules, new_rules
from tutelage.domain.sessions.tests.builders import make_session
from tutelage.ops.doctor import database, machine
from tutelage.ops.doctor.address import address
from tutelage.ops.doctor.choices import choices
from tutelage.ops.doctor.findings import Finding
from tutelage.ops.tests.stack import tutelage

__all__ = ["new_rules"]


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


def test_a_home_that_others_can_read_is_told(env: Environment) -> None:
    assert levels(machine.home(env)) == ["ok"]
    env.tutelage_home.chmod(0o755)

    [finding] = machine.home(env)

    assert finding.level == "warn"
    assert finding.remedy == f"chmod go-rw '{env.tutelage_home}'"


def test_a_home_that_cannot_be_written_to_is_a_failure(
    env: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere

    assert levels(machine.home(env)) == ["fail"]


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


def test_the_pinned_zone_data_is_the_one_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.zones().level == "ok"

    monkeypatch.setattr("tzdata.IANA_VERSION", "2019c")
    assert machine.zones().level == "warn"
    monkeypatch.setattr("zoneinfo.TZPATH", ("/usr/share/zoneinfo",))
    assert "PYTHONTZPATH" in machine.zones().remedy


DANGERS = [
    ({"BASE_URL": "http://tutelage.example.org"}, "fail", "passwords travel readable"),
    ({"BASE_URL": "https://tutelage.example.org"}, "warn", "no proxy is trusted"),
    ({"HOST": "0.0.0.0", "TRUSTED_PROXIES": "1"}, "warn", "can claim any address"),  # noqa: S104
    ({"SIGNUP": "open"}, "warn", "Anybody may sign up"),
    (
        {"SMTP_HOST": "smtp.example.org", "SMTP_USER": "a", "SMTP_SECURITY": "none"},
        "fail",
        "password for smtp.example.org",
    ),
    ({"DATABASE_URL": "postgresql://a@db.example.org/a"}, "warn", "db.example.org, or may"),
    ({"HTTP_ALLOWED_NETWORKS": "0.0.0.0/0"}, "fail", "this machine's own services"),
    ({"HTTP_ALLOWED_NETWORKS": "10.0.0.0/8,::/0"}, "fail", "::/0 lets"),
    ({"TUTELAGE_PROFILE": "test"}, "fail", "known to everybody"),
]


@pytest.mark.parametrize(("said", "level", "text"), DANGERS)
def test_a_setting_that_is_dangerous_is_told(said: dict[str, str], level: str, text: str) -> None:
    [finding] = choices(read(said))

    assert (finding.level, finding.subject) == (level, "settings")
    assert text in finding.text
    assert finding.remedy


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"BASE_URL": "https://tutelage.example.org", "TRUSTED_PROXIES": "1"},
        {"DATABASE_URL": "postgresql://a@db.example.org/a?sslmode=verify-full"},
        {"DATABASE_URL": "postgresql://a@localhost/a", "HTTP_ALLOWED_NETWORKS": "10.1.2.0/24"},
        {"SIGNUP": "open", "SMTP_HOST": "smtp.example.org", "SMTP_USER": "a"},
    ],
)
def test_usual_settings_are_not_called_dangerous(said: dict[str, str]) -> None:
    assert levels(choices(read(said))) == ["ok"]


def test_an_address_that_leads_nowhere_or_elsewhere_is_told() -> None:
    env = read({"PORT": str(free_port())})
    assert address(env).level == "warn"

    server = ThreadingHTTPServer(("127.0.0.1", env.port), SimpleHTTPRequestHandler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        finding = address(env)
        tls = address(read({"PORT": str(env.port), "BASE_URL": f"https://localhost:{env.port}"}))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

    assert (finding.level, "Something else answers" in finding.text) == ("fail", True)
    assert (tls.level, "does not answer" in tls.text) == ("warn", True)


@pytest.mark.django_db(transaction=True)
def test_an_address_that_leads_here_is_well() -> None:
    with serving("tutelage.config.asgi:application") as web:
        finding = address(read({"PORT": str(web.port)}))

    assert finding.level == "ok"


@pytest.mark.django_db
def test_a_database_that_may_lose_what_was_saved_is_a_failure() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    named = {finding.text.split()[0]: finding for finding in database.safety()}

    assert named["synchronous_commit"].level == "fail"
    assert "ALTER SYSTEM SET synchronous_commit = on" in named["synchronous_commit"].remedy


@pytest.mark.django_db
def test_a_database_as_it_should_be_is_well() -> None:
    looks = (database.version, database.migrations, database.clock, database.zones)
    for look in (*looks, database.checksums, database.notices):
        assert levels(look()) == ["ok"]


@pytest.mark.django_db
def test_a_clock_that_differs_is_told_and_one_that_is_wrong_is_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = time.time()

    def level(seconds: float) -> str:
        monkeypatch.setattr("time.time", lambda: here + seconds)
        [finding] = database.clock()
        return finding.level

    assert [level(-600), level(15), level(600)] == ["fail", "warn", "fail"]


@pytest.mark.django_db
def test_a_mail_that_is_late_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session()
    Notice.objects.create(
        person=session.host,
        kind=NoticeKind.ACCEPTED,
        session=session,
        slot_start=session.starts_at,
        due_at=now() - timedelta(minutes=7),
    )

    [finding] = database.notices()

    assert (finding.level, finding.text) == ("fail", "Mails have been waiting for 7 minutes.")


@pytest.mark.django_db
def test_zones_that_the_database_has_other_rules_for_are_named(new_rules: NewRules) -> None:
    new_rules("Europe/Berlin", "Africa/Lagos")
    new_rules("America/Bogota", "America/New_York")

    [finding] = database.zones()

    assert finding.level == "ok"
    named = finding.text.removeprefix("The database has other rules for ").partition(". ")[0]
    assert {"America/Bogota", "Europe/Berlin"} <= set(named.split(", "))
    assert "Europe/Paris" not in named


@pytest.mark.django_db
def test_zone_data_that_is_not_the_pinned_one_is_told(new_rules: NewRules) -> None:
    new_rules("Europe/Berlin", "Africa/Lagos")

    finding = machine.zones()

    assert (finding.level, "not from the pinned" in finding.text) == ("warn", True)


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
