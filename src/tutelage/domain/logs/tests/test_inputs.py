"""What a log and a draft of it can hold: on both sides of each limit."""

import pytest

from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.logs.inputs import ChangeLog, DraftForm, DraftStep, WriteLog

LONG = ("comment", "objectives", "outcomes", "shared_notes", "private_note")
SHORT = ("duration_minutes", "rating", "day", "hour", "zone")


@pytest.mark.parametrize("field", LONG)
def test_a_draft_keeps_more_of_a_text_than_the_log_takes(field: str) -> None:
    assert takes_signs(DraftForm, {}, field, 150_000)


@pytest.mark.parametrize("field", SHORT)
def test_a_draft_keeps_what_was_typed_into_small_fields(field: str) -> None:
    assert takes_signs(DraftForm, {}, field, 2_000)


@pytest.mark.parametrize("field", ["id", "text", "owner", "due_on"])
def test_a_draft_keeps_what_was_typed_into_its_steps(field: str) -> None:
    assert takes_signs(DraftStep, {}, field, 2_000)


def test_a_draft_keeps_sixty_steps() -> None:
    assert [takes(DraftForm, {"next_steps": [{}] * count}) for count in (60, 61)] == [True, False]


def test_numbers_stand_in_a_draft_as_they_would_in_a_form_and_booleans_do_not() -> None:
    form = DraftForm.model_validate({"duration_minutes": 45, "rating": 4.5})

    assert form.typed() == {"duration_minutes": "45", "rating": "4.5"}
    assert not takes(DraftForm, {"rating": True})


def test_a_draft_takes_no_sign_that_nobody_can_see() -> None:
    assert not takes(DraftForm, {"outcomes": "a\x07"})
    assert not takes(DraftForm, {"day": "a\x07"})


def test_a_session_lasts_five_minutes_to_twelve_hours() -> None:
    assert takes_from(ChangeLog, {}, "duration_minutes", 5, 720)
    assert takes_from(WriteLog, {"outcomes": "Done"}, "duration_minutes", 5, 720)
