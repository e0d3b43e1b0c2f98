"""Figures beside their budgets, and which of them are over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import getloadavg
from typing import Final

from bench.measures import TOLERANCE

BOUNDED: Final = 1.3
"""How much more an operation should cost at most with a hundred times as many sessions."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was found, once for each size of the database if it was taken on several.

    Without a budget it is only told; counts are held to it exactly. What is above a target is
    marked, and refuses nothing.
    """

    name: str
    values: Sequence[float]
    unit: str = ""
    budget: float | None = None
    is_count: bool = False
    target: float | None = None
    note: str = ""

    @property
    def is_over(self) -> bool:
        """Whether one of them is more than the budget allows."""
        allowed = (self.budget or 0) * (1 if self.is_count else TOLERANCE)
        return self.budget is not None and max(self.values) > allowed

    @property
    def is_above_target(self) -> bool:
        return self.target is not None and max(self.values) > self.target * TOLERANCE

    @property
    def said(self) -> str:
        texts = [_short(value, whole=self.is_count) for value in self.values]
        return " · ".join(texts if len(set(texts)) > 1 else texts[:1]) + self.unit

    @property
    def allowed(self) -> str:
        limit = self.target if self.budget is None else self.budget
        return "" if limit is None else f"≤ {_limit(limit)}{self.unit}"


@dataclass(frozen=True, slots=True)
class Section:
    """What was measured of one thing, when, and how busy the machine was; and as which part."""

    name: str
    figures: Sequence[Figure]
    is_operation: bool = False
    taken_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    load: float = field(default_factory=lambda: getloadavg()[0])
    part: str = ""

    def figure(self, name: str) -> Figure | None:
        return next((each for each in self.figures if each.name == name), None)


def over(sections: Sequence[Section]) -> list[str]:
    """What is over its budget, in words."""
    return [
        f"{section.name}, {figure.name}: {figure.said}, budget {figure.allowed}"
        for section in sections
        for figure in section.figures
        if figure.is_over
    ]


def above_target(sections: Sequence[Section]) -> list[str]:
    """What is above what it should be, and refuses nothing."""
    return [
        f"{section.name}, {figure.name}: {figure.said}, target {figure.allowed}"
        for section in sections
        for figure in section.figures
        if figure.is_above_target
    ]


def in_words(section: Section) -> str:
    """For a terminal: a line a figure."""
    lines = [section.name]
    for figure in section.figures:
        mark = "OVER" if figure.is_over else "above target" if figure.is_above_target else ""
        words = f"{figure.said:>22}  {figure.allowed:12} {mark} {figure.note}"
        lines.append(f"    {figure.name:24} {words}".rstrip())
    return "\n".join(lines)


def _short(value: float, *, whole: bool) -> str:
    if whole:
        return f"{value:.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _limit(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
