"""What one row says, read by the mapping of its file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Final

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from tutelage.core.errors import FieldError
from tutelage.core.inputs import Email, Input, LongLine, OptionalText, invalid_input
from tutelage.core.times import FIRST_LOCAL, LAST_LOCAL, Slot, is_skipped, zones
from tutelage.domain.feedback.inputs import Stars
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.inputs.moments import (
    Moment,
    Unreadable,
    local_of,
    minutes_between,
    read_clock,
    read_length,
    read_moment,
)
from tutelage.domain.imports.inputs.words import Meaning, find_meaning
from tutelage.domain.imports.lifecycle import Column
from tutelage.domain.scheduling.lifecycle import FARTHEST
from tutelage.domain.sessions.inputs import NextSteps
from tutelage.domain.sessions.lifecycle import LONGEST, SHORTEST, Status

Cells = Sequence[str]


def _stars(text: str) -> object:
    """4, 4.0, 4/5, ★★★★ and 4 stars are four."""
    text = text.strip().lower()
    if text and set(text) <= set("★☆⭐"):
        return text.count("★") + text.count("⭐")
    plain = text.removesuffix("stars").removesuffix("star").strip()
    plain = plain.removesuffix("/5").removesuffix(".0").strip()
    if not plain.isdecimal():
        raise PydanticCustomError("stars", _("A rating is a whole number from 1 to 5."))
    return int(plain[:4])


def _steps(text: str) -> list[str]:
    """One a line, or with semicolons between."""
    parts = (part.strip(" \t-•*") for part in text.replace(";", "\n").splitlines())
    return [part for part in parts if part]


class Said(Input):
    """The cells of a row that do not say when."""

    mentor: Email
    mentee: Email
    title: Annotated[OptionalText, Field(max_length=200)] = ""
    objectives: OptionalText = ""
    outcomes: OptionalText = ""
    reason: Annotated[OptionalText, Field(max_length=2_000)] = ""
    next_steps: Annotated[NextSteps, BeforeValidator(_steps)] = Field(default_factory=list)
    mentor_stars: Annotated[Stars, BeforeValidator(_stars)] | None = None
    mentee_stars: Annotated[Stars, BeforeValidator(_stars)] | None = None
    id: Annotated[LongLine, Field(max_length=255)] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A row that makes sense by itself; whether it fits the rows of ours is asked later."""

    said: Said
    slot: Slot
    meaning: Meaning

    @property
    def status(self) -> Status:
        return self.meaning.status

    @property
    def minutes(self) -> int:
        return round(self.slot.duration.total_seconds() / 60)


class RowReader:
    """Reads the rows of one file. What is wrong with a row is collected, all of it."""

    def __init__(self, mapping: ImportMapping, at: datetime) -> None:
        self.mapping, self.at = mapping, at
        self.columns = mapping.columns()

    def read(self, cells: Cells) -> tuple[Reading | None, list[FieldError]]:
        """What the row says, or else what is wrong with it."""
        errors: list[FieldError] = []
        said = self._read_said(cells, errors)
        slot = self._read_slot(cells, errors)
        meaning = self._read_meaning(cells, slot, errors)
        if errors or said is None or slot is None or meaning is None:
            return None, errors
        if meaning != Meaning.COMPLETED:
            errors += [
                FieldError(column, _("Only a session that was held has a rating."))
                for column in (Column.MENTOR_STARS, Column.MENTEE_STARS)
                if getattr(said, column) is not None
            ]
        return (None if errors else Reading(said, slot, meaning)), errors

    def text(self, cells: Cells, column: Column) -> str:
        at = self.columns.get(column, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    def _read_said(self, cells: Cells, errors: list[FieldError]) -> Said | None:
        texts = {name: self.text(cells, Column(name)) for name in Said.model_fields}
        try:
            return Said.model_validate({name: text for name, text in texts.items() if text})
        except ValidationError as faults:
            errors += _by_column(invalid_input(faults.errors()).errors)
            return None

    def _read_slot(self, cells: Cells, errors: list[FieldError]) -> Slot | None:
        before = len(errors)
        zone = self._read_zone(cells, errors)
        moment = self._read_moment(cells, errors)
        start = self._read_start(cells, moment, errors)
        local = local_of(moment, start, zone) if moment else None
        if len(errors) > before:
            return None
        if local is None:
            errors.append(FieldError(Column.TIME, _("A start time is needed.")))
            return None
        minutes = self._read_minutes(cells, local.time(), errors)
        if fault := _unfit(local, zone):
            errors.append(fault)
        if len(errors) > before:
            return None
        return Slot(local, zone, timedelta(minutes=minutes))

    def _read_zone(self, cells: Cells, errors: list[FieldError]) -> str:
        text = self.text(cells, Column.ZONE)
        if not text:
            return self.mapping.usual_zone
        if found := _ZONES.get(text.lower().replace(" ", "_")):
            return found
        errors.append(
            FieldError(Column.ZONE, _("This is not a time zone, as in Pacific/Auckland."))
        )
        return self.mapping.usual_zone

    def _read_moment(self, cells: Cells, errors: list[FieldError]) -> Moment | None:
        text = self.text(cells, Column.DATE)
        if not text:
            errors.append(FieldError(Column.DATE, _("This is needed.")))
            return None
        try:
            return read_moment(text, self.mapping.day_order)
        except Unreadable as fault:
            errors.append(FieldError(Column.DATE, str(fault)))
            return None

    def _read_start(
        self, cells: Cells, moment: Moment | None, errors: list[FieldError]
    ) -> time | None:
        """The column of its own comes first; where it is that of the date, it is read there."""
        shared = self.columns.get(Column.TIME) == self.columns.get(Column.DATE)
        own = "" if shared else self.text(cells, Column.TIME)
        text = own or (moment.rest if moment else "")
        if not text:
            known = moment is not None and moment.instant is not None
            return None if known else self.mapping.usual_time
        try:
            return read_clock(text)
        except Unreadable as fault:
            errors.append(FieldError(Column.TIME if own else Column.DATE, str(fault)))
            return None

    def _read_minutes(self, cells: Cells, start: time, errors: list[FieldError]) -> int:
        column = Column.DURATION
        try:
            if text := self.text(cells, Column.DURATION):
                minutes = read_length(text, self.mapping.duration_unit)
            elif text := self.text(cells, Column.END):
                column = Column.END
                minutes = minutes_between(start, _end_clock(text, self.mapping))
            else:
                return self.mapping.usual_minutes
        except Unreadable as fault:
            errors.append(FieldError(column, str(fault)))
            return 0
        if not SHORTEST <= timedelta(minutes=minutes) <= LONGEST:
            errors.append(FieldError(column, _("A session lasts 5 minutes to 12 hours.")))
        return minutes

    def _read_meaning(
        self, cells: Cells, slot: Slot | None, errors: list[FieldError]
    ) -> Meaning | None:
        text = self.text(cells, Column.STATUS)
        meaning = find_meaning(text, self.mapping.words) if text else None
        is_unclear = bool(text) and meaning in {None, Meaning.UNCLEAR}
        if is_unclear:
            errors.append(
                FieldError(Column.STATUS, _("It is not clear what this word says of a session."))
            )
        if slot is None or is_unclear:
            return None
        if meaning is None:
            over = slot.ends_at <= self.at
            meaning = Meaning.COMPLETED if over else Meaning.SCHEDULED
        if fault := _untimely(meaning, slot, self.at):
            errors.append(fault)
        return meaning


_ZONES: Final = {name.lower(): name for name in zones()}


def _end_clock(text: str, mapping: ImportMapping) -> time:
    """An end may carry its date again; its time is what counts."""
    try:
        return read_clock(text)
    except Unreadable:
        return read_clock(read_moment(text, mapping.day_order).rest)


def _by_column(errors: Sequence[FieldError]) -> list[FieldError]:
    """A part of a cell is named by its column."""
    return [FieldError(field.partition(".")[0], detail) for field, detail in errors]


def _unfit(local: datetime, zone: str) -> FieldError | None:
    if not FIRST_LOCAL <= local < LAST_LOCAL:
        return FieldError(Column.DATE, _("The year has to be 2000 or later, and before 2100."))
    if is_skipped(local, zone):
        return FieldError(
            Column.TIME,
            _("No clock in %(zone)s showed this time: the clocks were put forward past it.")
            % {"zone": zone},
        )
    return None


def _untimely(meaning: Meaning, slot: Slot, at: datetime) -> FieldError | None:
    """What is over cannot be planned, and what lies ahead cannot have been held."""
    detail = ""
    if meaning == Meaning.SCHEDULED:
        if slot.starts_at <= at:
            detail = _("This is past, so it cannot be planned. Say how it went.")
        elif slot.starts_at > at + FARTHEST:
            detail = _("This is more than a year ahead.")
        return FieldError(Column.DATE, detail) if detail else None
    if meaning != Meaning.CANCELLED and slot.ends_at > at:
        detail = _("This is not over yet, so it can only be planned or cancelled.")
    return FieldError(Column.STATUS, detail) if detail else None
