"""Imports: a file's rows as they were read, and what became of each."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tutelage.core.clock import now
from tutelage.core.ids import uuid7
from tutelage.domain.imports.lifecycle import BatchState, Fate
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Session


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, actor: User) -> Self:
        """Rows of any pair stand in a file, so imports are the administrators'."""
        return self if actor.is_admin else self.none()


class ImportBatch(models.Model):
    """One file. Its counts are a forecast until it runs."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=BatchState.choices, default=BatchState.READING)
    header = models.JSONField(default=list, help_text="Names of the columns.")
    mapping = models.JSONField(default=dict, help_text="What stands where, as `ImportMapping`.")
    mapped_at = models.DateTimeField(null=True, blank=True)
    rows_count = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    pairs_count = models.PositiveIntegerField(default=0, help_text="Pairs that it has to make.")
    made_at = models.DateTimeField(default=now)
    touched_at = models.DateTimeField(default=now, help_text="When it last came on.")
    finished_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="When cells were deleted.")

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        db_table = "import_batch"
        indexes = (
            models.Index(fields=["-made_at", "-id"], name="import_batch_newest"),
            models.Index(
                fields=["touched_at"],
                condition=Q(state=BatchState.RUNNING),
                name="import_batch_running",
            ),
            models.Index(
                fields=["made_at"], condition=Q(forgotten_at=None), name="import_batch_to_forget"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="import_batch_state_is_known", condition=Q(state__in=BatchState.values)
            ),
        )

    @property
    def settled_count(self) -> int:
        return self.created_count + self.unchanged_count + self.refused_count

    @property
    def waiting_count(self) -> int:
        return self.rows_count - self.settled_count


class ImportRow(models.Model):
    """One row, with its number as a spreadsheet program shows it."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    fate = models.CharField(max_length=20, choices=Fate.choices, default=Fate.WAITING)
    errors = models.JSONField(default=list, help_text="Pairs of field and detail.")
    session = models.ForeignKey(
        Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "import_row"
        constraints = (
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_number_once"),
            models.CheckConstraint(
                name="import_row_fate_is_known", condition=Q(fate__in=Fate.values)
            ),
        )
        indexes = (models.Index(fields=["batch", "fate", "number"], name="import_row_by_fate"),)
