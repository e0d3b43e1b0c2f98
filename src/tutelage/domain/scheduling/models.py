"""Whose time is taken, the times people offer each other, and when mentors can be booked."""

from datetime import time, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from tutelage.core.clock import now
from tutelage.core.ids import uuid7
from tutelage.core.times import LocalTimeField, Slot
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.lifecycle import Audience, OfferState
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


class BookingPolicyQuerySet(models.QuerySet["BookingPolicy"]):
    def visible_to(self, actor: User | None) -> Self:
        """The only definition of who may see when a mentor is free; None is nobody known."""
        rows = self.filter(person__is_active=True)
        if actor is None:
            return rows.filter(audience=Audience.OPEN)
        if actor.is_admin:
            return rows
        pairs = Mentorship.objects.filter(mentor=OuterRef("person"), mentee=actor)
        invited = Exists(pairs.filter(status=PairStatus.ACTIVE))
        return rows.filter(Q(person=actor) | Q(audience=Audience.OPEN) | invited)


class BookingPolicy(models.Model):
    """How a mentor can be booked; without this row, by proposals alone."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="booking_policy",
    )
    zone = models.CharField(max_length=64, help_text="IANA zone of the hours.")
    slot_minutes = models.PositiveSmallIntegerField(default=60)
    step_minutes = models.PositiveSmallIntegerField(default=30)
    buffer_before_minutes = models.PositiveSmallIntegerField(default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=0)
    min_notice_hours = models.PositiveSmallIntegerField(default=12)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    daily_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    cancellation_hours = models.PositiveSmallIntegerField(
        default=24, help_text="Who cancels with less is late."
    )
    outright = models.BooleanField(default=False, help_text="A free time is booked, not asked for.")
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.INVITED)
    note = models.TextField(blank=True)

    objects = BookingPolicyQuerySet.as_manager()

    class Meta:
        db_table = "booking_policy"
        constraints = (
            models.CheckConstraint(
                name="booking_policy_audience_is_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(
                name="booking_policy_goes_on", condition=Q(step_minutes__gt=0, slot_minutes__gt=0)
            ),
        )

    @property
    def buffer(self) -> timedelta:
        """Between any two sessions: enough after the one, and enough before the other."""
        return timedelta(minutes=max(self.buffer_before_minutes, self.buffer_after_minutes))


class AvailabilityRule(models.Model):
    """Hours of a weekday, on the clocks of the policy's zone. An end at 00:00 is midnight."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availability_rules"
    )
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0.")
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        db_table = "availability_rule"
        constraints = (
            models.CheckConstraint(
                name="availability_rule_weekday_exists", condition=Q(weekday__range=(0, 6))
            ),
            models.CheckConstraint(
                name="availability_rule_ends_after_it_starts",
                condition=Q(ends__gt=F("starts")) | Q(ends=time()),
            ),
            models.UniqueConstraint(
                fields=["person", "weekday", "starts"], name="availability_rule_once"
            ),
        )


class AvailabilityOverride(models.Model):
    """Hours of one day in the place of the week's; without hours the day is closed."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availability_overrides"
    )
    day = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)

    class Meta:
        db_table = "availability_override"
        constraints = (
            models.CheckConstraint(
                name="availability_override_ends_after_it_starts",
                condition=Q(starts=None, ends=None)
                | Q(starts__isnull=False, ends__gt=F("starts"))
                | Q(starts__isnull=False, ends=time()),
            ),
            models.UniqueConstraint(
                fields=["person", "day", "starts"],
                name="availability_override_once",
                nulls_distinct=False,
            ),
        )
