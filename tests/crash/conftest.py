"""A whole installation to kill, and somebody who may book in it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.crash.installation import ADMIN

from tutelage.ops.tests.stack import Stack, tutelage


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "home")
    stack.start()
    yield stack
    if stack.is_running():
        stack.stop()


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    """An administrator's: what they book for a pair stands at once."""
    assert tutelage("user", ADMIN, "--name=Ana", "--role=admin", **stack.settings).returncode == 0
    token = tutelage("token", ADMIN, "--scope=write", **stack.settings).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    address = f"http://127.0.0.1:{stack.port}"
    with httpx.Client(base_url=address, headers=headers, timeout=10) as client:
        yield client
