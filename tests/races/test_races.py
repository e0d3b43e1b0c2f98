"""Fifty take one hour at once, by every way there is, on two servers: one has it.

Twenty rounds, or two hundred with DEEP=1. With the guards away each way has to lose its race.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from tests.faults.nothing import find_nobody, lock_nothing
from tests.races.rivals import Attempt, Outcome, at_once, counted, overlaps, slowest, timed
from tests.races.rivals import said_by_api as said
from tests.races.ways import WAYS, Ground, Seat

from tutelage.config.tests.serving import serving
from tutelage.core.clock import now
from tutelage.domain.imports.services import writing
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.scheduling.services import offering, reserving
from tutelage.domain.scheduling.tests.builders import make_request, whole_hour
from tutelage.domain.sessions.models import Session

DEEP = bool(os.environ.get("DEEP"))
ROUNDS = 200 if DEEP else 20
ROUNDS_OF_OFFERS = 20 if DEEP else 1
WRITERS = 50
# In the deep form this runs alone; beside other tests a time says only that nobody waits for ever.
LONGEST_WAIT = 2.0 if DEEP else 20.0
REFUSALS = {"slot_taken at local_start", "time_not_free at local_start", "429"}
# The row's own pair may have won by another way: then it is here already.
OF_IMPORTS = {"refused at date", "unchanged at "}
BY_BUTTON = {"book on page", "reinstate on page"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ground(addresses: list[str]) -> Iterator[Ground]:
    made = Ground(addresses)
    yield made
    made.close()


@pytest.fixture(scope="session")
def unguarded(django_db_setup: None) -> Iterator[list[str]]:
    with serving("tests.faults.unguarded:application") as served:
        yield [f"http://127.0.0.1:{served.port}"]


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


def race(ground: Ground, number: int, writers: int = WRITERS) -> list[Outcome]:
    """One round: all ways are made ready, and then all run."""
    start, ways = whole_hour(days=3) + timedelta(hours=2 * number), list(WAYS.items())
    attempts = [
        way(name, Seat(ground, n), start)
        for n in range(writers)
        for name, way in [ways[(n + number) % len(ways)]]
    ]
    return at_once(attempts)


def is_fair(outcome: Outcome) -> bool:
    """Whether it won, or was told at the field why not, where there is one."""
    if outcome.way == "import":
        refusals = OF_IMPORTS
    elif outcome.way in BY_BUTTON:
        refusals = {"taken, at the top", "429"}
    else:
        refusals = {"taken at day", "429"} if "page" in outcome.way else REFUSALS
    return outcome.won or outcome.answer in refusals


@pytest.mark.alone
def test_of_fifty_by_every_way_one_wins_and_the_others_are_told_at_the_field(
    ground: Ground,
) -> None:
    outcomes = list[Outcome]()
    for number in range(ROUNDS):
        round_of = race(ground, number)
        outcomes += round_of

        assert sum(outcome.won for outcome in round_of) == 1, counted(round_of)
        assert counted([each for each in round_of if not is_fair(each)]) == {}
        assert overlaps() == 0

    print(f"{len(outcomes)} attempts, slowest of 99 in 100: {slowest(outcomes):.2f} s")
    print({each.way for each in outcomes if each.won})
    assert slowest(outcomes) <= LONGEST_WAIT


def accepting(ground: Ground, session: Session) -> Attempt:
    client = Seat(ground, 0).program(ground.pairs[0].mentor)
    path, body = f"/api/sessions/{session.pk}", {"action": "accept"}
    return lambda: timed("accept", lambda: said(client.post(path, json=body)))


@pytest.mark.parametrize("runs_out", [False, True])
def test_accepting_an_offered_hour_against_everybody_who_wants_it(
    ground: Ground, runs_out: bool
) -> None:
    """It is held for who offered it; once the offer has run out it is anybody's but theirs."""
    for number in range(ROUNDS_OF_OFFERS):
        start = whole_hour(days=3) + timedelta(hours=2 * number)
        ways = [way for way in WAYS.items() if "reinstate" not in way[0]]
        rivals = [way(name, Seat(ground, n), start) for n, (name, way) in enumerate(ways * 2)]
        session = make_request(ground.pairs[0], start)
        if runs_out:
            past = now() - timedelta(minutes=1)
            TimeOffer.objects.filter(session=session).update(expires_at=past)
            Reservation.objects.filter(session=session).update(expires_at=past)

        outcomes = at_once([accepting(ground, session), *rivals])

        won = [outcome.way for outcome in outcomes if outcome.won]
        assert len(won) == 1, counted(outcomes)
        assert (won == ["accept"]) is not runs_out
        assert overlaps() == 0


@pytest.mark.usefixtures("no_constraint", "no_guards_here")
def test_without_the_guards_several_win_the_same_hour_by_each_way(unguarded: list[str]) -> None:
    ground, lost = Ground(unguarded), dict[str, object]()
    for number, (name, way) in enumerate(WAYS.items()):
        start = whole_hour(days=3) + timedelta(hours=2 * number)
        outcomes = at_once([way(name, Seat(ground, n), start) for n in range(4)])
        if sum(outcome.won for outcome in outcomes) < 2:
            lost[name] = counted(outcomes)
    ground.close()

    assert lost == {}, "Whatever held here is no guard that was meant."
    assert overlaps() > 0
