"""Two servers of the product on one database, kept for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tutelage.config.tests.serving import Served, serving

PRODUCT = "tutelage.config.asgi:application"


@pytest.fixture(scope="session")
def servers(django_db_setup: None) -> Iterator[list[Served]]:
    with serving(PRODUCT) as one, serving(PRODUCT) as other:
        yield [one, other]


@pytest.fixture(scope="session")
def addresses(servers: list[Served]) -> list[str]:
    return [f"http://127.0.0.1:{served.port}" for served in servers]
