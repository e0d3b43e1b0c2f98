"""The bench's own arithmetic: what is held to which budget, and how rounds are put together."""

import os

import pytest

from bench.document import table_of_operations, table_of_others
from bench.measures import Result, Round, cpu_ms, proportional_mb, share
from bench.verdict import Figure, Section, above_target, over


@pytest.mark.parametrize(
    ("values", "is_count", "is_over"),
    [
        ([3], True, False),
        ([4], True, True),
        ([3, 4], True, True),
        ([3.2], False, False),
        ([3.4], False, True),
        ([1, 3.4], False, True),
    ],
)
def test_a_count_has_no_tolerance_and_a_ratio_a_tenth(
    values: list[float], is_count: bool, is_over: bool
) -> None:
    figure = Figure("figure", values, budget=3, is_count=is_count)
    assert figure.is_over is is_over


def test_what_must_not_be_at_all_is_over_at_one() -> None:
    assert not Figure("lost", [0], budget=0, is_count=True).is_over
    assert Figure("lost", [1], budget=0, is_count=True).is_over


def test_what_has_no_budget_is_only_told() -> None:
    sections = [Section("List", [Figure("CPU", [900], " ms")])]
    assert over(sections) == []
    assert "| List | CPU | 900 ms | – |" in table_of_others(sections)


def test_what_is_over_its_budget_is_named() -> None:
    figure = Figure("SQL statements", [3, 4], budget=3, is_count=True)
    sections = [Section("List", [figure], is_operation=True)]
    assert over(sections) == ["List, SQL statements: 3 · 4, budget ≤ 3"]
    assert "| List | **3 · 4 ≤ 3** |" in table_of_operations(sections)


def test_what_is_above_a_target_is_marked_and_refuses_nothing() -> None:
    sections = [Section("List", [Figure("CPU, by the size", [1.6], " ×", target=1.3)])]
    assert over(sections) == []
    assert above_target(sections) == ["List, CPU, by the size: 1.60 ×, target ≤ 1.3 ×"]


def test_one_disturbed_round_does_not_move_the_ratio() -> None:
    quiet = [Round(cpu_ms=2, times_ms=[3])] * 2
    floor = [Round(cpu_ms=1, times_ms=[2])] * 3
    result = Result([*quiet, Round(cpu_ms=50, times_ms=[60])], floor)
    assert result.cpu_ratio == 2
    assert result.p50_ratio == 1.5


def test_what_is_slow_now_and_then_shows_in_the_ninety_ninth_part() -> None:
    assert share([*[1.0] * 97, 9, 9, 9], 0.5) == 1
    assert share([*[1.0] * 97, 9, 9, 9], 0.99) == 9


def test_a_process_that_computes_is_seen_to() -> None:
    before = cpu_ms([os.getpid()])
    sum(number * number for number in range(500_000))
    assert cpu_ms([os.getpid()]) - before > 5


def test_memory_is_counted_in_megabytes() -> None:
    assert 5 < proportional_mb(os.getpid()) < 2_000
