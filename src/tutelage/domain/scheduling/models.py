"""Whose time is taken, and the times that people offer each other."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q, Value

from tutelage.core.clock import now
from tutelage.core.ids import uuid7
from tutelage.core.times import LocalTimeField, Slot
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.sessions.models import Session


class PersonRange(Func):
    """A person as a range of one, which needs no extension to stand in a GiST index."""

    function = "int8range"
    output_field = BigIntegerRangeField()


class TimeOffer(models.Model):
    """A time that one side proposes to the other: for a new session, or for one that is to move."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="offers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_start = LocalTimeField()
    zone = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=OfferState.choices, default=OfferState.OPEN)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "time_offer"
        constraints = (
            models.UniqueConstraint(
                fields=["session"], condition=Q(state=OfferState.OPEN), name="time_offer_one_open"
            ),
            models.CheckConstraint(
                name="time_offer_state_is_known", condition=Q(state__in=OfferState.values)
            ),
            models.CheckConstraint(
                name="time_offer_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        )
        indexes = (
            models.Index(
                fields=["expires_at"], condition=Q(state=OfferState.OPEN), name="time_offer_due"
            ),
        )

    @property
    def slot(self) -> Slot:
        return Slot(self.local_start, self.zone, self.ends_at - self.starts_at)


class Reservation(models.Model):
    """A slot of somebody's time that a session holds, or that an offer holds until answered."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reservations")
    offer = models.ForeignKey(
        TimeOffer, on_delete=models.CASCADE, null=True, blank=True, related_name="reservations"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()
    exclusive = models.BooleanField(default=True, help_text="Nothing else may overlap it.")
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "reservation"
        constraints = (
            ExclusionConstraint(
                name="reservation_one_place_at_a_time",
                expressions=[
                    (PersonRange(F("person"), F("person"), Value("[]")), RangeOperators.OVERLAPS),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(exclusive=True),
            ),
            models.CheckConstraint(
                name="reservation_has_both_ends",
                condition=Q(
                    during__isempty=False, during__lower_inf=False, during__upper_inf=False
                ),
            ),
        )
