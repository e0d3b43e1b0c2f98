"""The same routes, asked of what is over: the second table, and its rows."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from tests.permissions.callers import PEOPLE
from tests.permissions.table import Row, of_tokens, parameters, rows

FILE: Final = Path(__file__).with_name("past.yaml")
# What a route names, once it is over.
OVER: Final = {
    "session_id": "archived",
    "mentorship_id": "ended",
    "person_id": "disabled",
    "uid": "disabled",
    "token_id": "revoked",
    "batch_id": "over_batch",
}
# What is never over: a day, a move that an address names, a step, a link that somebody holds.
NEVER_OVER: Final = {"day", "action", "step_id", "token", "key", "uidb36"}


@cache
def document() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load(FILE.read_text())["routes"]
    return loaded


@cache
def asked() -> dict[str, Row]:
    """One row for each route of the first table that names something, and for each action."""
    found: dict[str, Row] = {}
    for row in rows():
        over = next((OVER[name] for name in parameters(row.pattern) if name in OVER), "")
        if over:
            headers = {name: "$etag_archived" for name in row.headers if over == "archived"}
            row_over = replace(row, of=over, headers=headers or row.headers, case=action_of(row))
            found.setdefault(str(row_over), row_over)
    return found


def action_of(row: Row) -> str:
    sends: Any = row.sends
    return str(sends["action"]) if isinstance(sends, dict) and "action" in sends else ""


def past_rows() -> list[Row]:
    """With the answers of the second table."""
    return [
        replace(row, answers=_answers(row, document()[name]))
        for name, row in asked().items()
        if name in document()
    ]


def _answers(row: Row, said: str) -> dict[str, str]:
    answers = dict(zip(PEOPLE, said.split(), strict=True))
    return answers | of_tokens(answers, row.method, is_api=row.is_api)
