"""Every way to read pairs. Each starts from what the actor may see."""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tutelage.core.compiled import Given, Reading, Statement
from tutelage.core.errors import NotFound
from tutelage.core.paging import Page, paginate
from tutelage.domain.people.models import User
from tutelage.domain.programs.inputs import MentorshipFilters
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship, MentorshipMove, MentorshipQuerySet


def list_mentorships(*, actor: User, filters: MentorshipFilters) -> Page[Mentorship]:
    """Pairs the actor may see, newest first, in two queries."""
    rows = Mentorship.objects.visible_to(actor).with_people()
    if filters.status:
        rows = rows.filter(status=filters.status)
    return paginate(rows, filters, newest="started_at")


def get_mentorship(*, actor: User, mentorship_id: UUID) -> Mentorship:
    found = _mentorship(actor_id=actor.pk, is_admin=actor.is_admin, uid=mentorship_id)
    if not found:
        raise NotFound(_("There is no such mentorship."))
    return found[0]


@Reading
def _mentorship(*, actor_id: int, is_admin: bool, uid: UUID) -> MentorshipQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    return Mentorship.objects.visible_to(actor).with_people().filter(program__uid=uid)


def list_own_mentorships(actor: User) -> list[Mentorship]:
    """The first hundred active pairs that the actor is one of."""
    rows = Mentorship.objects.filter(status=PairStatus.ACTIVE).with_people()
    mine = rows.filter(mentor=actor) | rows.filter(mentee=actor)
    return list(mine.order_by("-started_at", "-pk")[:100])


def list_open_mentorships(actor: User) -> list[Mentorship]:
    """The newest hundred pairs of one's own that have not ended, proposals included."""
    return _open_of(person_id=actor.pk)


@Reading
def _open_of(person_id: int) -> MentorshipQuerySet:
    return _newest(Mentorship.objects.filter(ended_at=None), person_id)


def list_own_pairs(actor: User) -> list[Mentorship]:
    """The actor's active pairs, and those proposed by them or to them; the first hundred."""
    return _own_pairs(person_id=actor.pk)


@Reading
def _own_pairs(person_id: int) -> MentorshipQuerySet:
    rows = Mentorship.objects.filter(status__in=(PairStatus.ACTIVE, PairStatus.PROPOSED))
    return _newest(rows, person_id)


def _newest(rows: MentorshipQuerySet, person_id: int) -> MentorshipQuerySet:
    theirs = rows.with_people().filter(Q(mentor=person_id) | Q(mentee=person_id))
    return theirs.order_by("-started_at", "-pk")[:100]


def list_mentorships_of(*, actor: User, person: User) -> list[Mentorship]:
    """The newest hundred pairs of somebody, of those the actor may see; ended ones, too."""
    return _pairs_of(actor_id=actor.pk, is_admin=actor.is_admin, person_id=person.pk)


@Reading
def _pairs_of(*, actor_id: int, is_admin: bool, person_id: int) -> MentorshipQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    return _newest(Mentorship.objects.visible_to(actor), person_id)


class OwnPair(NamedTuple):
    """A pair of one's own, as a choice among others names it."""

    uid: UUID
    status: str
    other_uid: UUID
    other_name: str


def list_own_names(actor: User) -> list[OwnPair]:
    """The actor's newest hundred pairs, ended ones, too, to choose from."""
    return [
        OwnPair(uid, status, *(sides[2:] if mentor_id == actor.pk else sides[:2]))
        for uid, status, mentor_id, *sides in _own_names().run({"person": actor.pk})
    ]


@cache
def _own_names() -> Statement:
    person: Any = Given("person", "bigint")
    rows = Mentorship.objects.filter(Q(mentor=person) | Q(mentee=person))
    return Statement.of(
        rows.order_by("-started_at", "-pk").values_list(
            "program__uid", "status", "mentor", "mentor__uid", "mentor__name", "mentee__uid",
            "mentee__name",
        )[:100]
    )  # fmt: skip


def count_mentorships(actor: User) -> int:
    """How many active pairs the actor may see."""
    return Mentorship.objects.visible_to(actor).filter(status=PairStatus.ACTIVE).count()


def list_moves(mentorship: Mentorship) -> list[MentorshipMove]:
    """The latest fifty changes of a pair's status, oldest first."""
    return _moves(program_id=mentorship.pk)[::-1]


@Reading
def _moves(program_id: int) -> QuerySet[MentorshipMove]:
    rows = MentorshipMove.objects.filter(mentorship=program_id).select_related("by")
    return rows.order_by("-at", "-id")[:50]


def list_proposals_to_answer(actor: User) -> list[Mentorship]:
    """Pairs that somebody proposed to the actor, and that wait for the answer; at most twenty."""
    return list(_proposals(actor).exclude(proposed_by=actor).order_by("status_since", "pk")[:20])


def list_proposals_made(actor: User) -> list[Mentorship]:
    """Pairs that the actor proposed, and that nobody has answered yet."""
    return list(_proposals(actor).filter(proposed_by=actor).order_by("status_since", "pk")[:20])


def _proposals(actor: User) -> MentorshipQuerySet:
    rows = Mentorship.objects.filter(status=PairStatus.PROPOSED).with_people()
    return rows.filter(Q(mentor=actor) | Q(mentee=actor))


def get_known_person(*, actor: User, uid: UUID) -> User:
    """Oneself, the other side of one's own pairs, and for an administrator everybody."""
    people = User.objects.filter(uid=uid)
    if not actor.is_admin:
        met = Mentorship.objects.visible_to(actor).filter(
            Q(mentor=OuterRef("pk")) | Q(mentee=OuterRef("pk"))
        )
        people = people.filter(Q(pk=actor.pk) | Exists(met))
    person = people.first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return person
