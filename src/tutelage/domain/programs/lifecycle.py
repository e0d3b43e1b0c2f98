"""What holds sessions together, and the life of a pair: the words, without the rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgramKind(models.TextChoices):
    MENTORSHIP = "mentorship", _("Mentorship")
    COURSE = "course", _("Course")
    COHORT = "cohort", _("Cohort")


class PairStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")
