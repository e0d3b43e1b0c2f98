"""What is written down: both sizes in one table, and pictures that say the same."""

from pathlib import Path
from xml.etree import ElementTree

from bench import records
from bench.document import write
from bench.verdict import Figure, Section

SVG = "{http://www.w3.org/2000/svg}"


def sections() -> list[Section]:
    figures = [
        Figure("SQL statements", [3, 3], budget=3, is_count=True),
        Figure("CPU", [2.0, 90.0], " ms"),
        Figure("CPU, by the size", [45.0], " ×", target=1.3),
        Figure("CPU against the floor", [1.5, 4.0], " ×", 2.5),
    ]
    others = [Figure("memory", [221.0], " MB", 250, note="at rest")]
    return [Section("List <all>", figures, is_operation=True), Section("Whole stack", others)]


def test_the_page_is_written_between_its_marks_alone(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    page = tmp_path / "performance.md"
    page.write_text("# Before\n<!-- figures -->\nof yesterday\n<!-- end of figures -->\nAfter\n")
    write(sections(), [10_000, 1_000_000], page)
    text = page.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith("<!-- end of figures -->\nAfter\n")
    assert "of yesterday" not in text
    assert "| 3 ≤ 3 | 2.00 · 90.0 ms | *45.0 × ≤ 1.3 ×* | **1.50 · 4.00 × ≤ 2.5 ×** |" in text
    assert "| Whole stack | memory | 221 MB | ≤ 250 MB | kept, at rest |" in text
    assert "- List <all>, CPU against the floor: 1.50 · 4.00 ×, budget ≤ 2.5 ×" in text
    for picture in ("cpu.svg", "cpu-floor.svg"):
        assert f"(pictures/{picture})" in text


def test_a_picture_has_a_bar_for_each_size_its_numbers_and_the_budget(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    page = tmp_path / "performance.md"
    page.write_text("<!-- figures --><!-- end of figures -->")
    write(sections(), [10_000, 1_000_000], page)
    root = ElementTree.parse(tmp_path / "pictures" / "cpu-floor.svg").getroot()  # noqa: S314  # ours
    kinds = [each.get("class") for each in root.iter(f"{SVG}rect")]
    assert kinds == ["ground", "first", "second", "first", "over"]
    assert [each.get("class") for each in root.iter(f"{SVG}line")] == ["limit", "axis", "limit"]
    texts = {each.text for each in root.iter(f"{SVG}text")}
    assert {"List <all>", "1.5 · 4.0 ×", "10 000 sessions", "1 000 000 sessions"} <= texts


def test_a_part_that_is_taken_again_replaces_its_older_figures(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    first, second = sections()
    for each in (first, second, Section("List <all>", [Figure("CPU", [1.0])])):
        records.keep(path, each)
    assert [each.name for each in records.read(path)] == ["List <all>", "Whole stack"]
    assert records.read(path)[0].figures == [Figure("CPU", [1.0])]


def test_that_a_part_failed_is_forgotten_once_it_is_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    failed = Section("events", [Figure("failed", [1], budget=0)])
    for each in (failed, Section("To another browser", [Figure("p50", [5.0])], part="events")):
        records.keep(path, each)
    assert [each.name for each in records.read(path)] == ["To another browser"]
