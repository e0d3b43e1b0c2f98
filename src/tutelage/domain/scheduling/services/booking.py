"""Taking one of the times that a mentor's hours leave free."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.errors import Conflict, FieldError, NotPermitted
from tutelage.core.events import publish
from tutelage.core.times import Slot
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.policies import can_plan_sessions
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.scheduling.inputs import AskForTime, AskWhy, BookTime
from tutelage.domain.scheduling.queries import Bookable, get_bookable, list_reasons
from tutelage.domain.scheduling.services.offering import Planned, request_time
from tutelage.domain.scheduling.services.reserving import hold, lock_calendars
from tutelage.domain.sessions.events import SessionScheduled
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.planning import create_for_pair


class TimeNotFree(Conflict):
    code = "time_not_free"


@one_transaction
def book_time(*, actor: User, person_id: UUID, given: BookTime) -> Planned:
    """Take a free time of one's mentor: it stands at once where they allow it, or is asked for.

    Raises:
        TimeNotFree: it is outside what the mentor offers, or was taken meanwhile; says why.
    """
    bookable = get_bookable(actor=actor, person_id=person_id)
    if bookable.mentorship_id is None:
        raise NotPermitted(_("Only mentees of this mentor can book a time."))
    lock_calendars([bookable.host.pk, actor.pk])
    minutes = given.duration_minutes or bookable.policy.slot_minutes
    plan = {"local_start": given.local_start, "zone": given.zone, "duration_minutes": minutes}
    asked = AskForTime(mentorship=bookable.mentorship_id, note=given.note, **plan)
    _require_free(bookable, AskWhy(**plan))
    mentorship = get_mentorship(actor=actor, mentorship_id=asked.mentorship)
    if bookable.policy.outright:
        return Planned(_book(actor, mentorship, asked.slot))
    return request_time(actor, mentorship, asked)


def _require_free(bookable: Bookable, asked: AskWhy) -> None:
    reasons = list_reasons(bookable=bookable, asked=asked)
    if reasons:
        said = " ".join(str(reason.label) for reason in reasons)
        errors = [FieldError("local_start", str(reason.label)) for reason in reasons]
        raise TimeNotFree(_("This time is not free. %(why)s") % {"why": said}, errors=errors)


def _book(actor: User, mentorship: Mentorship, slot: Slot) -> Session:
    can_plan_sessions(actor, mentorship).require()
    session = create_for_pair(mentorship, slot, Status.SCHEDULED)
    hold(session, mentorship.sides, slot)
    publish(SessionScheduled(subject_id=session.pk, actor_id=actor.pk, starts_at=session.starts_at))
    return session
