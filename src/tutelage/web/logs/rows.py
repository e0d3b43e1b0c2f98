"""The next steps of a log as rows to fill in: what, who, when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tutelage.web import words
from tutelage.web.forms import Form
from tutelage.web.logs.forms import STEP

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import NextStep

MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    id: str
    text: str
    owner: str
    due_on: str
    fault: str
    is_new: bool = False


def rows_of(form: Form[Any], reader: "User", *, asked: str = "") -> list[Row]:
    """The rows as they were filled in, and one more or one less if that was asked for.

    There is always one to begin with. A new one is the reader's, until they choose.
    """
    given = _given(form.value("next_steps"))
    verb, _sep, number = asked.partition("-")
    if verb == "remove" and number.isdecimal():
        given = [row for place, row in enumerate(given, 1) if place != int(number[:4])]
    rows = [_row(place, row, form) for place, row in enumerate(given, 1)]
    is_added = verb == "add" and len(rows) < MOST
    if is_added or not rows:
        owner = str(reader.uid)
        rows.append(Row(len(rows) + 1, "", "", owner, "", "", is_new=is_added))
    return rows


def owners(people: "Sequence[User]", reader: "User") -> list[tuple[str, str]]:
    """Whose a step can be, the reader first."""
    ordered = sorted(people, key=lambda person: person.pk != reader.pk)
    return [
        *(
            (str(each.uid), _("You") if each.pk == reader.pk else words.first_name(each.name))
            for each in ordered
        ),
        ("", _("Both")),
    ]


def typed_steps(steps: "Iterable[NextStep]") -> list[dict[str, str]]:
    """Steps that are written already, as a form shows them."""
    return [
        {
            "id": str(step.uid),
            "text": step.text,
            "owner": str(step.owner.uid) if step.owner else "",
            "due_on": step.due_on.isoformat() if step.due_on else "",
        }
        for step in steps
    ]


def _given(value: object) -> list[Mapping[str, object]]:
    if isinstance(value, str):
        return [{"text": line} for line in value.splitlines() if line.strip()]
    if not isinstance(value, list):
        return []
    return [row if isinstance(row, dict) else {"text": row} for row in value[: MOST + 10]]


def _row(number: int, row: Mapping[str, object], form: Form[Any]) -> Row:
    at = f"next_steps.{number - 1}."
    key, text, owner, due_on = (str(row.get(name, "")) for name in STEP)
    return Row(
        number,
        key,
        text,
        owner,
        due_on,
        fault=next((said for part, said in form.parts.items() if part.startswith(at)), ""),
    )
