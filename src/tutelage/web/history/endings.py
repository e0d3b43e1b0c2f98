"""How a session came not to be held, in a sentence that the reader would say."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tutelage.domain.sessions.lifecycle import Party, Status
from tutelage.web import words

if TYPE_CHECKING:
    from tutelage.domain.feedback.queries import HistoryLine


def sentence(line: "HistoryLine", reader_id: int) -> str:
    if line.party is None:
        return ""
    if line.status == Status.NO_SHOW:
        return _missed(line, reader_id)
    if line.status == Status.DECLINED:
        return _declined(line, reader_id)
    return _cancelled(line, reader_id)


@words.once
def status_word(status: str, party: str | None, _language: str) -> str:
    """The word of the pill; of a session that somebody missed it says whose doing that was."""
    if status == Status.NO_SHOW:
        words_for = {
            Party.HOST.value: _("No-show, mentor"),
            Party.PARTICIPANT.value: _("No-show, mentee"),
            Party.BOTH.value: _("No-show, both"),
        }
        if whose := words_for.get(party or ""):
            return whose
    return str(words.STATUSES[status].word)


def _missed(line: "HistoryLine", reader_id: int) -> str:
    sides = {
        Party.HOST.value: (line.mentor_id, line.mentor or line.host),
        Party.PARTICIPANT.value: (line.mentee_id, line.mentee),
    }
    person_id, name = sides.get(line.party or "", (None, ""))
    if not name:
        return _("Nobody came.") if line.party == Party.BOTH else ""
    if person_id == reader_id:
        return _("You did not come.")
    return _("%(name)s did not come.") % {"name": name}


def _by(line: "HistoryLine") -> str:
    """Whose doing it was, without asking for another row; nobody's when time alone ended it."""
    if line.ended_by is None:
        return ""
    sides = {line.mentor_id: line.mentor, line.mentee_id: line.mentee}
    return sides.get(line.ended_by) or _("an administrator")


def _declined(line: "HistoryLine", reader_id: int) -> str:
    if line.ended_by == reader_id:
        return _("Declined by you.")
    who = _by(line)
    return _("Declined by %(name)s.") % {"name": who} if who else _("Nobody answered in time.")


def _cancelled(line: "HistoryLine", reader_id: int) -> str:
    if line.ended_by == reader_id:
        return _("Cancelled by you, late.") if line.ended_late else _("Cancelled by you, in time.")
    who = _by(line)
    if not who:
        return _("Cancelled late.") if line.ended_late else ""
    if line.ended_late:
        return _("Cancelled by %(name)s, late.") % {"name": who}
    return _("Cancelled by %(name)s, in time.") % {"name": who}
