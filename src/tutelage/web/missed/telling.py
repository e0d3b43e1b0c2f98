"""What both sides say became of a session, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tutelage.domain.sessions.lifecycle import Party, Told
from tutelage.domain.sessions.queries import can_read
from tutelage.web import words
from tutelage.web.sides import pair_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import MissedAnswer, Session


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
