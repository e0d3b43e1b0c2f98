"""The log dialog is saved: what came along is kept, and its draft is done with."""

from datetime import timedelta

import pytest

from tutelage.core.clock import now
from tutelage.core.errors import Stale
from tutelage.domain.feedback.inputs import LogAndRate, LogPastAndRate
from tutelage.domain.feedback.services import log_and_rate, log_past_and_rate
from tutelage.domain.logs.inputs import DraftForm
from tutelage.domain.logs.queries import find_draft, find_note
from tutelage.domain.logs.services.drafts import keep_draft, keep_past_draft
from tutelage.domain.sessions.tests.builders import make_pair, make_session

pytestmark = pytest.mark.django_db


def test_a_note_of_ones_own_comes_along_with_the_log() -> None:
    pair = make_pair()
    session = make_session(pair, starts_at=now() - timedelta(hours=3))

    given = LogAndRate(outcomes="Done", private_note="She is tired of the board")
    log_and_rate(actor=pair.mentor, session_id=session.pk, given=given)

    note = find_note(pair.mentor, session.pk)
    assert note is not None
    assert note.text == "She is tired of the board"
    assert find_note(pair.mentee, session.pk) is None


def test_a_draft_is_its_authors_alone_and_stays_until_it_is_saved() -> None:
    pair = make_pair()
    session = make_session(pair, starts_at=now() - timedelta(hours=3))

    keep_draft(actor=pair.mentee, session_id=session.pk, form=DraftForm(outcomes="Half a sent"))
    keep_draft(actor=pair.mentee, session_id=session.pk, form=DraftForm(outcomes="Half a sentence"))
    keep_draft(actor=pair.mentor, session_id=session.pk, form=DraftForm(outcomes="His"))

    draft = find_draft(pair.mentee, session_id=session.pk)
    assert draft is not None
    assert draft.form == {"outcomes": "Half a sentence"}
    log_and_rate(actor=pair.mentee, session_id=session.pk, given=LogAndRate(outcomes="All of it"))
    assert find_draft(pair.mentee, session_id=session.pk) is None
    assert find_draft(pair.mentor, session_id=session.pk) is not None


def test_a_draft_that_arrives_after_the_log_was_saved_does_not_come_back() -> None:
    pair = make_pair()
    session = make_session(pair, starts_at=now() - timedelta(hours=3))
    seen = session.version
    log_and_rate(actor=pair.mentee, session_id=session.pk, given=LogAndRate(outcomes="All of it"))

    with pytest.raises(Stale):
        keep_draft(
            actor=pair.mentee,
            session_id=session.pk,
            form=DraftForm(outcomes="All of"),
            seen_version=seen,
        )
    assert find_draft(pair.mentee, session_id=session.pk) is None


def test_a_draft_of_a_session_never_planned_is_kept_by_pair() -> None:
    pair = make_pair()
    keep_past_draft(actor=pair.mentor, mentorship=pair, form=DraftForm(day="2026-03-05"))
    assert find_draft(pair.mentor, mentorship=pair) is not None

    log_past_and_rate(actor=pair.mentor, mentorship=pair, given=LogPastAndRate(outcomes="Done"))

    assert find_draft(pair.mentor, mentorship=pair) is None
