"""A PostgreSQL for each of the processes that share the tests.

On one server they would hold each other up: what may be read of the journal ends where the oldest
transaction of all has begun, and a test can be one transaction for a minute.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest
from tests.with_database import served


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Before Django reads its settings."""
    if "PYTEST_XDIST_WORKER" in os.environ and not os.environ.get("TEST_DATABASE_URL"):
        until_the_end = ExitStack()
        os.environ["DATABASE_URL"] = until_the_end.enter_context(served())
        early_config.add_cleanup(until_the_end.close)
    return (yield)
