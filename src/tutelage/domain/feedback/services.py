"""Every way to say how a session was."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Reading
from tutelage.core.errors import Conflict
from tutelage.core.events import publish
from tutelage.core.inserting import insert
from tutelage.core.transactions import one_transaction
from tutelage.core.updating import update
from tutelage.domain.feedback import policies
from tutelage.domain.feedback.events import FeedbackGiven, FeedbackOpened
from tutelage.domain.feedback.inputs import GiveRating, LogAndRate, LogPastAndRate
from tutelage.domain.feedback.models import SEALED_FOR, Rating, RatingQuerySet
from tutelage.domain.logs.services import drafts, notes
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Participant, Session
from tutelage.domain.sessions.queries import people_of
from tutelage.domain.sessions.services.completion import complete_session, log_past_session
from tutelage.domain.sessions.services.rows import Taken, take_session, taken_already


class SealOpen(Conflict):
    code = "seal_open"


class NothingToRate(Conflict):
    code = "not_held"


@one_transaction
def rate_session(*, actor: User, session_id: UUID, given: GiveRating) -> Rating:
    """Rate the other side; until the seal opens, again changes what was said."""
    return _rate(actor, take_session(actor, session_id), given)


@one_transaction
def log_and_rate(
    *, actor: User, session_id: UUID, given: LogAndRate, seen_version: int | None = None
) -> Session:
    """Write the log, which completes the session, and what came along; its draft is done with."""
    session = complete_session(
        actor=actor, session_id=session_id, given=given, seen_version=seen_version
    )
    _write_along(actor, session, given)
    drafts.forget(actor, session=session)
    return session


@one_transaction
def log_past_and_rate(*, actor: User, mentorship: Mentorship, given: LogPastAndRate) -> Session:
    """The same for a session that was never planned here."""
    session = log_past_session(actor=actor, mentorship=mentorship, given=given)
    _write_along(actor, session, given)
    drafts.forget(actor, program=mentorship.program)
    return session


def _write_along(actor: User, session: Session, given: LogAndRate | LogPastAndRate) -> None:
    """What came with the log: a note of one's own, and a rating."""
    if given.private_note:
        notes.write(actor, session, given.private_note)
    if given.rating is not None:
        rating = GiveRating(stars=given.rating, comment=given.comment)
        _rate(actor, taken_already(actor, session), rating)


def _rate(actor: User, taken: Taken, given: GiveRating) -> Rating:
    session, role = taken
    policies.can_rate(session, role).require()
    other = _other_side(session, actor)
    if other is None:
        raise NothingToRate(_("There was nobody else in this session."))
    given_before = _ratings(session_id=session.pk)
    rating = next((each for each in given_before if each.author_id == actor.pk), None)
    write = update if rating else insert
    if rating is None:
        rating = Rating(
            session=session, author=actor, subject=other.user, unseals_at=now() + SEALED_FOR
        )
    elif reason := policies.can_change(rating, now()).reason:
        raise SealOpen(reason)
    rating.stars, rating.comment = given.stars, given.comment
    write(rating)
    publish(FeedbackGiven(subject_id=session.pk, actor_id=actor.pk, rating_id=rating.uid))
    _open_if_both(rating, [each for each in given_before if each.author_id != actor.pk])
    return rating


def _other_side(session: Session, actor: User) -> Participant | None:
    others = (each for each in people_of(session) if each.user_id != actor.pk)
    return next((each for each in others if each.role in policies.SIDES), None)


@Reading
def _ratings(session_id: UUID) -> RatingQuerySet:
    return Rating.objects.filter(session=session_id).order_by("id")


def _open_if_both(rating: Rating, others: list[Rating]) -> None:
    """The session's row is taken, so of two who rate at once the second sees the first."""
    both = [rating, *others]
    if len(both) > 1 and any(each.opened_at is None for each in both):
        rating.opened_at = now()
        Rating.objects.filter(session=rating.session_id, opened_at=None).update(
            opened_at=rating.opened_at
        )
        publish(FeedbackOpened(subject_id=rating.session_id, actor_id=None))
