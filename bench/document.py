"""Writes `docs/performance.md` between its marks: tables with both sizes, and pictures."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.pictures import Bars, chart
from bench.verdict import Figure, Section, above_target, over

DOCS: Final = Path(__file__).parents[1] / "docs"
DOCUMENT: Final = DOCS / "performance.md"
PICTURES: Final = DOCS / "pictures"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
COLUMNS: Final = {
    "SQL statements": "SQL",
    "CPU": "CPU",
    "CPU, by the size": "large ÷ small",
    "CPU against the floor": "CPU ÷ floor",
    "p50": "p50",
    "p50 against the floor": "p50 ÷ floor",
    "p99": "p99",
    "in the database": "in the database",
    "on the wire": "on the wire",
}
HIDDEN: Final = {"CPU of the floor"}  # it follows from two others
LONGEST: Final = 60.0  # ms; a longer bar would leave nothing of the others


def write(sections: Sequence[Section], sizes: Sequence[int], document: Path = DOCUMENT) -> None:
    """Between the marks; the words around them are written by hand."""
    before, _, rest = document.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    operations = [each for each in sections if each.is_operation]
    others = [each for each in sections if not each.is_operation]
    parts = [
        head(sections, sizes),
        *(f"![{words}](pictures/{name})" for name, words, _text in pictures(operations, sizes)),
        table_of_operations(operations),
        table_of_others(others),
        verdict(sections),
    ]
    for name, _words, text in pictures(operations, sizes):
        (document.parent / "pictures" / name).write_text(text)
    body = "\n\n".join(part for part in parts if part)
    document.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}")


def head(sections: Sequence[Section], sizes: Sequence[int]) -> str:
    days = sorted({f"{each.taken_at:%Y-%m-%d}" for each in sections})
    loads = [each.load for each in sections]
    numbers = " and ".join(f"{size:,}".replace(",", " ") for size in sizes)
    return (
        f"Taken on {' and '.join(days)} with {numbers} sessions, "
        f"Python {sys.version_info.major}.{sys.version_info.minor}, {os.cpu_count()} shared cores, "
        f"load average {min(loads):.1f} to {max(loads):.1f}. A cell holds the figure at each size, "
        "smaller first; one where both are the same; and after ≤ the budget. **Bold** is over its "
        f"budget, *slanted* above its target."
    )


def table_of_operations(operations: Sequence[Section]) -> str:
    names = [name for name in COLUMNS if any(each.figure(name) for each in operations)]
    lines = [
        f"| operation | {' | '.join(COLUMNS[name] for name in names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for section in operations:
        cells = [_cell(section.figure(name)) for name in names]
        lines.append(f"| {section.name} | {' | '.join(cells)} |")
        lines += [
            f"| – {figure.name} | {_cell(figure)} |{' |' * (len(names) - 1)}"
            for figure in section.figures
            if figure.name not in COLUMNS and figure.name not in HIDDEN
        ]
    return "\n".join(lines)


def table_of_others(sections: Sequence[Section]) -> str:
    lines = ["| what | figure | measured | budget | |", "|---|---|---|---|---|"]
    for section in sections:
        for number, figure in enumerate(section.figures):
            kept = "kept" if figure.budget is not None else ""
            mark = "**over**" if figure.is_over else kept
            note = ", ".join(word for word in (mark, figure.note) if word)
            name = section.name if number == 0 else ""
            limit = figure.allowed or "–"
            lines.append(f"| {name} | {figure.name} | {figure.said} | {limit} | {note} |")
    return "\n".join(lines) if sections else ""


def verdict(sections: Sequence[Section]) -> str:
    found = [("Over budget", over(sections)), ("Above the target", above_target(sections))]
    return "\n\n".join(
        "\n".join([f"**{title}:**", "", *(f"- {line}" for line in lines)])
        for title, lines in found
        if lines
    )


def pictures(operations: Sequence[Section], sizes: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """File, words for those who do not see it, and the picture."""
    legend = [f"{size:,} sessions".replace(",", " ") for size in sizes]
    for name, figure, title, unit in (
        ("cpu-floor.svg", "CPU against the floor", "CPU of an operation against its floor", " ×"),
        ("cpu.svg", "CPU", "CPU of an operation, in milliseconds", " ms"),
    ):
        lines = [_bars(each.name, each.figure(figure)) for each in operations]
        drawn = [line for line in lines if line]
        if drawn:
            picture = chart(title, legend, drawn, unit, LONGEST)
            yield name, f"{title}, by the size of the database", picture


def _bars(name: str, figure: Figure | None) -> Bars | None:
    if figure is None:
        return None
    return Bars(name, figure.values, figure.budget, is_over=figure.is_over)


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    said = f"{figure.said} {figure.allowed}".strip()
    return f"**{said}**" if figure.is_over else f"*{said}*" if figure.is_above_target else said
