"""Fifty book one hour at once, by page, API and import, on two servers: one wins.

Three rounds, or twenty with DEEP=1. With the guards away the same race has to be lost.
"""

import os
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection
from tests.faults.nothing import find_nobody, lock_nothing
from tests.races.rivals import (
    Attempt,
    ByApi,
    ByImport,
    ByPage,
    Outcome,
    at_once,
    counted,
    overlaps,
    pairs_of_three,
    slowest,
)

from tutelage.config.tests.serving import Served, serving
from tutelage.domain.imports.services import writing
from tutelage.domain.people.tests.builders import make_admin
from tutelage.domain.scheduling.models import Reservation
from tutelage.domain.scheduling.services import offering, reserving
from tutelage.domain.scheduling.tests.builders import whole_hour
from tutelage.domain.sessions.models import Session

DEEP = bool(os.environ.get("DEEP"))
ROUNDS = 20 if DEEP else 3
WRITERS = 50
IMPORTS = 4
# The deep form runs alone; beside other tests a time says only that nobody waits for ever.
LONGEST_WAIT = 2.0 if DEEP else 10.0
pytestmark = pytest.mark.django_db(transaction=True)


class Race:
    """Writers on two servers, and files that wait to be imported."""

    def __init__(self, servers: list[Served], writers: int = WRITERS) -> None:
        pairs, admin = pairs_of_three(), make_admin()
        ways = (ByApi, ByPage)
        self.clients = [
            ways[n % 2](f"http://127.0.0.1:{servers[n // 2 % 2].port}", pairs[n % len(pairs)])
            for n in range(writers - IMPORTS)
        ]
        self.imports = [ByImport(admin, pairs[n % len(pairs)]) for n in range(IMPORTS)]

        for client in self.clients:
            client.look()

    def run(self, number: int) -> list[Outcome]:
        start = whole_hour(days=3 + number)
        attempts: list[Attempt] = [partial(each.book, start) for each in self.clients]
        attempts += [partial(each.run, each.stage(start)) for each in self.imports]
        return at_once(attempts)

    def close(self) -> None:
        for each in self.clients:
            each.client.close()


@pytest.fixture
def servers(request: pytest.FixtureRequest) -> Iterator[list[Served]]:
    with serving(request.param) as one, serving(request.param) as other:
        yield [one, other]


@pytest.fixture
def no_constraint() -> Iterator[None]:
    [guard] = [c for c in Reservation._meta.constraints if c.name.endswith("at_a_time")]
    with connection.schema_editor() as schema:
        schema.remove_constraint(Reservation, guard)
    yield
    Reservation.objects.all().delete()
    with connection.schema_editor() as schema:
        schema.add_constraint(Reservation, guard)


@pytest.fixture
def no_guards_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports run in this process, and not on a server."""
    for module in (offering, writing):
        monkeypatch.setattr(module, "lock_calendars", lock_nothing)
    monkeypatch.setattr(reserving, "find_busy", find_nobody)


@pytest.mark.parametrize("servers", ["tutelage.config.asgi:application"], indirect=True)
def test_of_fifty_by_every_way_one_wins_and_the_others_are_told_at_the_field(
    servers: list[Served],
) -> None:
    race, outcomes = Race(servers), list[Outcome]()
    for number in range(ROUNDS):
        round_of = race.run(number)
        outcomes += round_of
        told = counted(round_of)
        won = [said for said in told if said.endswith(": 201")]

        assert sum(told[said] for said in won) == 1, told
        assert told.keys() - set(won) <= {
            "api: slot_taken at local_start",
            "page: slot_taken at day",
            "import: refused at date",
            # The row's own pair has won, by another way: it is here already.
            "import: unchanged at ",
        }
        assert Session.objects.count() == number + 1
        assert overlaps() == 0
    race.close()

    print(f"{len(outcomes)} attempts, slowest of 99 in 100: {slowest(outcomes):.2f} s")
    assert slowest(outcomes) <= LONGEST_WAIT


@pytest.mark.usefixtures("no_constraint", "no_guards_here")
@pytest.mark.parametrize("servers", ["tests.faults.unguarded:application"], indirect=True)
def test_without_the_guards_several_win_the_same_hour(servers: list[Served]) -> None:
    race = Race(servers)

    told = counted(race.run(0))
    race.close()

    assert sum(number for said, number in told.items() if said.endswith(": 201")) > 1, told
    assert overlaps() > 0
