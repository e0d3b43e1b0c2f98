"""Figures beside their budgets, and which of them are over."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.measures import TOLERANCE


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. Without a budget it is only told; counts are held to it exactly."""

    name: str
    value: float
    unit: str = ""
    budget: float | None = None
    is_count: bool = False
    note: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it is more than its budget allows."""
        allowed = (self.budget or 0) * (1 if self.is_count else TOLERANCE)
        return self.budget is not None and self.value > allowed

    @property
    def said(self) -> str:
        return f"{_short(self.value, whole=self.is_count)}{self.unit}"

    @property
    def allowed(self) -> str:
        if self.budget is None:
            return "–"
        return f"≤ {_short(self.budget, whole=self.is_count)}{self.unit}"


@dataclass(frozen=True, slots=True)
class Section:
    """What was measured of one thing."""

    name: str
    figures: Sequence[Figure]


def over(sections: Sequence[Section]) -> list[str]:
    """What is over its budget, in words."""
    return [
        f"{section.name}, {figure.name}: {figure.said}, budget {figure.allowed}"
        for section in sections
        for figure in section.figures
        if figure.is_over
    ]


def table(sections: Sequence[Section]) -> str:
    lines = ["| what | figure | measured | budget | |", "|---|---|---|---|---|"]
    for section in sections:
        for number, figure in enumerate(section.figures):
            verdict = "**over**" if figure.is_over else "kept" if figure.budget else figure.note
            name = section.name if number == 0 else ""
            lines.append(
                f"| {name} | {figure.name} | {figure.said} | {figure.allowed} | {verdict} |"
            )
    return "\n".join(lines)


def _short(value: float, *, whole: bool) -> str:
    return f"{value:.0f}" if whole else f"{value:.2f}" if value < 10 else f"{value:.1f}"
