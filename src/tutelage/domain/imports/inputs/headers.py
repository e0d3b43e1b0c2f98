"""Which column is which, told by its name."""

from collections.abc import Sequence
from typing import Final
from unicodedata import combining, normalize

from tutelage.domain.imports.lifecycle import Column, Unit

_NAMES: Final = {
    Column.MENTOR: "mentor email|mentor e mail|mentor s e mail|mentor s email|mentor mail|"
    "mentor address|email mentor|email of mentor|e mail of mentor|email mentor|coach email|"
    "host email|correo del mentor|correo mentor|e mail mentor|mentor",
    Column.MENTEE: "mentee email|mentee e mail|mentee s e mail|mentee s email|mentee mail|"
    "mentee address|email mentee|email of mentee|e mail of mentee|student email|coachee email|"
    "correo del mentee|correo mentee|e mail mentee|mentee",
    Column.DATE: "date|session date|date of session|meeting date|day|date and time|date time|"
    "datetime|start date|starts at|start at|when|timestamp|fecha|datum",
    Column.TIME: "time|start time|start|from|begin|session time|starts|hora|hora de inicio|"
    "uhrzeit|beginn|heure",
    Column.END: "end|end time|until|to|finish|ends|ends at|hora de fin|ende|fin",
    Column.DURATION: "duration|length|minutes|min|mins|duration minutes|duration min|"
    "duration mins|duration in minutes|hours|duration hours|duration h|duration hrs|hrs|"
    "duration in hours|duracion|dauer|duree|time spent",
    Column.ZONE: "zone|time zone|timezone|tz|zona horaria|zeitzone|fuseau horaire",
    Column.STATUS: "status|state|attendance|attended|held|result|estado|statut|happened",
    Column.TITLE: "title|topic|subject|session title|theme|tema|thema|titulo|sujet",
    Column.OBJECTIVES: "objectives|objective|goals|goal|aim|agenda|objetivos|ziele|objectifs",
    Column.OUTCOMES: "outcomes|outcome|notes|session notes|summary|comments|comment|discussed|"
    "what happened|resultados|notas|notizen|ergebnisse|resultats",
    Column.NEXT_STEPS: "next steps|next step|actions|action items|action points|to do|todo|"
    "follow up|follow ups|homework|proximos pasos|nachste schritte|prochaines etapes",
    Column.REASON: "reason|why|reason for cancellation|cancellation reason|cancel reason|"
    "motivo|grund|motif",
    Column.MENTOR_STARS: "mentor rating|rating mentor|rating by mentor|mentor s rating|"
    "mentor stars|mentor score|mentor satisfaction",
    Column.MENTEE_STARS: "mentee rating|rating mentee|rating by mentee|mentee s rating|"
    "mentee stars|mentee score|mentee satisfaction|rating|stars|score",
    Column.ID: "id|session id|row id|ref|reference|record id|session no|session number|uid|key",
}
_PEOPLE: Final = {Column.MENTOR.value, Column.MENTEE.value}
_LONGEST: Final = 60  # what is longer is no name
_KNOWN: Final = {
    name: (column, rank)
    for column, names in _NAMES.items()
    for rank, name in enumerate(names.split("|"))
}


def fold_header(name: str) -> str:
    """How a name is compared: capitals, accents and punctuation do not count."""
    plain = normalize("NFKD", name.casefold())
    letters = (sign for sign in plain if not combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters).split())


def count_known(cells: Sequence[str]) -> int:
    """How many of these are names of columns."""
    return sum(fold_header(cell) in _KNOWN for cell in cells if len(cell) <= _LONGEST)


def guess_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """The likeliest position of each thing; a column of mere names is not one of addresses."""
    found: dict[Column, tuple[int, int]] = {}
    for at, name in enumerate(header):
        column, rank = _KNOWN.get(fold_header(name), (None, 0))
        if column is None or (column in found and found[column] <= (rank, at)):
            continue
        if name.strip().casefold() not in _PEOPLE or _has_addresses(rows, at):
            found[column] = (rank, at)
    return {column.value: at for column, (_rank, at) in found.items()}


def guess_unit(name: str) -> Unit:
    """Hours, where the name of the column says so."""
    words = set(fold_header(name).split())
    return Unit.HOURS if words & {"hours", "hrs", "h", "hour"} else Unit.MINUTES


def _has_addresses(rows: Sequence[Sequence[str]], at: int) -> bool:
    return any(at < len(cells) and "@" in cells[at] for cells in rows)
