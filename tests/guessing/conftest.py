"""Servers to guess at: two as they are, and one without limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker
from tests.guessing.guessers import GUARDED, UNGUARDED, servers_of

from tutelage.config.tests.serving import Served


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="package")
def every_server(
    home: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[Served]]:
    with django_db_blocker.unblock(), servers_of(home, GUARDED, GUARDED, UNGUARDED) as servers:
        yield servers


@pytest.fixture
def guarded(every_server: list[Served], transactional_db: None) -> Iterator[list[Served]]:
    """Two servers on one database, which nobody has tried anything at yet."""
    cache.clear()
    yield every_server[:2]
    cache.clear()


@pytest.fixture
def unguarded(every_server: list[Served], transactional_db: None) -> list[Served]:
    cache.clear()
    return every_server[2:]
