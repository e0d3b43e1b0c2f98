"""A whole installation to kill, and somebody who may book in it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.crash.installation import client_of

from tutelage.ops.tests.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "home")
    stack.start()
    yield stack
    if stack.is_running():
        stack.stop()


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    with client_of(stack.port, stack.settings) as client:
        yield client
