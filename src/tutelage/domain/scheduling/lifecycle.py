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


class Why(TextChoices):
    """Why a time is not free, the plainest first."""

    PAST = "past", _("It is past.")
    TOO_SOON = "too_soon", _("It is sooner than the mentor wants to be booked.")
    TOO_FAR = "too_far", _("It is farther ahead than the mentor can be booked.")
    EXCEPTION = "exception", _("The mentor has other hours that day.")
    OUTSIDE_HOURS = "outside_hours", _("It is outside the mentor's hours.")
    HELD = "held", _("Another request holds this time until it is answered.")
    HOST_BUSY = "host_busy", _("The mentor is busy.")
    PARTICIPANT_BUSY = "participant_busy", _("The mentee is busy.")
    BUFFER = "buffer", _("It is too close to another session of the mentor.")
    DAILY_LIMIT = "daily_limit", _("The mentor has as many sessions that day as they want.")


class Audience(TextChoices):
    """Who sees a mentor's free times."""

    INVITED = "invited", _("My mentees")
    OPEN = "open", _("Everybody who has the address")


HELD_FOR: Final = timedelta(hours=48)  # a time is held for so long, and at most until it comes
FARTHEST: Final = timedelta(days=366)  # ahead of today; what lies beyond is a slip of the hand
