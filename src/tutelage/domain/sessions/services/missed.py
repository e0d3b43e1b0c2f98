"""A session is over, and nobody logged it: both sides say what became of it. Nothing is guessed."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict, invalid_field
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.sessions import policies
from tutelage.domain.sessions.events import MissedAnswered, SessionCancelled, SessionNoShow
from tutelage.domain.sessions.inputs import AnswerMissed, MarkNoShow
from tutelage.domain.sessions.lifecycle import Action, ParticipantRole, Party, Told
from tutelage.domain.sessions.models import MissedAnswer, Participant, Session
from tutelage.domain.sessions.services.completion import NotYet
from tutelage.domain.sessions.services.ending import Ending, end_session
from tutelage.domain.sessions.services.rows import take_session


class NotUnresolved(Conflict):
    code = "not_unresolved"


@one_transaction
def answer_missed(*, actor: User, session_id: UUID, given: AnswerMissed) -> Session:
    """Say what became of a session. One answer alone changes nothing; two that agree settle it.

    That it happened is settled by its log. An answer can be changed until then.
    """
    session, role = take_session(actor, session_id)
    policies.can_tell(role).require()
    if not session.is_unresolved(now()):
        raise NotUnresolved(_("Nobody is asked about this session: it is settled, or not over."))
    party = given.party or ""
    if bool(party) != (given.answer == Told.NO_SHOW):
        raise invalid_field(
            "party",
            _("Leave this away: somebody came.") if party else _("Say who did not come."),
        )
    MissedAnswer.objects.update_or_create(
        session=session,
        user=actor,
        defaults={"answer": given.answer, "party": party, "at": now()},
    )
    publish(MissedAnswered(subject_id=session.pk, actor_id=actor.pk, answer=given.answer))
    _settle_if_agreed(session, actor)
    return session


def _settle_if_agreed(session: Session, actor: User) -> None:
    """The session's row is taken, so of two who answer at once the second sees the first."""
    sides = Participant.objects.filter(
        session=session, role__in=(ParticipantRole.HOST, ParticipantRole.GUEST)
    )
    people = set(sides.values_list("user_id", flat=True))
    answers = list(MissedAnswer.objects.filter(session=session, user__in=people))
    if len(answers) < len(people) or len({each.says for each in answers}) > 1:
        return
    answer, party = answers[0].says
    if answer == Told.NO_SHOW:
        before = end_session(session, Action.MARK_NO_SHOW, Ending(None, None, party=party))
        publish(
            SessionNoShow(
                subject_id=session.pk, actor_id=actor.pk, from_status=before, party=Party(party)
            )
        )
    elif answer == Told.CALLED_OFF:
        before = end_session(session, Action.CANCEL, Ending(None, None, party=Party.BOTH))
        publish(
            SessionCancelled(
                subject_id=session.pk, actor_id=actor.pk, from_status=before, late=False
            )
        )


@one_transaction
def mark_no_show(
    *, actor: User, session_id: UUID, given: MarkNoShow, seen_version: int | None = None
) -> Session:
    """Say whom a session missed, without waiting for both sides: the host's, an admin's."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_lead(actor, role).require()
    ending = Ending(actor, role, given.reason, party=given.party)
    if now() < session.starts_at:
        raise NotYet(_("This session has not begun yet."))
    before = end_session(session, Action.MARK_NO_SHOW, ending)
    publish(
        SessionNoShow(
            subject_id=session.pk, actor_id=actor.pk, from_status=before, party=given.party
        )
    )
    return session
