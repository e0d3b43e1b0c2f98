"""The notice ledger: who is to be told what, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tutelage.core.clock import now
from tutelage.core.ids import uuid7
from tutelage.domain.notifications.lifecycle import Channel, NoticeKind, NoticeState
from tutelage.domain.sessions.models import Session


class Notice(models.Model):
    """One message to one person. `entry_id` is the journal's, 0 for what time alone causes."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="notices")
    slot_start = models.DateTimeField(help_text="The start that it speaks of.")
    entry_id = models.BigIntegerField(default=0)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.EMAIL)
    state = models.CharField(max_length=20, choices=NoticeState.choices, default=NoticeState.DUE)
    due_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True, help_text="What the server said.")

    class Meta:
        db_table = "notice"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "session", "slot_start", "channel", "entry_id"],
                name="notice_once",
            ),
            models.CheckConstraint(
                name="notice_state_is_known", condition=Q(state__in=NoticeState.values)
            ),
            models.CheckConstraint(
                name="notice_kind_is_known", condition=Q(kind__in=NoticeKind.values)
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=(NoticeState.DUE, NoticeState.CLAIMED)),
                name="notice_to_send",
            ),
            models.Index(fields=["session", "-id"], name="notice_of_session"),
        )
