"""What people can be here, and what a token may do: the words, without the rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is everywhere. Host, mentor, mentee … are facts about a relation."""

    USER = "user", _("Member")
    ADMIN = "admin", _("Administrator")
    SUPERADMIN = "superadmin", _("Super-administrator")


class Scope(models.TextChoices):
    """What a token may do of what its owner may do."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and change")
