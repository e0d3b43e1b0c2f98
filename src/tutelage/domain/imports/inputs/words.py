"""The words of spreadsheets for how a session went."""

from enum import StrEnum
from typing import Final

from tutelage.domain.sessions.lifecycle import Status


class Meaning(StrEnum):
    """What a word can say of a session, and in two cases who did not come."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    NO_SHOW_MENTOR = "no_show_mentor"
    NO_SHOW_MENTEE = "no_show_mentee"
    SCHEDULED = "scheduled"
    UNCLEAR = "unclear"  # rows with such a word are refused

    @property
    def status(self) -> Status:
        return Status.NO_SHOW if self.startswith("no_show") else Status(self.value)


_SAID: Final = {
    Meaning.COMPLETED: "completed complete done held finished attended met yes y ok "
    "present took_place happened closed "
    "realizada completada hecha durchgeführt erledigt effectuée terminée réalisée",
    Meaning.CANCELLED: "cancelled canceled cancel called_off cancelled_by_mentor "
    "cancelled_by_mentee canceled_by_mentor canceled_by_mentee withdrawn "
    "cancelada abgesagt annulée",
    Meaning.NO_SHOW: "no_show noshow missed absent did_not_attend not_attended dna no "
    "ausente no_asistió nicht_erschienen absente",
    Meaning.NO_SHOW_MENTOR: "no_show_mentor mentor_no_show mentor_absent no_show_host "
    "mentor_did_not_attend",
    Meaning.NO_SHOW_MENTEE: "no_show_mentee mentee_no_show mentee_absent mentee_did_not_attend",
    Meaning.SCHEDULED: "scheduled planned upcoming booked confirmed open pending "
    "programada planificada geplant prévue planifiée",
}


def fold_word(word: str) -> str:
    """How a word is compared: capitals, spaces, hyphens and brackets do not count."""
    parts = "".join(sign if sign.isalnum() else " " for sign in word.casefold()).split()
    return " ".join(parts) or word.strip()


_KNOWN: Final = {
    fold_word(word): meaning for meaning, words in _SAID.items() for word in words.split()
}


def find_meaning(word: str, own: dict[str, Meaning]) -> Meaning | None:
    """What a word means; the file's own words come first."""
    folded = fold_word(word)
    return own.get(folded) or _KNOWN.get(folded)
