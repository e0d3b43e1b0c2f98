"""What can be said about sessions: on both sides of each limit."""

import pytest

from tutelage.core.inputs import Input
from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.sessions.inputs import (
    CorrectSession,
    LogFields,
    LogPast,
    MarkNoShow,
    Plan,
    RenameSession,
    SessionFilters,
    StepFields,
)

PLAN = {"local_start": "2026-07-01T09:30", "zone": "UTC"}
LOG = {"outcomes": "Done"}
NO_SHOW = {"action": "mark_no_show", "party": "host"}
CORRECT = {"action": "correct", "to": "cancelled", "reason": "It was called off"}


@pytest.mark.parametrize(
    ("model", "given"), [(Plan, PLAN), (LogFields, LOG), (LogPast, LOG), (CorrectSession, CORRECT)]
)
def test_a_session_lasts_five_minutes_to_twelve_hours(
    model: type[Input], given: dict[str, object]
) -> None:
    assert takes_from(model, given, "duration_minutes", 5, 720)


def test_unsaid_it_lasts_an_hour() -> None:
    assert Plan.model_validate(PLAN).duration_minutes == 60
    assert LogPast.model_validate(LOG).duration_minutes == 60


@pytest.mark.parametrize(
    ("model", "given", "field", "most"),
    [
        (SessionFilters, {}, "q", 200),
        (RenameSession, {}, "title", 200),
        (StepFields, {}, "text", 500),
        (MarkNoShow, NO_SHOW, "reason", 500),
        (CorrectSession, CORRECT, "reason", 500),
        (CorrectSession, CORRECT, "outcomes", 10_000),
        (LogFields, {}, "outcomes", 10_000),
        (LogFields, LOG, "shared_notes", 10_000),
    ],
)
def test_texts_are_so_long_and_not_longer(
    model: type[Input], given: dict[str, object], field: str, most: int
) -> None:
    assert takes_signs(model, given, field, most)


def test_a_log_has_at_most_fifty_next_steps() -> None:
    steps = [[{"text": "Read"}] * count for count in (50, 51)]

    assert [takes(LogFields, {**LOG, "next_steps": each}) for each in steps] == [True, False]


def test_a_next_step_is_one_line_and_not_empty() -> None:
    assert not takes(StepFields, {"text": " "})
    assert not takes(StepFields, {"text": "a\nb"})


def test_next_steps_are_a_text_of_lines_or_texts_or_objects() -> None:
    ways = ("Read\n \nWrite", ["Read", "Write"], [{"text": "Read"}, {"text": "Write"}])

    logs = [LogFields.model_validate({**LOG, "next_steps": way}) for way in ways]

    assert [[step.text for step in log.next_steps] for log in logs] == [["Read", "Write"]] * 3


def test_words_of_other_programs_are_understood_in_a_log() -> None:
    log = LogFields.model_validate({**LOG, "duration": 45, "nextSteps": "Read"})

    assert (log.duration_minutes, log.next_steps[0].text) == (45, "Read")


@pytest.mark.parametrize(
    ("word", "status"), [("upcoming", "scheduled"), ("active", "live"), ("no-show", "no_show")]
)
def test_words_of_other_programs_are_understood_for_a_status(word: str, status: str) -> None:
    assert SessionFilters.model_validate({"status": word}).status == status


def test_unsaid_nothing_is_narrowed() -> None:
    asked = SessionFilters()

    said = (asked.logged_late, asked.unresolved, asked.open_steps, asked.archived, asked.q)
    assert said == (False, False, False, False, "")
