"""Tables for spreadsheet programs, as files that vanish once they are sent."""

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO

from tutelage.core.cells import quote_cell

Row = Sequence[str | int | None]


def write_csv(rows: Iterable[Row]) -> IO[bytes]:
    """A mark of the encoding goes first: without it Excel takes é for Ã©."""
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(text).writerows(map(_harmless, rows))
    text.detach()
    file.seek(0)
    return file


def write_xlsx(rows: Iterable[Row], *, title: str) -> IO[bytes]:
    from openpyxl import Workbook  # noqa: PLC0415  # only who exports pays for it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append(
            [ILLEGAL_CHARACTERS_RE.sub("", v) if isinstance(v, str) else v for v in _harmless(row)]
        )
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _harmless(row: Row) -> list[str | int | None]:
    return [quote_cell(cell) if isinstance(cell, str) else cell for cell in row]
