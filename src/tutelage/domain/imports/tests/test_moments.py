"""Dates, times and durations, as people write them."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tutelage.core.times import to_instant
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.inputs.moments import (
    Unreadable,
    find_order,
    read_clock,
    read_length,
    read_moment,
)
from tutelage.domain.imports.inputs.rows import RowReader
from tutelage.domain.imports.lifecycle import DayOrder, Unit

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COLUMNS = {"mentor": 0, "mentee": 1, "date": 2, "usual_zone": "Pacific/Auckland"}


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05", "2026/3/5", "2026.03.05", "5.3.2026", "05.03.26", "5 March 2026", "5-Mar-26",
        "March 5, 2026", "Mar 5th 2026", "Thu 5 Mar 2026", "Thursday, March 5, 2026", "5. Mar 26",
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [None, *DayOrder])
def test_a_date_that_is_clear_needs_no_order(text: str, order: DayOrder | None) -> None:
    assert read_moment(text, order).day == date(2026, 3, 5)


def test_a_date_with_strokes_is_read_in_the_order_of_its_file() -> None:
    assert read_moment("05/03/2026", DayOrder.DAY_FIRST).day == date(2026, 3, 5)
    assert read_moment("05/03/2026", DayOrder.MONTH_FIRST).day == date(2026, 5, 3)
    with pytest.raises(Unreadable):
        read_moment("05/03/2026", None)
    with pytest.raises(Unreadable):
        read_moment("25/03/2026", DayOrder.MONTH_FIRST)


@pytest.mark.parametrize(
    ("texts", "order", "doubtful"),
    [
        (["05/03/2026", "25/03/2026"], DayOrder.DAY_FIRST, ""),
        (["05/03/2026", "3/25/26 4:30 PM"], DayOrder.MONTH_FIRST, ""),
        (["05/03/2026"], None, "05/03/2026"),
        (["05/03/2026", "25/03/2026", "03/25/2026"], None, "05/03/2026"),
        (["05/05/2026", "5.3.2026", "2026-03-05", "", "soon"], None, ""),
    ],
)
def test_the_order_of_a_file_is_found_where_a_date_tells_it(
    texts: list[str], order: DayOrder | None, doubtful: str
) -> None:
    assert find_order(texts) == (order, doubtful)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("14:30", time(14, 30)), ("14.30", time(14, 30)), ("14h30", time(14, 30)),
        ("2:30 PM", time(14, 30)), ("2.30 p.m.", time(14, 30)), ("2pm", time(14)),
        ("14:30:00", time(14, 30)), ("9 Uhr", time(9)), ("12:15 am", time(0, 15)),
        ("12 pm", time(12)),
    ],
)  # fmt: skip
def test_times_are_read_as_they_are_written(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["", "14", "25:00", "13 pm", "0.604", "noon", "14:61", "²"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_clock(text)


@pytest.mark.parametrize(
    ("text", "unit", "minutes"),
    [
        ("90", Unit.MINUTES, 90), ("90 min", Unit.HOURS, 90), ("1:30", Unit.MINUTES, 90),
        ("1:30:00", Unit.HOURS, 90), ("1 h 30", Unit.MINUTES, 90), ("1h30", Unit.MINUTES, 90),
        ("1.5 h", Unit.MINUTES, 90), ("1,5", Unit.MINUTES, 90), ("1.5", Unit.HOURS, 90),
        ("90.0", Unit.MINUTES, 90), ("2", Unit.HOURS, 120), ("2 hours", Unit.MINUTES, 120),
    ],
)  # fmt: skip
def test_durations_are_read_as_they_are_written(text: str, unit: Unit, minutes: int) -> None:
    assert read_length(text, unit) == minutes


@given(st.text(max_size=120))
@example("1" * 90)
@example("٣/٤/٢٠٢٦ ١٤:٠٠")
@settings(deadline=500)
def test_whatever_stands_in_a_cell_it_is_read_or_refused(text: str) -> None:
    for read in (
        lambda: read_moment(text, None),
        lambda: read_moment(text, DayOrder.DAY_FIRST),
        lambda: read_clock(text),
        lambda: read_length(text, Unit.HOURS),
    ):
        try:
            read()
        except Unreadable as refusal:
            assert str(refusal)  # noqa: PT017 -- either way is right; only other errors are not


def read(*cells: str, **given: object) -> tuple[datetime | None, list[tuple[str, str]]]:
    """The instant at which a row begins, and what is wrong with it."""
    reader = RowReader(ImportMapping.model_validate({**COLUMNS, **given}), NOW)
    reading, errors = reader.read(["a@example.org", "b@example.org", *cells])
    start = reading.slot.starts_at if reading else None
    return start, [(field, detail) for field, detail in errors]


def test_a_local_time_is_one_of_the_zone_of_its_row() -> None:
    assert read("2026-03-05 14:00")[0] == datetime(2026, 3, 5, 1, tzinfo=UTC)
    assert read("2026-03-05 14:00", "america/new york", zone=3)[0] == datetime(
        2026, 3, 5, 19, tzinfo=UTC
    )
    assert read("2026-03-05 14:00", "NZ Time", zone=3)[1][0][0] == "zone"


def test_a_moment_with_its_offset_is_taken_at_its_word() -> None:
    assert read("2026-03-05T14:00:00Z")[0] == datetime(2026, 3, 5, 14, tzinfo=UTC)
    assert read("2026-03-05T14:00:00+13:00")[0] == datetime(2026, 3, 5, 1, tzinfo=UTC)


def test_a_time_that_no_clock_showed_is_refused() -> None:
    start, errors = read("2026-09-27 02:30")
    assert start is None
    assert errors[0][0] == "time"
    assert "Pacific/Auckland" in errors[0][1]


def test_of_a_time_that_came_twice_the_first_is_meant() -> None:
    local = datetime(2026, 4, 5, 2, 30)  # noqa: DTZ001 -- a wall clock
    start, errors = read("2026-04-05 02:30")
    assert (start, errors) == (to_instant(local, "Pacific/Auckland"), [])
    assert start == datetime(2026, 4, 4, 13, 30, tzinfo=UTC)


def test_the_end_of_a_session_gives_its_duration() -> None:
    reader = RowReader(ImportMapping.model_validate({**COLUMNS, "time": 3, "end": 4}), NOW)
    for start, end, minutes in [("14:00", "15:15", 75), ("23:30", "00:15", 45)]:
        reading, _errors = reader.read(["a@x.org", "b@x.org", "2026-03-05", start, end])
        assert reading
        assert reading.slot.duration.total_seconds() == minutes * 60
    reading, _errors = reader.read(["a@x.org", "b@x.org", "5.3.2026", "9:00", "5.3.2026 10:00"])
    assert reading
    assert reading.slot.duration.total_seconds() == 3_600


def test_what_a_row_leaves_open_is_as_usual() -> None:
    reader = RowReader(
        ImportMapping.model_validate({**COLUMNS, "usual_time": "16:00", "usual_minutes": 45}), NOW
    )
    reading, _errors = reader.read(["a@x.org", "b@x.org", "2026-03-05"])
    assert reading
    assert (reading.slot.local_start.hour, reading.slot.duration.seconds) == (16, 2_700)


@given(st.lists(st.text(max_size=60), max_size=12), st.sampled_from(DayOrder))
@settings(deadline=500)
def test_whatever_a_row_holds_it_is_read_or_every_fault_names_a_column(
    cells: list[str], order: DayOrder
) -> None:
    positions = {
        name: at
        for at, name in enumerate(ImportMapping.model_fields)
        if at < len(cells) and at < 16
    }
    mapping = ImportMapping.model_validate(
        {"mentor": 0, "mentee": 1, "date": 2, **positions, "usual_zone": "UTC", "day_order": order}
    )
    reading, errors = RowReader(mapping, NOW).read(cells)
    assert (reading is None) == bool(errors)
    assert all(field in ImportMapping.model_fields and detail for field, detail in errors)
