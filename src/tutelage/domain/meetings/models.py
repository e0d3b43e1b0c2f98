"""The online room of a session, and the links that know who opens them."""

from django.conf import settings
from django.db import models

from tutelage.core.encryption import EncryptedTextField
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

    class Meta:
        db_table = "meeting"


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
