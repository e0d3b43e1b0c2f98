"""What two people thought of a session, sealed until both have said so or a week has passed."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tutelage.core.clock import now
from tutelage.core.compiled import Given
from tutelage.core.ids import uuid7
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Session

SEALED_FOR = timedelta(days=7)
RATED_WITHIN = timedelta(days=30)  # later nobody is asked any more, though one still may


class RatingQuerySet(models.QuerySet["Rating"]):
    def opened(self, at: datetime | Given | None = None) -> Self:
        """Those whose seal is broken: both sides have rated, or the time is up."""
        return self.filter(Q(opened_at__isnull=False) | Q(unseals_at__lte=at or now()))

    def visible_to(self, actor: User, at: datetime | Given | None = None) -> Self:
        """One's own, and those opened."""
        return self.filter(author=actor.pk) | self.opened(at)


class Rating(models.Model):
    """One side's view of a session with the other side."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="ratings")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings_given"
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings_received"
    )
    stars = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    given_at = models.DateTimeField(default=now)
    unseals_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        db_table = "rating"
        constraints = (
            models.UniqueConstraint(
                fields=["session", "author", "subject"], name="rating_once_each"
            ),
            models.CheckConstraint(
                name="rating_of_one_to_five_stars", condition=Q(stars__range=(1, 5))
            ),
            models.CheckConstraint(
                name="rating_is_of_somebody_else", condition=~Q(author=F("subject"))
            ),
        )

    def is_open(self, at: datetime) -> bool:
        return self.opened_at is not None or self.unseals_at <= at
