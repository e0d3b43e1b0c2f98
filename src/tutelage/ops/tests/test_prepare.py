"""Bringing the database up to date while others work in it."""

from threading import Event, Thread, Timer

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tutelage.config import environment
from tutelage.ops import prepare


@pytest.fixture
def outdated(transactional_db: None) -> None:
    """A step is to be taken: the one that makes the table of the cache."""
    call_command("migrate", "tutelage_config", "zero", verbosity=0)


def begin_the_same(begun: Event, let_go: Event) -> None:
    """Somebody's transaction that the step has to wait for."""
    parameters = connection.get_connection_params()
    known = {name: parameters[name] for name in ("dbname", "user", "host", "port")}
    with psycopg.connect(**known) as other:
        other.execute("CREATE TABLE cache_entry ()")
        begun.set()
        let_go.wait(60)
        other.rollback()


def lock_timeout() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_where_all_is_applied_no_migration_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(prepare, "MigrationExecutor")

    prepare.migrate(environment.read())


@pytest.mark.django_db
def test_one_that_is_not_applied_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    applied = MigrationRecorder(connection).applied_migrations()
    loader = MigrationLoader(connection)
    assert prepare._names() == loader.disk_migrations.keys() <= applied.keys()

    applying, unapplied = list[str](), loader.graph.leaf_nodes()[::5]
    monkeypatch.setattr(prepare, "_apply", lambda: applying.append("again"))
    for each in unapplied:
        MigrationRecorder(connection).record_unapplied(*each)
        prepare.migrate(environment.read())
        MigrationRecorder(connection).record_applied(*each)
    assert len(applying) == len(unapplied) > 1


@pytest.mark.usefixtures("outdated")
def test_a_step_gives_way_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, let_go, usual = Event(), Event(), lock_timeout()
    other = Thread(target=begin_the_same, args=(begun, let_go))
    other.start()
    assert begun.wait(60)
    monkeypatch.setattr(prepare, "LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(prepare, "MIGRATION_PAUSE_SECONDS", 0.1)

    monkeypatch.setattr(prepare, "MIGRATION_TRIES", 2)
    with pytest.raises(OperationalError, match="lock timeout"):
        prepare.migrate(environment.read())
    assert "cache_entry" not in connection.introspection.table_names()

    monkeypatch.setattr(prepare, "MIGRATION_TRIES", 600)
    later = Timer(0.5, let_go.set)
    later.start()
    prepare.migrate(environment.read())

    later.join()
    other.join()
    assert "cache_entry" in connection.introspection.table_names()
    assert lock_timeout() == usual
