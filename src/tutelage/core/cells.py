"""Cells that a spreadsheet program must not take for formulas.

A quote before them keeps them text; reading them back takes it away again, so that what we
gave out comes in as it was.
"""

import re

_LIVE = r"[\s\u00a0\u3000]*[=+\-@\t\r\n＝＋－＠]"
_TO_QUOTE = re.compile(rf"'*{_LIVE}|[\t\r\n]")
_QUOTED = re.compile(rf"'(?='*{_LIVE}|[\t\r\n])")


def quote_cell(text: str) -> str:
    return f"'{text}" if _TO_QUOTE.match(text) else text


def unquote_cell(text: str) -> str:
    return text[1:] if _QUOTED.match(text) else text
