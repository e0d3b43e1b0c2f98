"""Every way to change pairs."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import (
    Conflict,
    FieldError,
    InvalidInput,
    NotFound,
    Stale,
    invalid_field,
)
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_people_by_email, find_person
from tutelage.domain.programs import policies
from tutelage.domain.programs.events import (
    MentorshipAccepted,
    MentorshipChanged,
    MentorshipDeclined,
    MentorshipEnded,
    MentorshipEvent,
    MentorshipMade,
    MentorshipPaused,
    MentorshipProposed,
    MentorshipResumed,
    MentorshipWithdrawn,
)
from tutelage.domain.programs.inputs import (
    ChangeMentorship,
    MakeMentorship,
    MoveMentorship,
    ProposeMentorship,
)
from tutelage.domain.programs.lifecycle import (
    PairAction,
    PairSide,
    PairStatus,
    ProgramKind,
    next_pair_status,
)
from tutelage.domain.programs.models import Mentorship, MentorshipMove, Program
from tutelage.domain.programs.queries import list_proposals_made

MOST_PROPOSALS: Final = 20
_EVENTS: Final[Mapping[PairAction, type[MentorshipEvent]]] = {
    PairAction.ACCEPT: MentorshipAccepted,
    PairAction.DECLINE: MentorshipDeclined,
    PairAction.WITHDRAW: MentorshipWithdrawn,
    PairAction.PAUSE: MentorshipPaused,
    PairAction.RESUME: MentorshipResumed,
    PairAction.END: MentorshipEnded,
}


class PairExists(Conflict):
    code = "pair_exists"


class TooManyProposals(Conflict):
    code = "too_many_proposals"


@one_transaction
def make_mentorship(*, actor: User, given: MakeMentorship) -> Mentorship:
    """Make an active pair of two people who have accounts."""
    policies.can_make_mentorship(actor).require()
    people = find_people_by_email({given.mentor_email, given.mentee_email})
    unknown = [
        FieldError(field, _("Nobody here has this e-mail. Add the person first."))
        for field in ("mentor_email", "mentee_email")
        if getattr(given, field) not in people
    ]
    if unknown:
        raise InvalidInput(_("Some values are not valid."), errors=unknown)
    if given.mentor_email == given.mentee_email:
        raise invalid_field("mentee_email", _("Mentor and mentee are the same person."))
    mentorship = _pair_of(people[given.mentor_email], people[given.mentee_email], given)
    _add(mentorship)
    publish(MentorshipMade(subject_id=mentorship.uid, actor_id=actor.pk))
    return mentorship


@one_transaction
def propose_mentorship(*, actor: User, given: ProposeMentorship) -> Mentorship:
    """Ask somebody to be one's mentor or mentee. Nothing can be planned until they accept."""
    if given.email == actor.email:
        raise invalid_field("email", _("Mentor and mentee are the same person. Name another one."))
    other = find_person(given.email)
    if other is None:
        raise invalid_field(
            "email", _("Nobody here has this e-mail. Ask an administrator to add the person.")
        )
    if len(list_proposals_made(actor)) >= MOST_PROPOSALS:
        raise TooManyProposals(_("Too many of your proposals wait for an answer. Withdraw one."))
    mentor, mentee = (actor, other) if given.role == PairSide.MENTOR else (other, actor)
    mentorship = _pair_of(mentor, mentee, given)
    mentorship.status, mentorship.proposed_by = PairStatus.PROPOSED, actor
    _add(mentorship)
    publish(MentorshipProposed(subject_id=mentorship.uid, actor_id=actor.pk))
    return mentorship


@one_transaction
def move_mentorship(
    *, actor: User, mentorship_id: UUID, given: MoveMentorship, seen_version: int | None = None
) -> Mentorship:
    """Accept, decline or withdraw a proposal; pause, resume or end what was agreed upon.

    Sessions that are planned stay as they are: each is for two people to call off.
    """
    mentorship = _take(actor, mentorship_id, seen_version)
    policies.can_move_pair(actor, mentorship, given.action).require()
    before = PairStatus(mentorship.status)
    status = next_pair_status(before, given.action)
    if given.action == PairAction.END and not given.reason:
        raise invalid_field("reason", _("Say why it ends: both of you will read it."))
    at = now()
    mentorship.status, mentorship.status_since = status, at
    if given.action == PairAction.ACCEPT:
        mentorship.started_at = at
    if status == PairStatus.ENDED:
        mentorship.ended_at = at
    _keep(mentorship)
    MentorshipMove.objects.create(
        mentorship=mentorship,
        action=given.action,
        from_status=before,
        status=status,
        by=actor,
        reason=given.reason,
        at=at,
    )
    publish(_EVENTS[given.action](subject_id=mentorship.uid, actor_id=actor.pk))
    return mentorship


@one_transaction
def change_mentorship(
    *, actor: User, mentorship_id: UUID, given: ChangeMentorship, seen_version: int | None = None
) -> Mentorship:
    """Agree on other goals or another cadence."""
    mentorship = _take(actor, mentorship_id, seen_version)
    policies.can_change_pair(actor, mentorship).require()
    for name, value in given.model_dump(exclude_unset=True).items():
        setattr(mentorship, name, value)
    _keep(mentorship)
    publish(MentorshipChanged(subject_id=mentorship.uid, actor_id=actor.pk))
    return mentorship


def _pair_of(mentor: User, mentee: User, given: MakeMentorship | ProposeMentorship) -> Mentorship:
    return Mentorship(
        mentor=mentor, mentee=mentee, cadence_days=given.cadence_days, goals=given.goals
    )


def _add(mentorship: Mentorship) -> None:
    """Write a new pair; the database decides whether these two have an open one already."""
    mentorship.program = Program.objects.create(kind=ProgramKind.MENTORSHIP)
    try:
        with transaction.atomic():
            mentorship.save(force_insert=True)
    except IntegrityError:
        raise PairExists(
            _("These two have an open mentorship already, or one was proposed.")
        ) from None


def _take(actor: User, mentorship_id: UUID, seen_version: int | None) -> Mentorship:
    """Lock the row first: of two who answer at once, the second sees what was done."""
    rows = Mentorship.objects.visible_to(actor).with_people().select_for_update(of=("self",))
    mentorship = rows.filter(program__uid=mentorship_id).first()
    if mentorship is None:
        raise NotFound(_("There is no such mentorship."))
    if seen_version is not None and mentorship.version != seen_version:
        raise Stale(_("Somebody changed this mentorship since you read it. Look at it again."))
    return mentorship


def _keep(mentorship: Mentorship) -> None:
    mentorship.version += 1
    mentorship.save()
