"""The evidence ledger: what was seen of people's presence. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from tutelage.core.clock import now
from tutelage.domain.attendance.lifecycle import Source
from tutelage.domain.sessions.models import Participant, Session


class Evidence(models.Model):
    """Something that speaks for somebody's presence, from a moment or over a time."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="evidence")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    source = models.CharField(max_length=20, choices=Source.choices)
    seen_from = models.DateTimeField()
    seen_to = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "evidence"
        constraints = (
            models.CheckConstraint(
                name="evidence_source_is_known", condition=Q(source__in=Source.values)
            ),
        )
        indexes = (models.Index(fields=["session", "seen_from"], name="evidence_of_session"),)
