"""Half a year of one programme, played through the API: forty people, fifteen pairs, six zones.

Requests, answers, moves, cancellations, no-shows, disagreements, late logs and changes of zone,
across the clock changes of both hemispheres. After each step every invariant is checked. What the
worker writes down of pairs is up to date after some of the steps, and behind after others.
"""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from tests.half_year.days import Days
from tests.half_year.invariants import (
    check,
    check_each_session,
    check_ratings,
    check_what_each_sees,
)
from tests.half_year.programme import Programme
from tests.half_year.pulse import check_pulse, check_pulse_of

from tutelage.domain.insights.services import keep_facts
from tutelage.domain.insights.tests.agreement import read_at_once

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SWEPT = 0.2  # of the steps
LENGTH = timedelta(days=183)
EXPECTED = {
    "asked", "accepted", "countered", "declined", "withdrawn", "ran out", "moved", "move offered",
    "move declined", "cancelled", "cancelled late", "logged", "logged late", "no-show",
    "no-show agreed", "disagreed", "rated", "logged without a plan", "zone changed",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [2026])
def test_half_a_year_holds_every_invariant_after_every_step(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_at_once(monkeypatch)
    luck = Random(seed)  # noqa: S311 -- as below
    recalled = 0
    with time_machine.travel(FIRST, tick=False) as clock:
        programme = Programme(Random(seed))  # noqa: S311 -- the same half-year each time
        days = Days(programme)
        steps = signs = 0
        for day in range(LENGTH.days):
            clock.move_to(FIRST + timedelta(days=day, minutes=37 * day % 600))
            days.run_out()
            for pair in programme.pairs:
                before = days.counts.total()
                days.play(pair)
                if days.counts.total() > before:
                    check(programme)
                    recalled += check_pulse_of(pair, FIRST)
                    steps += 1
                if luck.random() < SWEPT:
                    keep_facts()
            check_each_session()
            check_what_each_sees(programme, programme.people[day % len(programme.people)])
            if day % 7 == 0:
                signs += check_pulse(programme, FIRST)
                check_ratings(programme)

    print(f"{steps} steps, {signs} signs, {recalled} recalled: {dict(sorted(days.counts.items()))}")
    assert signs > 0
    assert 0 < recalled < steps * len(programme.pairs)
    assert set(days.counts) >= EXPECTED
