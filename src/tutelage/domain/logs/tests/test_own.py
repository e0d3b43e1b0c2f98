"""Private notes and drafts: their author's alone."""

import pytest

from tutelage.core.errors import NotFound, NotPermitted
from tutelage.domain.journal.models import Entry
from tutelage.domain.logs.inputs import DraftForm
from tutelage.domain.logs.models import PrivateNote
from tutelage.domain.logs.queries import find_draft, find_note
from tutelage.domain.logs.services.drafts import discard_draft, keep_draft
from tutelage.domain.logs.services.notes import keep_note
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db


def test_a_private_note_is_read_by_its_author_alone() -> None:
    pair = make_pair()
    session = make_logged(pair)
    keep_note(actor=pair.mentee, session_id=session.pk, text="She is tired of the board")

    assert find_note(pair.mentee, session.pk) is not None
    for other in (pair.mentor, make_admin(), make_user()):
        assert find_note(other, session.pk) is None


def test_each_side_has_a_note_of_its_own_and_an_empty_one_is_gone() -> None:
    pair = make_pair()
    session = make_session(pair)

    keep_note(actor=pair.mentor, session_id=session.pk, text="Mine")
    keep_note(actor=pair.mentee, session_id=session.pk, text="Hers")
    keep_note(actor=pair.mentor, session_id=session.pk, text="Mine, again")
    keep_note(actor=pair.mentee, session_id=session.pk, text="")

    assert [note.text for note in PrivateNote.objects.all()] == ["Mine, again"]
    assert not Entry.objects.filter(subject_id=session.pk).exists()


def test_who_takes_no_part_writes_no_note() -> None:
    session = make_session()
    with pytest.raises(NotPermitted):
        keep_note(actor=make_admin(), session_id=session.pk, text="x")
    with pytest.raises(NotFound):
        keep_note(actor=make_user(), session_id=session.pk, text="x")


def test_a_draft_can_be_discarded_and_is_kept_for_nobody_who_may_not_log() -> None:
    session = make_session()
    keep_draft(actor=session.host, session_id=session.pk, form=DraftForm(outcomes="x"))
    with pytest.raises(NotPermitted):
        keep_draft(actor=make_admin(), session_id=session.pk, form=DraftForm(outcomes="x"))
    with pytest.raises(NotFound):
        keep_draft(actor=make_user(), session_id=session.pk, form=DraftForm(outcomes="x"))

    discard_draft(actor=session.host, session_id=session.pk)

    assert find_draft(session.host, session_id=session.pk) is None
