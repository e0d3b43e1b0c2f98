"""Where evidence of somebody's presence can come from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    JOIN = "join", _("Joined, logged in")
    LINK = "link", _("Personal link opened, not logged in")
