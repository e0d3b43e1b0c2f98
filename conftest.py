"""Names what was not run: a number of skipped tests alone is overlooked. What many tests need."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection, connections, transaction
from django.db.models.signals import post_migrate  # noqa: TID251  # only to be rid of it
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker

settings.register_profile("busy", deadline=None)  # a slow machine is no mistake of the product
settings.load_profile("busy")
QUEUE = (
    "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, "
    "procrastinate_workers"
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Django would list models and permissions anew after each test that commits: nobody asks."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def emptied_queue(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """What commits leaves its jobs and workers, for Django empties no table that is not its own."""
    yield
    mark = request.node.get_closest_marker("django_db")
    commits = mark is not None and mark.kwargs.get("transaction")
    if commits or "transactional_db" in request.fixturenames:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(QUEUE)


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[ThreadPoolExecutor]:
    """A second connection to the database, in a thread of its own, with a transaction open."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(transaction.set_autocommit, False).result()
        yield thread
        thread.submit(connections.close_all).result()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [report.nodeid for report in skipped if "browser" in report.keywords]
    if missing:
        terminalreporter.section("Not run: there is no Chromium. Install it, or set CHROMIUM")
        terminalreporter.write_line("\n".join(missing))
    others = [report for report in skipped if "browser" not in report.keywords]
    if others:
        terminalreporter.section("Not run, and why")
        for report in others:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.write_line(f"{report.nodeid}: {reason}")
