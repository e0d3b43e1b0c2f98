"""The bench's own arithmetic: what is held to which budget, and how rounds are put together."""

import os

import pytest

from bench.measures import Result, Round, cpu_ms, proportional_mb
from bench.verdict import Figure, Section, over, table


@pytest.mark.parametrize(
    ("value", "is_count", "is_over"),
    [(3, True, False), (4, True, True), (3.2, False, False), (3.4, False, True)],
)
def test_a_count_has_no_tolerance_and_a_ratio_a_tenth(
    value: float, is_count: bool, is_over: bool
) -> None:
    figure = Figure("figure", value, budget=3, is_count=is_count)
    assert figure.is_over is is_over


def test_what_has_no_budget_is_only_told() -> None:
    sections = [Section("List", [Figure("CPU", 900, " ms")])]
    assert over(sections) == []
    assert "| List | CPU | 900.0 ms | – |" in table(sections)


def test_what_is_over_its_budget_is_named() -> None:
    sections = [Section("List", [Figure("SQL", 4, budget=3, is_count=True)])]
    assert over(sections) == ["List, SQL: 4, budget ≤ 3"]
    assert "**over**" in table(sections)


def test_one_disturbed_round_does_not_move_the_ratio() -> None:
    quiet = [Round(cpu_ms=2, p50_ms=3)] * 2
    floor = [Round(cpu_ms=1, p50_ms=2)] * 3
    result = Result([*quiet, Round(cpu_ms=50, p50_ms=60)], floor)
    assert result.cpu_ratio == 2
    assert result.p50_ratio == 1.5


def test_a_process_that_computes_is_seen_to() -> None:
    before = cpu_ms([os.getpid()])
    sum(number * number for number in range(500_000))
    assert cpu_ms([os.getpid()]) - before > 5


def test_memory_is_counted_in_megabytes() -> None:
    assert 5 < proportional_mb(os.getpid()) < 2_000
