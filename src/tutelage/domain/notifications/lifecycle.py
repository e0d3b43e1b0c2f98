"""What people are told of, and the way of a notice from due to sent."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    ASKED = "asked", _("Time proposed")
    ACCEPTED = "accepted", _("Time accepted")
    DECLINED = "declined", _("Time declined")
    MOVED = "moved", _("Session moved")
    REZONED = "rezoned", _("Clock rules changed")
    CANCELLED = "cancelled", _("Session cancelled")
    MISSED = "missed", _("Asked what happened")
    SETTLED = "settled", _("What became of it")
    REMINDER = "reminder_1h", _("Reminder, 1 hour")


class Channel(TextChoices):
    EMAIL = "email", _("by e-mail")


class NoticeState(TextChoices):
    DUE = "due", _("Due")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Dropped, no longer true")


ASK_WITHIN: Final = timedelta(days=7)  # of the end; later the page alone asks
REMIND_BEFORE: Final = timedelta(hours=1)
RETRY_AFTER: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
ABANDONED_AFTER: Final = timedelta(minutes=5)  # a claim that nobody finished is due again
