"""All pairs by pulse as a file, a row for each, in the reader's language."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.sheets import Row, csv_of, xlsx_of
from tutelage.domain.insights.inputs import PulseFilters
from tutelage.web.history.export import TYPES
from tutelage.web.mentorships.pulse import symptoms_of

if TYPE_CHECKING:
    from tutelage.domain.insights.queries import PairLine


class PairExport(PulseFilters):
    format: Literal["csv", "xlsx"] = "csv"


def file_of(lines: "Iterable[PairLine]", form: str) -> HttpResponse:
    rows = table_of(lines)
    content = xlsx_of(rows, title=_("Pairs")) if form == "xlsx" else csv_of(rows)
    name = f"pairs-{timezone.localtime(now()):%Y-%m-%d}.{form}"
    reply = HttpResponse(content, content_type=TYPES[form])
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def table_of(lines: "Iterable[PairLine]") -> Iterator[Row]:
    yield (
        _("Mentor"), _("Mentor’s e-mail"), _("Mentee"), _("Mentee’s e-mail"), _("Status"),
        _("Since"), _("Pulse"), _("Signs"), _("Agreed, in days"), _("Id"),
    )  # fmt: skip
    for line in lines:
        pair = line.pair
        yield (
            pair.mentor.name,
            pair.mentor.email,
            pair.mentee.name,
            pair.mentee.email,
            pair.get_status_display(),
            f"{timezone.localtime(pair.status_since):%Y-%m-%d}",
            str(line.pulse.level.label),
            "; ".join(each.says for each in symptoms_of(line.pulse)),
            pair.cadence_days,
            str(pair.uid),
        )
