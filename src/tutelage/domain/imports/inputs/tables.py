"""From the bytes of a file to a table, whatever program wrote it."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tutelage.core.cells import unquote_cell
from tutelage.core.errors import InvalidInput, invalid_field
from tutelage.domain.imports.inputs.headers import count_known
from tutelage.domain.imports.lifecycle import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS

_DELIMITERS: Final = ",;\t|"
_LOOKED_AT: Final = 50  # records from which the delimiter is told
_TOLD: Final = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)  # what Excel writes for itself
_ABOVE: Final = 10  # lines that may stand above the names of the columns
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
csv.field_size_limit(MAX_BYTES)


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and the rows that are not empty, by their number in the file."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes) -> Table:
    """Read a file of values between delimiters.

    Raises:
        InvalidInput: it is no such file, or holds more than can be taken; says the way out.
    """
    if len(content) > MAX_BYTES:
        raise _refused(_("This file is larger than 10 MB. Split it into several."))
    text = _decode(content)
    told = _TOLD.match(text)
    if told:
        delimiter, text = told[1], text[told.end() :]
    else:
        delimiter = _find_delimiter(text)
    rows = _numbered(text, delimiter)
    if not rows:
        raise _refused(_("There is nothing in this file."))
    return _headed(rows)


def _decode(content: bytes) -> str:
    if content.startswith(_WORKBOOKS):
        raise _refused(
            _(
                "This is a workbook. In Excel choose File, Save as, “CSV UTF-8”; in LibreOffice "
                "or Google Sheets save or download it as CSV. Then upload that file."
            )
        )
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff")
    raise _refused(_("This is not a text file that can be read. Save the sheet as CSV UTF-8."))


def _encodings(content: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [encoding]
    start = content[:1000]
    if start[1::2].count(0) > len(start) // 4:
        return ["utf-16-le"]
    return ["utf-8", "cp1252"]


def _find_delimiter(text: str) -> str:
    """The one by which most of the first records fall into equally many cells, and into most."""

    def score(delimiter: str) -> float:
        widths = [len(each) for each in islice(_records(text, delimiter), _LOOKED_AT) if each]
        if not widths:
            return 0
        width, times = Counter(widths).most_common(1)[0]
        return width * times / len(widths) if width > 1 else 0

    return max(_DELIMITERS, key=score)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def _numbered(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Numbers are those that a spreadsheet program shows: empty rows and long cells count."""
    found: list[tuple[int, list[str]]] = []
    try:
        for number, record in enumerate(_records(text, delimiter), start=1):
            # Trimmed before as well: of ten million commas nothing is left to unquote.
            cells = _trimmed([unquote_cell(cell) for cell in _trimmed(record)])
            if cells:
                _check_size(number, cells)
                found.append((number, cells))
            if len(found) > MAX_ROWS + _ABOVE:
                raise _too_many()
    except csv.Error:
        raise _refused(_("The rows of this file cannot be told apart. Save it as CSV.")) from None
    return found


def _trimmed(cells: list[str]) -> list[str]:
    """The same list, without the empty ones at its end."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _check_size(number: int, cells: list[str]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise _refused(
            _("Row %(row)d has more than %(count)d columns.")
            % {"row": number, "count": MAX_COLUMNS}
        )
    if any(len(cell) > MAX_CELL for cell in cells):
        raise _refused(
            _(
                "A cell of row %(row)d holds more than %(count)d characters. Shorten it; if it is "
                "not so long, a quotation mark before it was not closed."
            )
            % {"row": number, "count": MAX_CELL}
        )


def _headed(rows: list[tuple[int, list[str]]]) -> Table:
    """A title may stand above the names; where there are no names, columns get letters."""
    known = [count_known(cells) for _number, cells in rows[:_ABOVE]]
    best = max(known)
    first = known.index(best) if best > 1 else 0
    names, body = rows[first][1], rows[first + 1 :]
    if best <= 1 and any("@" in cell for cell in names):
        names, body = [], rows[first:]
    if not body:
        raise _refused(_("There is no row below the names of the columns."))
    if len(body) > MAX_ROWS:
        raise _too_many()
    width = max(len(names), *(len(cells) for _number, cells in body))
    named = [names[at].strip()[:200] if at < len(names) else "" for at in range(width)]
    return Table([name or column_letter(at) for at, name in enumerate(named)], body)


def column_letter(at: int) -> str:
    """The name that spreadsheet programs give to a column: A to Z, then AA."""
    before, last = divmod(at, 26)
    letter = chr(ord("A") + last)
    return _("Column %(letter)s") % {"letter": f"{chr(64 + before)}{letter}" if before else letter}


def _too_many() -> InvalidInput:
    return _refused(
        ngettext(
            "This file has more than %(count)d row. Split it into several.",
            "This file has more than %(count)d rows. Split it into several.",
            MAX_ROWS,
        )
        % {"count": MAX_ROWS}
    )


def _refused(detail: str) -> InvalidInput:
    return invalid_field("file", detail)
