"""Bar charts as SVG: they bring their own ground, so that they are legible by day and by night."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

STYLE: Final = """
    .ground { fill: #ffffff } text { fill: #1f2933; font: 13px system-ui, sans-serif }
    .title { font-weight: 600; font-size: 15px } .quiet { fill: #52606d }
    .first { fill: #9db7d5 } .second { fill: #2f6db5 } .over { fill: #c2410c }
    .limit { stroke: #1f2933; stroke-width: 2 } .axis { stroke: #cbd2d9 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #14181d } text { fill: #e4e7eb } .quiet { fill: #9aa5b1 }
      .first { fill: #46698f } .second { fill: #6fa8e8 } .over { fill: #fb923c }
      .limit { stroke: #e4e7eb } .axis { stroke: #3e4c59 }
    }
"""
WIDTH, LEFT, RIGHT = 960, 330, 150
TOP, BAR, GAP = 74, 11, 9


@dataclass(frozen=True, slots=True)
class Bars:
    """A line of the chart: one bar for each size, and where the budget ends."""

    name: str
    values: Sequence[float]
    limit: float | None = None
    is_over: bool = False

    def reach(self, longest: float) -> float:
        """How far it goes to the right; a budget beyond that is not shown."""
        shown = [each for each in (*self.values, self.limit or 0) if each <= longest]
        return max(*shown, min(max(self.values), longest))


def chart(
    title: str, legend: Sequence[str], lines: Sequence[Bars], unit: str, longest: float
) -> str:
    """A picture with its numbers written beside the bars; those past the longest are cut."""
    scale = (WIDTH - LEFT - RIGHT) / (max(line.reach(longest) for line in lines) or 1)
    height, parts = TOP, []
    for line in lines:
        parts.append(_line(line, height, scale, unit, longest))
        height += len(line.values) * BAR + GAP
    height += GAP
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="6"/>',
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        *_legend(legend, any(line.limit for line in lines)),
        f'<line class="axis" x1="{LEFT}" y1="{TOP - 6}" x2="{LEFT}" y2="{height - GAP}"/>',
    ]
    return "\n".join([*head, *parts, "</svg>", ""])


def _legend(legend: Sequence[str], has_limit: bool) -> list[str]:  # a yes or no
    found, x = [], 16
    for kind, word in zip(("first", "second"), legend, strict=False):
        found.append(f'<rect class="{kind}" x="{x}" y="41" width="12" height="12"/>')
        found.append(f'<text class="quiet" x="{x + 18}" y="52">{escape(word)}</text>')
        x += 30 + 8 * len(word)
    if has_limit:
        found.append(f'<line class="limit" x1="{x + 5}" y1="40" x2="{x + 5}" y2="54"/>')
        found.append(f'<text class="quiet" x="{x + 16}" y="52">budget; orange is over it</text>')
    return found


def _line(line: Bars, top: int, scale: float, unit: str, longest: float) -> str:
    height = len(line.values) * BAR
    middle = top + height / 2 + 4
    parts = [f'<text x="{LEFT - 10}" y="{middle:.1f}" text-anchor="end">{escape(line.name)}</text>']
    kinds = ("first", "second") if len(line.values) > 1 else ("second",)
    for number, (kind, value) in enumerate(zip(kinds, line.values, strict=True)):
        shown = "over" if line.is_over and number == len(line.values) - 1 else kind
        parts.append(
            f'<rect class="{shown}" x="{LEFT}" y="{top + number * BAR}" '
            f'width="{max(min(value, longest) * scale, 1):.1f}" height="{BAR - 1}"/>'
        )
    if line.limit is not None and line.limit <= longest:
        x, foot = LEFT + line.limit * scale, top + height + 1
        parts.append(f'<line class="limit" x1="{x:.1f}" y1="{top - 2}" x2="{x:.1f}" y2="{foot}"/>')
    said = " · ".join(f"{value:.1f}" for value in line.values)
    x = LEFT + line.reach(longest) * scale + 6
    parts.append(f'<text class="quiet" x="{x:.1f}" y="{middle:.1f}">{said}{escape(unit)}</text>')
    return "".join(parts)
