"""Sessions, who takes part in them, and what came of them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Concat

from tutelage.core.clock import now
from tutelage.core.compiled import Given
from tutelage.core.ids import uuid7
from tutelage.core.times import LocalTimeField
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Program
from tutelage.domain.sessions.lifecycle import (
    ABSENT,
    AGREED,
    ARCHIVABLE,
    DOOR_OPENS,
    LONGEST,
    NOT_HELD,
    SHORTEST,
    UNRESOLVED,
    UNRESOLVED_AFTER,
    Action,
    Kind,
    ParticipantRole,
    Party,
    Status,
    Told,
)


def long_over() -> datetime:
    """What ended before this, and was not logged since, is unresolved."""
    return now() - UNRESOLVED_AFTER


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, actor: User) -> Self:
        """The only definition of who may see which sessions.

        Hosts are participants, too. `Exists` and not a join: no `DISTINCT`, so rows can be locked.
        """
        return self if actor.is_admin else self.of(actor)

    def of(self, person: User) -> Self:
        """Those that a person takes part in, whatever else they may see."""
        taking_part = Participant.objects.filter(session=OuterRef("pk"), user=person.pk)
        return self.filter(Exists(taking_part))

    def unresolved(self, since: datetime | Given | None = None) -> Self:
        """Over for a while, and nobody has said what became of them.

        What is over has begun: it is said for the index, which knows when sessions begin.
        """
        over = since or long_over()
        return self.filter(status__in=UNRESOLVED, ends_at__lt=over, starts_at__lt=over)

    def disputed(self) -> Self:
        """Unresolved, and told in different ways."""
        said = MissedAnswer.objects.filter(session=OuterRef("pk")).values("session")
        ways = said.annotate(ways=Count(Concat("answer", "party"), distinct=True))
        return self.unresolved().filter(Exists(ways.filter(ways__gt=1)))

    def with_person(self, uid: UUID | Given) -> Self:
        """Those that somebody takes part in, by the id that stands in addresses."""
        person = User.objects.filter(uid=uid).values("pk")[:1]
        taking_part = Participant.objects.filter(session=OuterRef("pk"), user=person)
        return self.filter(Exists(taking_part))

    def with_open_steps(self, at: datetime | Given) -> Self:
        """Those that have begun, and of whose next steps one at least is to be done."""
        steps = NextStep.objects.filter(session=OuterRef("pk"), done_at=None)
        return self.filter(Exists(steps), starts_at__lte=at)

    def logged_late(self, at: datetime | Given) -> Self:
        """Those that have begun, and were logged long after; said as with `unresolved`."""
        return self.filter(log__logged_late=True, starts_at__lte=at)

    def with_pair(self) -> Self:
        """With the two sides; two tables less than `with_people`, a tenth of the planning."""
        pair = "program__mentorship"
        return self.select_related("host", f"{pair}__mentor", f"{pair}__mentee")

    def with_people(self) -> Self:
        return self.with_pair().select_related("log", "ending")


class Session(models.Model):
    """One meeting of a host and participants, of any kind. Facts of others point to it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    title = models.CharField(max_length=200, blank=True)
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hosted_sessions"
    )
    starts_at = models.DateTimeField(help_text="Planned start.")
    ends_at = models.DateTimeField(help_text="Planned end.")
    local_start = LocalTimeField(help_text="The start as it was chosen, on the clocks of `zone`.")
    zone = models.CharField(max_length=64, help_text="IANA time zone.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        db_table = "session"
        constraints = (
            models.CheckConstraint(
                name="session_lasts_5_minutes_to_12_hours",
                condition=Q(ends_at__gte=F("starts_at") + SHORTEST)
                & Q(ends_at__lte=F("starts_at") + LONGEST),
            ),
            models.CheckConstraint(
                name="session_status_is_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(name="session_kind_is_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="session_of_a_pair_has_it",
                condition=~Q(kind=Kind.MENTORSHIP) | Q(program__isnull=False),
            ),
            models.CheckConstraint(
                name="session_completed_has_its_times",
                condition=~Q(status=Status.COMPLETED)
                | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="session_archived_is_over",
                condition=Q(archived_at=None) | Q(status__in=ARCHIVABLE),
            ),
        )
        indexes = (
            models.Index(fields=["host", "status", "-starts_at", "-id"], name="session_of_host"),
            models.Index(fields=["host", "-starts_at", "-id"], name="session_of_host_by_start"),
            models.Index(
                fields=["program", "status", "-starts_at", "-id"], name="session_of_program"
            ),
            models.Index(fields=["-starts_at", "-id"], name="session_by_start"),
            models.Index(fields=["status", "-starts_at", "-id"], name="session_by_status"),
            models.Index(
                fields=["ends_at"],
                condition=Q(status__in=AGREED),
                name="session_still_open",
            ),
        )

    @property
    def planned_minutes(self) -> int:
        return _minutes(self.starts_at, self.ends_at)

    @property
    def duration_minutes(self) -> int:
        """How long it really was, or else how long it is planned."""
        if self.started_at and self.ended_at:
            return _minutes(self.started_at, self.ended_at)
        return self.planned_minutes

    def is_unresolved(self, at: datetime) -> bool:
        """Over for a while, and nobody has said what became of it; as `unresolved` finds them."""
        return self.status in UNRESOLVED and self.ends_at < at - UNRESOLVED_AFTER

    def is_door_open(self, at: datetime) -> bool:
        """Whether one can join: from a quarter of an hour before the start until the end."""
        joinable = self.status in AGREED
        return joinable and self.starts_at - DOOR_OPENS <= at < self.ends_at


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)


class Participant(models.Model):
    """Who takes part, the host included, and as what."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(
        max_length=20, choices=ParticipantRole.choices, default=ParticipantRole.GUEST
    )

    class Meta:
        db_table = "participant"
        constraints = (
            models.UniqueConstraint(fields=["session", "user"], name="participant_once"),
            models.CheckConstraint(
                name="participant_role_is_known", condition=Q(role__in=ParticipantRole.values)
            ),
        )
        indexes = (
            models.Index(fields=["user", "session"], name="participant_of_whom"),
            models.Index(
                fields=["user", "session"],
                condition=~Q(role=ParticipantRole.HOST),
                name="participant_beside_host",
            ),
        )


_ACTIONS = [(action.value, action.value) for action in Action]


class SessionEnding(models.Model):
    """How a session came not to be held: by whom, why, and whether with too little notice."""

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="ending"
    )
    status = models.CharField(max_length=20, choices=[(s.value, s.label) for s in NOT_HELD])
    action = models.CharField(
        max_length=20, choices=_ACTIONS, blank=True, default="", db_default=""
    )
    party = models.CharField(max_length=20, choices=Party.choices, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "session_ending"
        constraints = (
            models.CheckConstraint(
                name="session_ending_status_is_known",
                condition=Q(status__in=[status.value for status in NOT_HELD]),
            ),
        )


class SessionEndingRevision(models.Model):
    """What was said to have become of a session, before it was said otherwise; only added."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="revisions")
    status = models.CharField(max_length=20, choices=Status.choices)
    action = models.CharField(max_length=20, choices=_ACTIONS, blank=True)
    party = models.CharField(max_length=20, choices=Party.choices, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ending_reason = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    said_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    to_status = models.CharField(max_length=20, choices=Status.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "session_ending_revision"
        constraints = (
            models.CheckConstraint(
                name="session_ending_revision_status_is_known",
                condition=Q(status__in=Status.values, to_status__in=Status.values),
            ),
            models.CheckConstraint(
                name="session_ending_revision_said_by_has_said_at",
                condition=Q(said_by=None) | Q(said_at__isnull=False),
            ),
        )
        indexes = (models.Index(fields=["session", "-id"], name="ending_revision_of_session"),)


class MissedAnswer(models.Model):
    """What one side says became of a session that nobody logged; theirs to change until settled."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, choices=Told.choices)
    party = models.CharField(max_length=20, choices=Party.choices, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "missed_answer"
        constraints = (
            models.UniqueConstraint(fields=["session", "user"], name="missed_answer_once"),
            models.CheckConstraint(
                name="missed_answer_is_known", condition=Q(answer__in=Told.values)
            ),
            models.CheckConstraint(
                name="missed_answer_says_who_did_not_come",
                condition=Q(answer=Told.NO_SHOW, party__in=[party.value for party in ABSENT])
                | (~Q(answer=Told.NO_SHOW) & Q(party="")),
            ),
        )

    @property
    def says(self) -> tuple[str, str]:
        return self.answer, self.party


class SessionLog(models.Model):
    """What came of a session. Long text stays out of the row that lists read."""

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="log"
    )
    objectives = models.TextField(blank=True)
    outcomes = models.TextField()
    shared_notes = models.TextField(blank=True, default="", db_default="")
    logged_late = models.BooleanField(
        default=False, help_text="The session was never planned here: it was logged after the fact."
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    logged_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "session_log"
        indexes = (
            models.Index(
                fields=["session"], condition=Q(logged_late=True), name="session_log_late"
            ),
        )


class NextStep(models.Model):
    """What should happen before the next session."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="next_steps")
    program = models.ForeignKey(
        Program, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    text = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "next_step"
        constraints = (
            models.CheckConstraint(
                name="next_step_done_at_and_done_by",
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["session", "position"], name="next_step_in_order"),
            models.Index(fields=["program"], condition=Q(done_at=None), name="next_step_open"),
            models.Index(
                fields=["session"], condition=Q(done_at=None), name="next_step_open_in_session"
            ),
        )
