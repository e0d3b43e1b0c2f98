"""What both sides say became of a session, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.domain.sessions.lifecycle import Action, Party, Told, allowed_actions
from tutelage.domain.sessions.policies import can_lead, can_tell
from tutelage.domain.sessions.queries import can_read, list_answers, list_corrections
from tutelage.web import words
from tutelage.web.sides import pair_of

if TYPE_CHECKING:
    from tutelage.domain.attendance.queries import Beside
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import MissedAnswer, Session, SessionEndingRevision


@dataclass(frozen=True, slots=True)
class Answer:
    """`said` is empty while the reader may not know it."""

    who: str
    said: str
    at: datetime


def absences(session: "Session") -> list[tuple[str, str]]:
    """Who can be the one that did not come, for a form to choose from."""
    pair = pair_of(session)
    host = pair.mentor.name if pair else session.host.name
    guest = pair.mentee.name if pair else _("The participant")
    return [
        (Party.HOST.value, host),
        (Party.PARTICIPANT.value, guest),
        (Party.BOTH.value, _("Neither of them")),
    ]


def tell_answers(
    session: "Session", answers: Sequence["MissedAnswer"], reader: "User"
) -> list[Answer]:
    """Each answer as a sentence; the other side's only once the reader has answered."""
    shown, names = can_read(session, answers, reader), dict(absences(session))
    return [
        Answer(
            who=_("You") if each.user_id == reader.pk else words.first_name(each.user.name),
            said=_sentence(each, names) if shown else "",
            at=each.at,
        )
        for each in answers
    ]


def _sentence(answer: "MissedAnswer", names: dict[str, str]) -> str:
    if answer.answer == Told.HAPPENED:
        return _("It happened.")
    if answer.answer == Told.CALLED_OFF:
        return _("It was called off.")
    if answer.party == Party.BOTH:
        return _("Nobody came.")
    return _("%(name)s did not come.") % {"name": names[answer.party]}


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is said of a session that is over, and what the reader can say of it."""

    answers: Sequence[Answer]
    absences: Sequence[tuple[str, str]]
    corrections: "Sequence[SessionEndingRevision]"
    is_asked: bool
    is_disputed: bool
    can_tell: bool
    can_mark: bool
    can_correct: bool


def read_aftermath(
    session: "Session", role: str | None, reader: "User", beside: "Beside"
) -> Aftermath:
    at, moves = now(), allowed_actions(session.status)
    is_asked, leads = session.is_unresolved(at), bool(can_lead(reader, role))
    answers = list_answers(session.pk) if beside.has_answers and at > session.ends_at else []
    return Aftermath(
        answers=tell_answers(session, answers, reader),
        absences=absences(session),
        corrections=list_corrections(session.pk) if beside.has_corrections else [],
        is_asked=is_asked,
        is_disputed=is_asked and len({each.says for each in answers}) > 1,
        can_tell=is_asked and bool(can_tell(role)),
        can_mark=leads and Action.MARK_NO_SHOW in moves and at >= session.starts_at,
        can_correct=leads and Action.CORRECT in moves,
    )
