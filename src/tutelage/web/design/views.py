"""The living page of all components in all states."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tutelage.domain.people.policies import can_manage_people
from tutelage.web.forms import Field
from tutelage.web.requests import WebRequest
from tutelage.web.words import MARKS, STATUSES, TONES

_START: Final = datetime(2026, 4, 1, 20, tzinfo=UTC)


@require_safe
def design_show(request: WebRequest) -> HttpResponse:
    can_manage_people(request.user).require()
    return render(request, "design/show.html", _samples())


def _samples() -> dict[str, object]:
    names = ("Dr. Samuel Oyelaran", "علي حسن الموسوي", "Bo Li", "Zoë Castellanos-Papadopoulou")
    people = [SimpleNamespace(id=6 + number, name=name) for number, name in enumerate(names)]
    return {
        "statuses": list(STATUSES),
        "marks": list(MARKS),
        "tones": list(TONES),
        "people": people,
        "start": _START,
        "end": _START + timedelta(hours=1),
        "fields": {
            "plain": Field("sample-plain", "Reading the rubric together", ()),
            "empty": Field("sample-empty", "", ()),
            "wrong": Field(
                "sample-wrong",
                "08:00",
                (_("The end is before the start. Choose a time after 09:00."),),
            ),
            "chosen": Field("sample-chosen", "b", ()),
            "day": Field("sample-day", "2026-04-05", ()),
            "hour": Field("sample-hour", "02:30", ()),
            "rating": Field("sample-rating", "3", ()),
        },
        "options": [("a", "Tūī 2025"), ("b", "Tūī 2026")],
        "repeats": [("once", _("Once")), ("weekly", _("Weekly")), ("monthly", _("Monthly"))],
        "page": SimpleNamespace(page=2, has_more=True, next_cursor="sample"),
    }
