"""Web processes are killed several times a second while clients book and ask again."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import SystemRandom

import httpx
import pytest
from tests.crash.clients import Booker
from tests.crash.report import compare
from tests.faults.ledger import Ledger
from tests.faults.nursery import Nursery, nursery

from tutelage.core.clock import now
from tutelage.domain.people.tests.builders import make_admin, make_token
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.models import Session

DEEP = bool(os.environ.get("DEEP"))
SECONDS = 60 if DEEP else 6
FEWEST_KILLS = 100 if DEEP else 8
CLIENTS = 8
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """The port stays while those who answer at it come and go, as under the supervisor."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield listener


@pytest.fixture
def client(listener: socket.socket) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {make_token(make_admin())}"}
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
    with httpx.Client(base_url=address, headers=headers, timeout=20, limits=limits) as client:
        yield client


def kill_again_and_again(born: Nursery, ledger: Ledger) -> list[float]:
    """When each was killed. Of two processes one is always left, and may be as new."""
    chance, kills, until = SystemRandom(), list[float](), time.monotonic() + SECONDS
    alive = [born.start("web"), born.start("web")]
    began = time.monotonic()
    while not ledger.since(began):
        assert time.monotonic() < began + 60, "Nothing was answered."
        time.sleep(0.05)
    while time.monotonic() < until or len(kills) < FEWEST_KILLS:
        time.sleep(chance.uniform(0.1, 0.4))
        victim = alive.pop(0)
        kills.append(time.monotonic())
        os.kill(victim, signal.SIGKILL)
        alive.append(born.start("web"))
    return kills


def longest_silence(kills: list[float], ledger: Ledger) -> float:
    """From a kill to the first success that was asked for after it."""
    return max(after[0][0] if (after := ledger.since(each)) else 0.0 for each in kills)


def test_nothing_acknowledged_is_lost_or_done_twice_when_web_is_killed_again_and_again(
    listener: socket.socket, client: httpx.Client, tmp_path: Path
) -> None:
    ledger, first = Ledger(), now().replace(hour=0, minute=0) + timedelta(days=2)
    pairs = [str(make_pair().program.uid) for _ in range(CLIENTS)]
    with nursery(listener, tmp_path / "log") as born:
        bookers = [Booker(client, pair, first, ledger, pause=0.02) for pair in pairs]
        kills = kill_again_and_again(born, ledger)
        for booker in bookers:
            booker.stop()

    rows = Session.objects.values_list("id", "program", "starts_at")
    report = compare(ledger, ((str(made), (pair, at)) for made, pair, at in rows))
    silence = longest_silence(kills, ledger)
    print(f"\n{len(kills)} kills of web: {report}; first success after at most {silence:.1f} s")
    assert report.acknowledged > 10
    assert report.in_doubt > 0, "Nothing was at work when it was killed: the test shows nothing."
    assert (report.lost, report.duplicated, ledger.faults) == (set(), [], [])
    assert Session.objects.count() == report.acknowledged
