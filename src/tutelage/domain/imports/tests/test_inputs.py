"""What may be said of a file, and what single cells of a row mean."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.imports.inputs.mapping import ImportMapping, RowFilters
from tutelage.domain.imports.inputs.moments import (
    Unreadable,
    minutes_between,
    read_clock,
    read_length,
    read_moment,
)
from tutelage.domain.imports.inputs.rows import RowReader, Said
from tutelage.domain.imports.inputs.words import Meaning, find_meaning
from tutelage.domain.imports.lifecycle import DayOrder, Unit

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
COLUMNS: dict[str, Any] = {"mentor": 0, "mentee": 1, "date": 2, "usual_zone": "UTC"}
PEOPLE = {"mentor": "ana@example.org", "mentee": "ben@example.org"}


def faults(*cells: str, **given: object) -> list[str]:
    """The columns that are wrong in a row whose status, minutes and stars follow the date."""
    more = {"status": 3, "duration": 4, "mentor_stars": 5}
    mapping = ImportMapping.model_validate({**COLUMNS, **more, **given})
    _reading, errors = RowReader(mapping, NOW).read([*PEOPLE.values(), *cells])
    return [error.field for error in errors]


def test_a_mapping_keeps_to_its_limits() -> None:
    assert takes_from(ImportMapping, COLUMNS, "status", 0, 99)
    assert takes_from(ImportMapping, COLUMNS, "usual_minutes", 5, 720)
    assert takes_from(RowFilters, {}, "after", 0, 10_000_000)
    words = [{f"word {number}": "completed" for number in range(count)} for count in (50, 51)]
    assert [takes(ImportMapping, {**COLUMNS, "words": each}) for each in words] == [True, False]


def test_unsaid_a_row_has_an_hour_in_minutes_and_makes_no_pair() -> None:
    usual = ImportMapping.model_validate(COLUMNS)

    said = (usual.usual_minutes, usual.duration_unit, usual.make_pairs, usual.usual_time)
    assert said == (60, Unit.MINUTES, False, None)
    assert set(usual.columns()) == {"mentor", "mentee", "date"}


def test_mentor_and_mentee_stand_in_columns_of_their_own() -> None:
    assert not takes(ImportMapping, {**COLUMNS, "mentee": 0})


@pytest.mark.parametrize(
    "words",
    [["completed:Was Fine", ""], {"Was-fine": "completed"}, "completed:WAS FINE"],
)
def test_words_of_a_file_are_said_by_pages_and_programs(words: object) -> None:
    mapping = ImportMapping.model_validate({**COLUMNS, "words": words})

    assert find_meaning("was fine", mapping.words) == Meaning.COMPLETED


def test_the_words_of_a_file_come_before_those_that_are_known() -> None:
    assert find_meaning("No", {}) == Meaning.NO_SHOW
    assert find_meaning("No", {"no": Meaning.CANCELLED}) == Meaning.CANCELLED
    assert find_meaning("perhaps", {}) is None


@pytest.mark.parametrize(("given", "clock"), [("14:30", time(14, 30)), ("14:30:59", time(14, 30))])
def test_the_usual_time_is_one_of_whole_minutes(given: str, clock: time) -> None:
    assert ImportMapping.model_validate({**COLUMNS, "usual_time": given}).usual_time == clock
    assert not takes(ImportMapping, {**COLUMNS, "usual_time": "noon"})


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("4", 4),
        ("4.0", 4),
        ("4/5", 4),
        ("★★★★☆", 4),
        ("⭐⭐", 2),
        ("★⭐☆", 2),
        ("1 star", 1),
        ("5 Stars", 5),
    ],
)
def test_stars_are_read_as_they_are_written(text: str, stars: int) -> None:
    assert Said.model_validate({**PEOPLE, "mentee_stars": text}).mentee_stars == stars


@pytest.mark.parametrize("text", ["0", "6", "4.5", "many", "☆☆", "-1"])
def test_what_is_no_number_of_stars_is_refused(text: str) -> None:
    assert not takes(Said, {**PEOPLE, "mentor_stars": text})


@pytest.mark.parametrize(("field", "most"), [("title", 200), ("reason", 2_000), ("id", 255)])
def test_cells_are_so_long_and_not_longer(field: str, most: int) -> None:
    assert takes_signs(Said, PEOPLE, field, most)


def test_steps_of_a_cell_are_a_line_each_or_between_semicolons() -> None:
    said = Said.model_validate({**PEOPLE, "next_steps": "- Read; • Write\n\n* Rest "})

    assert [step.text for step in said.next_steps] == ["Read", "Write", "Rest"]


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (("2026-10-31 12:00", "held", "5"), []),
        (("2026-10-31 12:00", "held", "4"), ["duration"]),
        (("2026-10-31 12:00", "held", "720"), []),
        (("2026-10-31 12:00", "held", "721"), ["duration"]),
        (("2000-01-01 00:00", "held"), []),
        (("1999-12-31 23:59", "held"), ["date"]),
        (("2026-11-01 11:00", "held"), []),
        (("2026-11-01 11:01", "held"), ["status"]),
        (("2026-11-01 11:01", "cancelled"), []),
        (("2026-11-01 12:00", "planned"), ["date"]),
        (("2026-11-01 12:01", "planned"), []),
        (("2027-11-02 12:00", "planned"), []),
        (("2027-11-02 12:01", "planned"), ["date"]),
        (("2026-10-31 12:00", "held", "", "4"), []),
        (("2026-10-31 12:00", "no show", "", "4"), ["mentor_stars"]),
        (("2026-10-31 12:00", "perhaps"), ["status"]),
        (("soon", "perhaps", "4"), ["date", "status"]),
    ],
)
def test_a_row_fits_its_time_or_says_which_cell_does_not(
    cells: tuple[str, ...], wrong: list[str]
) -> None:
    assert faults(*cells) == wrong


@pytest.mark.parametrize(("start", "status"), [("11:00", "completed"), ("11:01", "scheduled")])
def test_a_row_without_a_word_was_held_once_it_is_over(start: str, status: str) -> None:
    mapping = ImportMapping.model_validate({**COLUMNS, "duration": 3})
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    cells = [*PEOPLE.values(), f"2026-11-01 {start}", "60"]
    if status == "scheduled":
        at -= timedelta(hours=1)

    reading, errors = RowReader(mapping, at).read(cells)

    assert errors == []
    assert reading
    assert (reading.status, reading.minutes) == (status, 60)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [(time(9), time(10), 60), (time(23, 30), time(0, 15), 45), (time(9), time(9), 0)],
)
def test_an_end_is_the_next_time_that_it_is_so_late(start: time, end: time, minutes: int) -> None:
    assert minutes_between(start, end) == minutes


@pytest.mark.parametrize(
    ("text", "month_first"),
    [("12/13/2026", True), ("13/12/2026", False)],
)
def test_there_is_no_thirteenth_month(text: str, month_first: bool) -> None:
    assert read_moment(text, None).day.isoformat() == "2026-12-13"
    other = DayOrder.DAY_FIRST if month_first else DayOrder.MONTH_FIRST
    with pytest.raises(Unreadable):
        read_moment(text, other)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("12 am", time(0)), ("1 am", time(1)), ("12:59 pm", time(12, 59)), ("11 p.m.", time(23))],
)
def test_hours_of_half_a_day_are_read(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["0 am", "13 am", "24:00", "12:60"])
def test_hours_that_no_clock_shows_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_clock(text)


@pytest.mark.parametrize(
    ("text", "unit", "minutes"),
    [
        ("23.5", Unit.MINUTES, 1_410),
        ("24.0", Unit.MINUTES, 24),
        ("23", Unit.MINUTES, 23),
        ("45", Unit.HOURS, 2_700),
        ("45 min", Unit.HOURS, 45),
        ("2 h", Unit.MINUTES, 120),
    ],
)
def test_a_number_with_a_fraction_below_a_day_is_one_of_hours(
    text: str, unit: Unit, minutes: int
) -> None:
    assert read_length(text, unit) == minutes


def test_what_is_longer_than_eighty_signs_is_not_looked_at() -> None:
    long = "5 March 2026" + " " + "x" * 67
    assert read_moment(long, None).rest == "x" * 67
    with pytest.raises(Unreadable):
        read_moment(long + "x", None)


@pytest.mark.parametrize(
    ("text", "word"), [("46086", "Excel"), ("0.604", "Excel"), ("soon", "as in")]
)
def test_numbers_of_excel_are_known_for_what_they_are(text: str, word: str) -> None:
    for read in (lambda: read_moment(text, None), lambda: read_clock(text)):
        with pytest.raises(Unreadable, match=word):
            read()
