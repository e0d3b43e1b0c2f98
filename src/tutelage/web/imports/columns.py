"""The form that says what the columns of a spreadsheet hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from tutelage.core.inputs import Count
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.inputs.tables import column_letter
from tutelage.domain.imports.inputs.words import Meaning
from tutelage.domain.imports.lifecycle import Column
from tutelage.web.forms import Field as FormField
from tutelage.web.forms import Form

if TYPE_CHECKING:
    from tutelage.domain.imports.models import ImportBatch

_NEEDED = (Column.MENTOR, Column.MENTEE, Column.DATE)
_WHEN = (Column.TIME, Column.END, Column.DURATION, Column.ZONE)
_MEANINGS: dict[Meaning, str | Promise] = {
    Meaning.COMPLETED: gettext_lazy("It was held"),
    Meaning.CANCELLED: gettext_lazy("It was cancelled"),
    Meaning.NO_SHOW: gettext_lazy("Somebody did not come"),
    Meaning.NO_SHOW_MENTOR: gettext_lazy("The mentor did not come"),
    Meaning.NO_SHOW_MENTEE: gettext_lazy("The mentee did not come"),
    Meaning.SCHEDULED: gettext_lazy("It is planned"),
    Meaning.UNCLEAR: gettext_lazy("Refuse these rows"),
}


class ColumnsForm(ImportMapping):
    """The mapping, and the version of the import that the page was made from."""

    version: Count = Field(ge=0, le=1_000_000)

    @property
    def mapping(self) -> ImportMapping:
        return ImportMapping.model_validate(self.model_dump(exclude={"version"}))


@dataclass(frozen=True, slots=True)
class Choice:
    """A select: which column it asks for, what was chosen, and whether it may stay open."""

    field: FormField
    label: str
    is_needed: bool


def form_of(batch: "ImportBatch") -> Form[ColumnsForm]:
    """What was said before, or else what was guessed."""
    values: dict[str, Any] = {
        name: value for name, value in batch.mapping.items() if value is not None
    }
    explained: dict[str, str] = values.pop("words", {})
    words = [f"{meaning}:{word}" for word, meaning in explained.items()]
    if "usual_time" in values:
        values["usual_time"] = values["usual_time"][:5]
    texts = {
        name: value if isinstance(value, bool) else str(value) for name, value in values.items()
    }
    defaults = {"usual_minutes": "60", "duration_unit": "minutes", "version": batch.version}
    return Form.of(**{**defaults, **texts, "words": words})


def groups(form: Form[ColumnsForm]) -> list[tuple[str, list[Choice]]]:
    """The columns to choose, in the groups that the page shows."""
    about = tuple(column for column in Column if column not in {*_NEEDED, *_WHEN})
    parts = (
        (_("Who and when"), _NEEDED),
        (_("More about when"), _WHEN),
        (_("What came of it"), about),
    )
    return [
        (title, [_choice(form, column, is_needed=columns is _NEEDED) for column in columns])
        for title, columns in parts
    ]


def places(batch: "ImportBatch") -> list[tuple[str, str]]:
    """The columns of the file, as a spreadsheet program names them."""
    return [
        (str(at), name if name == column_letter(at) else f"{column_letter(at)}: {name}")
        for at, name in enumerate(batch.header)
    ]


def words(
    form: Form[ColumnsForm], strange: Iterable[str]
) -> list[tuple[str, list[tuple[str, str | Promise]], str]]:
    """Words to explain: those nobody has explained, and those of before with their meaning."""
    given = form.value("words")
    texts = [str(each) for each in given if each] if isinstance(given, list) else []
    chosen = {text.partition(":")[2]: text for text in texts}
    return [
        (
            word,
            [("", _("Choose …")), *((f"{code}:{word}", text) for code, text in _MEANINGS.items())],
            chosen.get(word, ""),
        )
        for word in dict.fromkeys([*chosen, *strange])
    ]


def _choice(form: Form[ColumnsForm], column: Column, *, is_needed: bool) -> Choice:
    return Choice(form[column.value], str(column.label), is_needed)
