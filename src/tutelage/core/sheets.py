"""Tables for spreadsheet programs."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Final

from tutelage.core.cells import quote_cell

Row = Sequence[str | int | None]
LONGEST_CELL: Final = 32_767  # Excel refuses a file with a longer one


def csv_of(rows: Iterable[Row]) -> bytes:
    """A mark of the encoding goes first: without it Excel takes é for Ã©."""
    text = StringIO(newline="")
    csv.writer(text).writerows(map(_harmless, rows))
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Iterable[Row], *, title: str) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415  # only who exports pays for it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet(title[:31])
    for row in rows:
        cells = _harmless(row)
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", v) if isinstance(v, str) else v for v in cells])
    book.save(file)
    return file.getvalue()


def _harmless(row: Row) -> list[str | int | None]:
    return [quote_cell(cell)[:LONGEST_CELL] if isinstance(cell, str) else cell for cell in row]
