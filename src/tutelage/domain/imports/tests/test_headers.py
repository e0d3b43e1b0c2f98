"""Where the names of the columns are looked for, and what each is taken for."""

import pytest

from tutelage.domain.imports.inputs.headers import count_known, guess_columns, guess_unit
from tutelage.domain.imports.inputs.tables import column_letter, read_table
from tutelage.domain.imports.lifecycle import Column, Unit

NAMES = b"Mentor,Mentee,Date\n"
ADDRESSES = [["ana@example.org", "ben@example.org"]]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("Coach email", Column.MENTOR),
        ("Correo del mentee", Column.MENTEE),
        ("Fecha", Column.DATE),
        ("Start time", Column.TIME),
        ("Until", Column.END),
        ("Time spent", Column.DURATION),
        ("Time-zone", Column.ZONE),
        ("Attended", Column.STATUS),
        ("Topic", Column.TITLE),
        ("Goals", Column.OBJECTIVES),
        ("What happened?", Column.OUTCOMES),
        ("Action items", Column.NEXT_STEPS),
        ("Reason for cancellation", Column.REASON),
        ("Mentor’s rating", Column.MENTOR_STARS),
        ("Score", Column.MENTEE_STARS),
        ("Session no.", Column.ID),
    ],
)
def test_a_column_of_each_kind_is_known_by_its_name(name: str, column: Column) -> None:
    assert guess_columns([name], []) == {column.value: 0}
    assert count_known([name, "Weather"]) == 1


def test_what_is_longer_than_sixty_signs_is_no_name() -> None:
    assert count_known(["date" + " " * 56]) == 1
    assert count_known(["date" + " " * 57]) == 0


def test_of_two_columns_the_one_with_the_plainer_name_is_taken() -> None:
    assert guess_columns(["When", "Date", "Day"], []) == {"date": 1}
    assert guess_columns(["Date", "Date"], []) == {"date": 0}


@pytest.mark.parametrize("name", ["Mentor", "mentee "])
def test_a_column_of_people_holds_addresses(name: str) -> None:
    kind = name.strip().lower()

    assert guess_columns([name], ADDRESSES) == {kind: 0}
    assert guess_columns([name], [["Ana"], []]) == {}


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Hours", Unit.HOURS),
        ("Duration (h)", Unit.HOURS),
        ("Length in hrs", Unit.HOURS),
        ("1 hour", Unit.HOURS),
        ("Minutes", Unit.MINUTES),
        ("Duration", Unit.MINUTES),
    ],
)
def test_hours_are_meant_where_the_name_says_so(name: str, unit: Unit) -> None:
    assert guess_unit(name) == unit


def test_up_to_nine_lines_may_stand_above_the_names() -> None:
    above = b"Programme of 2024\n"

    assert read_table(above * 9 + NAMES + b"a,b,c\n").header == ["Mentor", "Mentee", "Date"]
    assert read_table(above * 10 + NAMES + b"a,b,c\n").header[0] == "Programme of 2024"


def test_one_known_word_alone_is_no_line_of_names() -> None:
    table = read_table(b"Programme,2024\nDate,x\n1,2\n")

    assert table.header == ["Programme", "2024"]


def test_an_address_among_the_names_of_columns_makes_them_no_row() -> None:
    named = read_table(b"Mentor,Date,questions to ana@example.org\na,b,c\n")
    unnamed = read_table(b"Mentor,x,ana@example.org\na,b,c\n")

    assert (named.header[0], len(named.rows)) == ("Mentor", 1)
    assert (unnamed.header[0], len(unnamed.rows)) == ("Column A", 2)


def test_a_name_is_cut_after_two_hundred_signs() -> None:
    table = read_table(b"x" * 201 + b",Date,Mentor\na,b,c\n")

    assert [len(name) for name in table.header] == [200, 4, 6]


@pytest.mark.parametrize(
    ("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (99, "CV")]
)
def test_columns_without_a_name_have_the_letters_of_spreadsheets(at: int, letters: str) -> None:
    assert column_letter(at) == f"Column {letters}"
