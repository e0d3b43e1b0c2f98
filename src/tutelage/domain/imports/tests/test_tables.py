"""Files as real programs write them, and files that are none."""

from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutelage.core.cells import quote_cell, unquote_cell
from tutelage.core.errors import InvalidInput
from tutelage.domain.imports.inputs.headers import guess_columns
from tutelage.domain.imports.inputs.tables import read_table
from tutelage.domain.imports.lifecycle import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from tutelage.domain.imports.tests.builders import make_file

HEADER = ["Mentor", "Mentee", "Notes"]
NOTES = "Zoë, “first draft”\nand a café"
PLAIN = make_file(["zoe@example.org", "bo@example.org", NOTES], header=HEADER)


def told(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    table = read_table(content)
    return table.header, table.rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_reads_the_same_whatever_program_wrote_it(encoding: str, delimiter: str) -> None:
    rows = [
        ["zoe@example.org", "bo@example.org", NOTES],
        ["a@example.org", "b@example.org", "a; b, c"],
    ]
    content = make_file(*rows, header=HEADER, delimiter=delimiter)
    header, found = told(content.decode().encode(encoding))
    assert header == HEADER
    assert found == [(2, rows[0]), (3, rows[1])]


def test_utf_16_without_its_mark_is_known_by_its_zeros() -> None:
    assert told(PLAIN.decode().encode("utf-16-le")) == told(PLAIN)


def test_the_delimiter_that_excel_names_is_taken() -> None:
    assert told(b"sep=;\r\n" + PLAIN.replace(b",", b";")) == told(PLAIN.replace(b",", b";"))


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    content = b"Programme 2024\r\n\r\nMentor,Mentee,Date\r\n\r\na,b,c\r\n,,\r\nd,e,f\r\n"
    assert told(content) == (
        ["Mentor", "Mentee", "Date"],
        [(5, ["a", "b", "c"]), (7, ["d", "e", "f"])],
    )


def test_a_file_without_names_gets_letters_for_its_columns() -> None:
    header, rows = told(b"a@example.org,b@example.org,2024-03-05\n")
    assert header == ["Column A", "Column B", "Column C"]
    assert [number for number, _cells in rows] == [1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest of a workbook", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "CSV UTF-8"),
        (b"", "nothing"),
        (b"\n\n , \n", "nothing"),
        (b"Mentor,Mentee,Date\n", "no row"),
        (b"Mentor,Mentee\na,\x00b\n", "not a text file"),
        (b"\xff\xfe\x00\xd8\x00\x00", "not a text file"),
        (b"\x81\x8d\x8f", "not a text file"),
        (b"a\n" * (MAX_ROWS + 2), "more than 20000 rows"),
        (b"a\n" * (MAX_ROWS + 20), "more than 20000 rows"),
        (b"a\n" + b"b," * MAX_COLUMNS + b"c\n", "more than 100 columns"),
        (b"a,b\n" + b"c" * 10_001 + b",d\n", "more than 10000 characters"),
        (b'a,b\n"' + b"never closed\n" * 2_000, "quotation mark"),
        (b"a" * (MAX_BYTES + 1), "10 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_table(content)
    assert said in refusal.value.errors[0].detail


@given(st.binary(max_size=2_000) | st.text(max_size=2_000).map(lambda text: text.encode("utf-16")))
@settings(max_examples=300, deadline=2_000)
def test_whatever_bytes_come_they_are_a_table_or_refused(content: bytes) -> None:
    try:
        table = read_table(content)
    except InvalidInput:
        return
    guess_columns(table.header, [cells for _number, cells in table.rows])
    assert all("\0" not in cell for _number, cells in table.rows for cell in cells)


@pytest.mark.parametrize("content", [b'"' * MAX_BYTES, b"," * MAX_BYTES, b"a;b,c|d\n" * 1_300_000])
def test_the_largest_and_strangest_file_is_judged_in_seconds(content: bytes) -> None:
    began = thread_time()  # of this thread alone, however busy the machine is
    with pytest.raises(InvalidInput):
        read_table(content)
    assert thread_time() - began < 20


@given(st.text(alphabet="'=+-@\t\r\n＝ a\u00a0", max_size=6))
def test_a_cell_that_was_given_out_comes_in_as_it_was(text: str) -> None:
    assert unquote_cell(quote_cell(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "  =1+1", "@SUM(A1)", "+1", "-1", "\t=1", "＝1", "'=1"])
def test_no_cell_that_is_given_out_is_a_formula(text: str) -> None:
    assert quote_cell(text) == f"'{text}"


def test_text_that_is_no_formula_is_left_alone() -> None:
    assert [quote_cell(text) for text in ("", "plain", "'quoted'", "a = b")] == [
        "", "plain", "'quoted'", "a = b",
    ]  # fmt: skip


def test_columns_are_known_by_their_names() -> None:
    header = ["#", "Mentor", "Mentor E-Mail", "MENTEE_EMAIL", "Date of session", "Duración", "Ref."]
    assert guess_columns(header, []) == {
        "mentor": 2, "mentee": 3, "date": 4, "duration": 5, "id": 6,
    }  # fmt: skip


def test_a_column_of_names_is_not_one_of_addresses() -> None:
    header = ["Mentor", "Mentee", "Date"]
    assert guess_columns(header, [["Ana", "ben@example.org", ""]]) == {"mentee": 1, "date": 2}
