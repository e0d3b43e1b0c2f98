"""The append-only journal of all that happened, and how far it has been read."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from tutelage.core.encryption import EncryptedTextField

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class TransactionIdField(models.TextField):  # type: ignore[type-arg]  # not at run time
    """PostgreSQL's `xid8`: numbers transactions in the order they began, without wrapping."""

    def db_type(self, connection: "BaseDatabaseWrapper") -> str:
        return "xid8"


class Entry(models.Model):
    """One fact. No foreign keys: it outlives what it tells of, and erasure need not touch it."""

    id = models.BigAutoField(primary_key=True)
    xid = TransactionIdField(db_default=models.Func(function="pg_current_xact_id"), editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)
    type = models.CharField(max_length=50)
    actor_id = models.BigIntegerField(null=True, blank=True)
    subject_type = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    payload = models.JSONField()

    class Meta:
        db_table = "journal_entry"
        indexes = (
            models.Index(fields=["xid", "id"], name="journal_reading_order"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="journal_of_a_subject"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}"


class ReaderCursor(models.Model):
    """How far a reader has come: the last entry it was handed."""

    reader = models.CharField(max_length=30, primary_key=True)
    xid = TransactionIdField(default="0")
    entry_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "reader_cursor"

    def __str__(self) -> str:
        return f"{self.reader} at {self.entry_id}"


class IdempotencyKey(models.Model):
    """The answer once given to a request, so that the same request again is not done twice."""

    actor_id = models.BigIntegerField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500, db_collation="C")
    key = models.CharField(max_length=255, db_collation="C")
    body_hash = models.CharField(max_length=64)
    response = EncryptedTextField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "idempotency_key"
        constraints = (
            models.UniqueConstraint(
                fields=["actor_id", "method", "path", "key"], name="idempotency_key_once"
            ),
        )

    def __str__(self) -> str:
        return self.key
