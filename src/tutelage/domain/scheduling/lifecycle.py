"""The life of an offered time."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OfferState(TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    COUNTERED = "countered", _("Answered with another time")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


HELD_FOR: Final = timedelta(hours=48)  # a time is held for so long, and at most until it comes
FARTHEST: Final = timedelta(days=366)  # ahead of today; what lies beyond is a slip of the hand
