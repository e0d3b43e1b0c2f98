"""How much a file may hold, and how long what it holds is kept."""

from datetime import timedelta

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.core.errors import FieldError, InvalidInput
from tutelage.domain.imports.inputs.tables import read_table
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.queries import list_stalled
from tutelage.domain.imports.services.forgetting import forget_cells
from tutelage.domain.imports.services.running import start_import
from tutelage.domain.imports.tests.builders import bring_in, make_file, rows_of, stage
from tutelage.domain.sessions.tests.builders import make_admin, make_pair

SECOND = timedelta(seconds=1)
HEADER = b"Mentor,Mentee,Date\n"


def cells(count: int) -> bytes:
    return b",".join([b"a"] * count) + b"\n"


def long_cell(length: int) -> bytes:
    return b"x" * length + b",a\n"


def lines(count: int) -> bytes:
    return b"a,b,c\n" * count


@pytest.mark.parametrize(
    ("body", "most", "reason"),
    [
        (cells, 100, "Row 2 has more than 100 columns"),
        (long_cell, 10_000, "A cell of row 2 holds more than 10000 characters"),
        (lines, 20_000, "more than 20000 rows"),
    ],
)
def test_a_file_holds_so_much_and_not_one_more(body: object, most: int, reason: str) -> None:
    assert callable(body)
    assert read_table(HEADER + body(most)).rows

    with pytest.raises(InvalidInput) as refused:
        read_table(HEADER + body(most + 1))
    assert reason in str(refused.value.errors)


def test_a_file_has_ten_megabytes_and_not_one_byte_more() -> None:
    line = b"a" * 9_999 + b"\n"
    content = line * (10 * 1024 * 1024 // len(line))
    content += b"\n" * (10 * 1024 * 1024 - len(content))
    assert len(content) == 10_485_760
    assert read_table(content).rows

    with pytest.raises(InvalidInput) as refused:
        read_table(content + b"\n")
    assert "10 MB" in str(refused.value.errors)


@pytest.mark.django_db
def test_cells_are_kept_for_thirty_days_and_not_longer() -> None:
    batch = bring_in(make_admin(), make_file(*rows_of(make_pair(), 1)))

    with time_machine.travel(batch.made_at + timedelta(days=30), tick=False):
        assert forget_cells() == 0
    with time_machine.travel(batch.made_at + timedelta(days=30) + SECOND, tick=False):
        assert forget_cells() == 1


@pytest.mark.django_db
def test_an_import_stands_still_after_a_minute_without_a_batch() -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 1)))
    start_import(actor=admin, batch_id=batch.uid)
    touched = now()
    ImportBatch.objects.update(touched_at=touched)

    with time_machine.travel(touched + timedelta(minutes=1), tick=False):
        assert list_stalled() == []
    with time_machine.travel(touched + timedelta(minutes=1) + SECOND, tick=False):
        assert list_stalled() == [batch.uid]


@pytest.mark.django_db
def test_a_column_that_the_file_does_not_have_cannot_be_said_to_hold_something() -> None:
    admin, content = make_admin(), make_file(*rows_of(make_pair(), 1))  # of seven columns

    stage(admin, content, title=6)
    with pytest.raises(InvalidInput) as refused:
        stage(admin, content, title=7)

    assert refused.value.errors == [FieldError("title", "The file has no such column.")]
