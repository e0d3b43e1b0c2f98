"""How a session came not to be held, in a sentence that the reader would say."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tutelage.domain.sessions.lifecycle import Party, Status
from tutelage.web import words
from tutelage.web.sides import pair_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import Session, SessionEnding


def sentence(session: "Session", ending: "SessionEnding", reader: "User") -> str:
    if session.status == Status.NO_SHOW:
        return _missed(session, ending, reader)
    who, is_reader = _by(session, ending, reader)
    if session.status == Status.DECLINED:
        return _declined(who, is_reader=is_reader)
    return _cancelled(who, is_reader=is_reader, ending=ending)


def status_word(session: "Session", ending: "SessionEnding | None") -> str:
    """The word of the pill; of a session that somebody missed it says whose doing that was."""
    words_for = {
        Party.HOST.value: _("No-show, mentor"),
        Party.PARTICIPANT.value: _("No-show, mentee"),
        Party.BOTH.value: _("No-show, both"),
    }
    whose = ending.party if ending and session.status == Status.NO_SHOW else ""
    return words_for.get(whose) or str(words.STATUSES[session.status].word)


def _missed(session: "Session", ending: "SessionEnding", reader: "User") -> str:
    pair = pair_of(session)
    sides = {
        Party.HOST.value: pair.mentor if pair else session.host,
        Party.PARTICIPANT.value: pair.mentee if pair else None,
    }
    missing = sides.get(ending.party)
    if missing is None:
        return _("Nobody came.") if ending.party == Party.BOTH else ""
    if missing.pk == reader.pk:
        return _("You did not come.")
    return _("%(name)s did not come.") % {"name": missing.name}


def _by(session: "Session", ending: "SessionEnding", reader: "User") -> tuple[str, bool]:
    """Whose doing it was, without asking for another row; nobody's when time alone ended it."""
    if ending.by_id == reader.pk:
        return reader.name, True
    pair = pair_of(session)
    sides = {pair.mentor_id: pair.mentor, pair.mentee_id: pair.mentee} if pair else {}
    if ending.by_id in sides:
        return sides[ending.by_id].name, False
    return (_("an administrator"), False) if ending.by_id else ("", False)


def _declined(who: str, *, is_reader: bool) -> str:
    if is_reader:
        return _("Declined by you.")
    return _("Declined by %(name)s.") % {"name": who} if who else _("Nobody answered in time.")


def _cancelled(who: str, *, is_reader: bool, ending: "SessionEnding") -> str:
    if is_reader:
        return _("Cancelled by you, late.") if ending.late else _("Cancelled by you, in time.")
    if not who:
        return _("Cancelled late.") if ending.late else ""
    if ending.late:
        return _("Cancelled by %(name)s, late.") % {"name": who}
    return _("Cancelled by %(name)s, in time.") % {"name": who}
