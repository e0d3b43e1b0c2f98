"""What goes with a session's log: notes of one's own, drafts, and what it said before."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tutelage.core.clock import now
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Program
from tutelage.domain.sessions.models import Session


class OwnQuerySet(models.QuerySet["PrivateNote"]):
    def of(self, actor: User) -> Self:
        """The author's alone; there is no other scope, not for administrators either."""
        return self.filter(author=actor.pk)


class PrivateNote(models.Model):
    """What somebody wrote about a session for nobody else."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="private_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    changed_at = models.DateTimeField(default=now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        db_table = "private_note"
        constraints = (
            models.UniqueConstraint(fields=["session", "author"], name="private_note_once_each"),
        )


class LogDraft(models.Model):
    """A log as it was typed so far: of a session, or of one of a pair that was never planned."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    form = models.JSONField()
    kept_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "log_draft"
        constraints = (
            models.CheckConstraint(
                name="log_draft_of_session_or_pair",
                condition=Q(session__isnull=False, program=None)
                | Q(session=None, program__isnull=False),
            ),
            models.UniqueConstraint(fields=["session", "author"], name="log_draft_of_session"),
            models.UniqueConstraint(fields=["program", "author"], name="log_draft_of_pair"),
        )


class SessionLogRevision(models.Model):
    """What a log said until somebody changed it; `by` is who changed it, `at` when."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="log_revisions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=now)
    duration_minutes = models.PositiveSmallIntegerField()
    objectives = models.TextField(blank=True)
    outcomes = models.TextField(blank=True)
    shared_notes = models.TextField(blank=True)
    next_steps = models.JSONField(default=list)

    class Meta:
        db_table = "session_log_revision"
