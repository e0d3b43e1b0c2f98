"""The online room of a session, and the links that know who opens them."""

from django.conf import settings
from django.db import models

from tutelage.core.encryption import EncryptedTextField
from tutelage.domain.meetings.lifecycle import Way
from tutelage.domain.sessions.models import Participant, Session


class HostRoom(models.Model):
    """Where a host usually meets; new sessions take the link over."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="room"
    )
    link = EncryptedTextField()

    class Meta:
        db_table = "host_room"


class Meeting(models.Model):
    """The room of one session. Nobody reads the link but by joining."""

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="meeting"
    )
    link_encrypted = EncryptedTextField(blank=True)
    backup_encrypted = EncryptedTextField(blank=True, default="", db_default="")
    active = models.CharField(
        max_length=20, choices=Way.choices, default=Way.MAIN, db_default=Way.MAIN
    )

    class Meta:
        db_table = "meeting"
        constraints = (
            models.CheckConstraint(
                name="meeting_way_is_known", condition=models.Q(active__in=Way.values)
            ),
        )

    @property
    def link(self) -> str:
        """Where joining leads just now."""
        link: str = self.backup_encrypted if self.active == Way.BACKUP else self.link_encrypted
        return link


class PersonalLink(models.Model):
    """Knows a participant. Its token is computed anew from `version`; only a digest is kept."""

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, primary_key=True, related_name="personal_link"
    )
    version = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "personal_link"
