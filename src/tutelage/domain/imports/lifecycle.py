"""The life of an import, what can become of a row, and how much a file may hold."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    READING = "reading", _("Being read")
    STAGED = "staged", _("Waiting for you")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")


class Fate(TextChoices):
    """What became of a row; while the batch is staged, what would become of it."""

    WAITING = "waiting", _("To be imported")
    CREATED = "created", _("Imported")
    UNCHANGED = "unchanged", _("Here already")
    REFUSED = "refused", _("Refused")


class Column(TextChoices):
    """What a column of a spreadsheet can hold. The codes are the fields of `ImportMapping`."""

    MENTOR = "mentor", _("Mentor’s e-mail")
    MENTEE = "mentee", _("Mentee’s e-mail")
    DATE = "date", _("Date, or date and time")
    TIME = "time", _("Start time")
    END = "end", _("End time")
    DURATION = "duration", _("Duration")
    ZONE = "zone", _("Time zone")
    STATUS = "status", _("Status")
    TITLE = "title", _("Title")
    OBJECTIVES = "objectives", _("Objectives")
    OUTCOMES = "outcomes", _("Outcomes or notes")
    NEXT_STEPS = "next_steps", _("Next steps")
    REASON = "reason", _("Why it was not held")
    MENTOR_STARS = "mentor_stars", _("Stars the mentor gave")
    MENTEE_STARS = "mentee_stars", _("Stars the mentee gave")
    ID = "id", _("Id of the row")


class DayOrder(TextChoices):
    """How 05/03/2026 is meant."""

    DAY_FIRST = "day_first", _("Day first: 05/03 is 5 March")
    MONTH_FIRST = "month_first", _("Month first: 05/03 is 3 May")


class Unit(TextChoices):
    MINUTES = "minutes", _("Minutes")
    HOURS = "hours", _("Hours")


class Source(StrEnum):
    """Under what a session is known to have come from a spreadsheet."""

    ID = "spreadsheet-id"
    ROW = "spreadsheet-row"


MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 10_000
BATCH: Final = 200  # rows committed at once: a long transaction stalls the journal's readers
STALLED_AFTER: Final = timedelta(minutes=1)  # without a batch done, somebody else goes on
CELLS_KEPT_FOR: Final = timedelta(days=30)
