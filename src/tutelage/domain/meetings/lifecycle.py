"""The two ways to a meeting, of which one is open at a time."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    MAIN = "main", _("Meeting link")
    BACKUP = "backup", _("Backup link")
