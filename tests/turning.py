"""Each test begins a moment before a minute, an hour or a day turns: what reads two clocks fails.

Called as: TURN=day make test ARGS="-p tests.turning src/tutelage/web tests/permissions"

Tests of the database's own clock differ from it then, and fail rightly: those of `ops` and of
event streams.
"""

import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from random import choice
from typing import Final

import pytest
import time_machine

TURNS: Final = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(minutes=2)  # for what a test needs to be made before it begins
TURN: Final = pytest.StashKey[datetime]()
MOMENTS: Final = (0.01, 0.03, 0.06, 0.1, 0.2, 0.4, 0.8)  # some way into what it does, in seconds


def next_turn() -> datetime:
    """At least two minutes ahead."""
    every = TURNS[os.environ.get("TURN", "minute")]
    soon = datetime.now(UTC) + AHEAD
    return soon + (every - (soon - EPOCH) % every)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    turn = next_turn()
    item.stash[TURN] = turn
    with time_machine.travel(turn - AHEAD, tick=True):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    turn = item.stash[TURN]
    if not timedelta() < turn - datetime.now(UTC) <= AHEAD:
        return (yield)  # it has a time of its own
    with time_machine.travel(turn - timedelta(seconds=choice(MOMENTS)), tick=True):  # noqa: S311  # no secret
        return (yield)
