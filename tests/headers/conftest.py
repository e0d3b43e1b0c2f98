"""The whole web process, as behind a proxy that speaks TLS."""

from collections.abc import Iterator

import pytest

from tutelage.config.tests.serving import Served, serving

ADDRESS = "https://tutelage.example.org"


@pytest.fixture(scope="package")
def web(django_db_setup: None) -> Iterator[Served]:
    with serving("tutelage.config.asgi:application", BASE_URL=ADDRESS) as served:
        yield served
