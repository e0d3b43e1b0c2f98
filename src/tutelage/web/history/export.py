"""A history as a file: a row for each session, in the reader's language and on their clocks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.sheets import Row, csv_of, xlsx_of
from tutelage.web.history import endings
from tutelage.web.history.cards import minutes_of
from tutelage.web.history.filters import HistoryQuery
from tutelage.web.words import Voice

if TYPE_CHECKING:
    from tutelage.domain.feedback.queries import HistoryLine
    from tutelage.domain.people.models import User

MOST: Final = 10_000
FORMATS: Final = ("csv", "xlsx")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportQuery(HistoryQuery):
    format: Literal["csv", "xlsx"] = "csv"


def file_of(lines: Sequence["HistoryLine"], reader: "User", form: str) -> HttpResponse:
    rows = table_of(lines, reader)
    content = xlsx_of(rows, title=_("Sessions")) if form == "xlsx" else csv_of(rows)
    name = f"sessions-{timezone.localtime(now()):%Y-%m-%d}.{form}"
    reply = HttpResponse(content, content_type=TYPES[form])
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def table_of(lines: Iterable["HistoryLine"], reader: "User") -> Iterator[Row]:
    """Numbers stay numbers, and days and hours can be sorted in any program."""
    voice, zone = Voice.now(), _("Time zone")
    yield (
        _("Date"), _("Start"), zone, _("Minutes"), _("Status"), _("Mentor"), _("Mentee"),
        _("Title"), _("Objectives"), _("Outcomes"), _("Shared notes"), _("Next steps"),
        _("Your rating"), _("Their rating"), _("Logged late"), _("What became of it"),
        _("Reason"), _("Id"),
    )  # fmt: skip
    for line in lines:
        start = line.starts_at.astimezone(voice.zone)
        own = next((each.stars for each in line.ratings if each.author == reader.pk), None)
        others = [str(each.stars) for each in line.ratings if each.author != reader.pk]
        yield (
            f"{start:%Y-%m-%d}",
            f"{start:%H:%M}",
            reader.own_zone,
            minutes_of(line),
            endings.status_word(line.status, line.party, voice.language),
            line.mentor or line.host,
            line.mentee or "",
            line.title,
            line.objectives or "",
            line.outcomes or "",
            line.shared_notes or "",
            "\n".join(step.text for step in line.steps),
            own,
            ", ".join(others),
            _("yes") if line.logged_late else "",
            endings.sentence(line, reader.pk),
            line.reason or "",
            str(line.id),
        )
