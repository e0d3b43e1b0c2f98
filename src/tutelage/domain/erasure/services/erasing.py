"""Forget somebody: what is open is called off, then their data goes, in one transaction."""

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import DomainError
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.erasure.services.emptying import (
    delete_own,
    empty_rest,
    empty_shared,
    make_nameless,
)
from tutelage.domain.people.events import PersonErased
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.programs.inputs import MoveMentorship
from tutelage.domain.programs.lifecycle import PairAction, PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.services import move_mentorship
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.services.answering import decline_time, withdraw_time
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session


@one_transaction
def erase_person(person_id: int) -> None:
    """Done again it changes nothing. The row stays, so that counts and others' records do."""
    person = User.objects.select_for_update().get(pk=person_id)
    if person.erased_at is not None:
        return
    _call_off_sessions(person)
    _end_pairs(person)
    delete_own(person)
    empty_shared(person)
    empty_rest(person)
    make_nameless(person)
    person.erased_at, person.role = now(), Role.USER
    person.save()
    publish(PersonErased(subject_id=person.uid, actor_id=None))


def _call_off_sessions(person: User) -> None:
    """The others are told as if this person had done it; one that is under way is left to them."""
    ahead = Session.objects.filter(participants__user=person, ends_at__gt=now())
    for session in ahead.filter(status__in=(Status.REQUESTED, Status.SCHEDULED)):
        call_off: Callable[..., object] = cancel_session
        if session.status == Status.REQUESTED:
            open_offers = TimeOffer.objects.filter(session=session, state=OfferState.OPEN)
            is_own = open_offers.filter(by=person).exists()
            call_off = withdraw_time if is_own else decline_time
        with suppress(DomainError), transaction.atomic():
            call_off(actor=person, session_id=session.pk, reason="")


def _end_pairs(person: User) -> None:
    pairs = Mentorship.objects.with_people()
    for pair in [*pairs.filter(mentor=person), *pairs.filter(mentee=person)]:
        if pair.status == PairStatus.ENDED:
            continue
        action = PairAction.END
        if pair.status == PairStatus.PROPOSED:
            is_own = pair.proposed_by_id == person.pk
            action = PairAction.WITHDRAW if is_own else PairAction.DECLINE
        with suppress(DomainError), transaction.atomic(), translation.override(person.locale):
            given = MoveMentorship(action=action, reason=_("One of the two accounts was erased."))
            move_mentorship(actor=person, mentorship_id=pair.program.uid, given=given)
