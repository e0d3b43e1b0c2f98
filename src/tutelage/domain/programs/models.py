"""Programs hold sessions together; a mentorship is the program of a pair."""

from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from tutelage.core.clock import now
from tutelage.core.ids import uuid7
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairAction, PairStatus, ProgramKind


class Program(models.Model):
    """One table for mentorships, courses and cohorts, so that a session points to one thing."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=ProgramKind.choices)
    title = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_programs",
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "program"
        constraints = (
            models.CheckConstraint(
                name="program_kind_is_known", condition=Q(kind__in=ProgramKind.values)
            ),
        )


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def visible_to(self, actor: User) -> Self:
        """The only definition of who may see which pairs."""
        return self if actor.is_admin else self.filter(Q(mentor=actor.pk) | Q(mentee=actor.pk))

    def with_people(self) -> Self:
        return self.select_related("program", "mentor", "mentee", "proposed_by")


class Mentorship(models.Model):
    """A mentor and a mentee, and how often they agreed to meet."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, primary_key=True)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentorships_given"
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentorships_received"
    )
    status = models.CharField(max_length=20, choices=PairStatus.choices, default=PairStatus.ACTIVE)
    cadence_days = models.PositiveSmallIntegerField(default=14)
    goals = models.TextField(blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status_since = models.DateTimeField(default=now, db_default=Now())
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        db_table = "mentorship"
        constraints = (
            models.CheckConstraint(name="mentorship_is_of_two", condition=~Q(mentor=F("mentee"))),
            models.CheckConstraint(
                name="mentorship_status_is_known", condition=Q(status__in=PairStatus.values)
            ),
            models.CheckConstraint(
                name="mentorship_ended_has_its_date",
                condition=Q(status=PairStatus.ENDED, ended_at__isnull=False)
                | (~Q(status=PairStatus.ENDED) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="mentorship_proposed_by_somebody",
                condition=~Q(status=PairStatus.PROPOSED) | Q(proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="mentorship_cadence_is_sane", condition=Q(cadence_days__range=(1, 365))
            ),
            models.UniqueConstraint(
                fields=["mentor", "mentee"],
                condition=Q(ended_at=None),
                name="mentorship_one_open_a_pair",
            ),
        )
        indexes = (models.Index(fields=["-started_at", "-program"], name="mentorship_newest"),)

    @property
    def uid(self) -> UUID:
        return self.program.uid

    @property
    def sides(self) -> list[int]:
        return [self.mentor_id, self.mentee_id]

    def other_than(self, person: User) -> User:
        """The one whom this person meets; for a third one, the mentor."""
        return self.mentee if person.pk == self.mentor_id else self.mentor

    @property
    def asked(self) -> User | None:
        """Whose answer a proposal waits for."""
        if self.status != PairStatus.PROPOSED:
            return None
        return self.mentee if self.proposed_by_id == self.mentor_id else self.mentor


class MentorshipMove(models.Model):
    """A change of a pair's status, as it was made: by whom, when, and why."""

    id = models.BigAutoField(primary_key=True)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="moves")
    action = models.CharField(max_length=20, choices=PairAction.choices)
    from_status = models.CharField(max_length=20, choices=PairStatus.choices)
    status = models.CharField(max_length=20, choices=PairStatus.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "mentorship_move"
        constraints = (
            models.CheckConstraint(
                name="mentorship_move_status_is_known", condition=Q(status__in=PairStatus.values)
            ),
        )
        indexes = (models.Index(fields=["mentorship", "at", "id"], name="move_of_mentorship"),)
