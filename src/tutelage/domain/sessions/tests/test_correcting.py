"""What became of a session can be said otherwise, with a reason; what it said before is kept."""

from datetime import timedelta
from typing import Any

import pytest

from tutelage.core.clock import now
from tutelage.core.errors import InvalidInput, NotFound, NotPermitted, Stale
from tutelage.domain.journal.models import Entry
from tutelage.domain.sessions.inputs import CorrectSession, MarkNoShow
from tutelage.domain.sessions.lifecycle import TransitionRefused
from tutelage.domain.sessions.models import Session, SessionEnding, SessionEndingRevision
from tutelage.domain.sessions.queries import list_corrections
from tutelage.domain.sessions.services.completion import NotYet
from tutelage.domain.sessions.services.correcting import correct_session
from tutelage.domain.sessions.services.missed import mark_no_show
from tutelage.domain.sessions.tests.builders import make_admin, make_log, make_session, make_user

pytestmark = pytest.mark.django_db


def correct(session: Session, to: str, by: Any = None, **given: Any) -> Session:
    words = {"action": "correct", "to": to, "reason": "It was otherwise", **given}
    seen = words.pop("seen_version", None)
    return correct_session(
        actor=by or session.host,
        session_id=session.pk,
        given=CorrectSession.model_validate(words),
        seen_version=seen,
    )


def make_over(status: str) -> Session:
    return make_session(status=status, starts_at=now() - timedelta(hours=3))


def fields_refused(session: Session, to: str, **given: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        correct(session, to, **given)
    session.refresh_from_db()
    return [each.field for each in refused.value.errors]


def test_a_session_held_becomes_a_no_show_and_keeps_what_it_was() -> None:
    held = make_over("completed")
    make_log(held)
    times = held.started_at, held.ended_at

    corrected = correct(held, "no_show", party="participant")

    assert (corrected.status, corrected.started_at, corrected.version) == ("no_show", None, 2)
    ending = SessionEnding.objects.get(session=held)
    assert (ending.party, ending.reason, ending.by) == ("participant", "It was otherwise", None)
    [before] = list_corrections(held.pk)
    assert (before.status, before.to_status, before.by) == ("completed", "no_show", held.host)
    assert (before.started_at, before.ended_at) == times
    [event] = Entry.objects.filter(type="session.corrected")
    assert event.payload == {"from_status": "completed", "status": "no_show"}


def test_corrected_back_it_has_its_times_and_its_log_again() -> None:
    held = make_over("completed")
    make_log(held, "A first draft")
    times = held.started_at, held.ended_at
    correct(held, "no_show", party="host")

    again = correct(held, "completed")

    again.refresh_from_db()
    assert (again.status, (again.started_at, again.ended_at)) == ("completed", times)
    assert again.log.outcomes == "A first draft"
    assert not SessionEnding.objects.filter(session=held).exists()
    newest, first = list_corrections(held.pk)
    assert (newest.status, newest.party, newest.ending_reason) == (
        "no_show", "host", "It was otherwise",
    )  # fmt: skip
    assert first.status == "completed"


def test_what_was_never_logged_needs_outcomes_to_count_as_held() -> None:
    missed = make_over("no_show")

    assert fields_refused(missed, "completed") == ["outcomes"]
    held = correct(missed, "completed", outcomes="We met by telephone", duration_minutes=30)

    assert (held.duration_minutes, held.log.outcomes) == (30, "We met by telephone")
    assert held.log.logged_by == missed.host
    assert Entry.objects.filter(type="session.log_changed").count() == 1


def test_a_log_that_stands_is_not_written_over() -> None:
    held = make_over("completed")
    make_log(held)
    correct(held, "cancelled")

    assert fields_refused(held, "completed", outcomes="Something else") == ["outcomes"]


def test_who_did_not_come_is_said_of_a_no_show_alone() -> None:
    assert fields_refused(make_over("cancelled"), "no_show") == ["party"]
    assert fields_refused(make_over("no_show"), "completed", party="host", outcomes="Done") == [
        "party"
    ]


def test_it_cannot_have_lasted_until_after_now() -> None:
    missed = make_over("no_show")

    given = {"outcomes": "Done", "duration_minutes": 720}
    assert fields_refused(missed, "completed", **given) == ["duration_minutes"]
    assert missed.status == "no_show"
    assert SessionEndingRevision.objects.count() == 0


@pytest.mark.parametrize("status", ["scheduled", "live", "requested", "declined"])
def test_what_is_not_over_has_nothing_to_correct(status: str) -> None:
    with pytest.raises(TransitionRefused):
        correct(make_over(status), "cancelled")


@pytest.mark.parametrize("status", ["completed", "cancelled", "no_show"])
def test_nothing_is_corrected_to_what_it_is(status: str) -> None:
    with pytest.raises(TransitionRefused):
        correct(make_over(status), status, party=None if status == "completed" else "host")


def test_a_session_to_come_was_not_missed_yet() -> None:
    with pytest.raises(NotYet):
        correct(make_session(status="cancelled"), "no_show", party="host")


def test_correcting_is_the_hosts_and_admins() -> None:
    held = make_over("completed")
    guest = held.participants.get(role="guest").user

    with pytest.raises(NotPermitted):
        correct(held, "cancelled", by=guest)
    with pytest.raises(NotFound):
        correct(held, "cancelled", by=make_user())
    assert correct(held, "cancelled", by=make_admin()).status == "cancelled"


def test_what_somebody_corrected_meanwhile_is_not_corrected_unseen() -> None:
    held = make_over("completed")
    correct(held, "cancelled", seen_version=1)

    with pytest.raises(Stale):
        correct(held, "no_show", party="host", seen_version=1)


@pytest.mark.parametrize("reason", ["", " ", "x" * 501, "two\nlines"])
def test_a_correction_needs_a_reason_of_one_line(reason: str) -> None:
    with pytest.raises(ValueError, match="reason"):
        CorrectSession.model_validate({"action": "correct", "to": "cancelled", "reason": reason})


def test_a_no_show_by_mistake_can_be_put_right() -> None:
    session = make_over("scheduled")
    given = MarkNoShow.model_validate({"action": "mark_no_show", "party": "participant"})
    mark_no_show(actor=session.host, session_id=session.pk, given=given)

    corrected = correct(session, "cancelled", party="host")

    assert (corrected.status, corrected.ending.party) == ("cancelled", "host")
    assert [row.status for row in list_corrections(session.pk)] == ["no_show", "scheduled"]
