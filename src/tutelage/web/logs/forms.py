"""What the log dialogs ask for beyond the inputs that the API knows."""

from typing import Any

from django.utils.translation import gettext as _

from tutelage.core.times import LocalTime, Zone
from tutelage.domain.feedback.inputs import LogPastAndRate
from tutelage.web.forms import Form


class PastLog(LogPastAndRate):
    """Whoever fills in a form says when it was; only the API may leave that out."""

    local_start: LocalTime
    zone: Zone


def ask_for_outcomes(form: Form[Any]) -> None:
    """Say of the one field that is needed what it is good for."""
    if "outcomes" in form.errors and not str(form.value("outcomes")).strip():
        form.errors["outcomes"] = _(
            "Write at least one sentence. This is what you will search for later."
        )
