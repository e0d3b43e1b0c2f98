"""A log is changed, and what it said before stays readable."""

from datetime import date

import pytest

from tutelage.core.errors import InvalidInput, NotFound, NotPermitted, Stale
from tutelage.domain.journal.models import Entry
from tutelage.domain.logs.inputs import ChangeLog, WriteLog
from tutelage.domain.logs.models import SessionLogRevision
from tutelage.domain.logs.services.changing import change_log
from tutelage.domain.logs.services.ticking import tick_step
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.sessions.models import NextStep, Session, SessionLog
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db


def test_what_is_said_anew_stands_and_what_was_said_is_kept_with_who_and_when() -> None:
    pair = make_pair()
    session = make_logged(pair, objectives="The guide", next_steps="Draft\nAsk")

    change_log(
        actor=pair.mentor, session_id=session.pk, given=ChangeLog(outcomes="Seven questions")
    )

    log = SessionLog.objects.get(session=session)
    assert (log.outcomes, log.objectives) == ("Seven questions", "The guide")
    [before] = SessionLogRevision.objects.filter(session=session)
    assert (before.by, before.outcomes) == (pair.mentor, "Eight questions")
    assert [step["text"] for step in before.next_steps] == ["Draft", "Ask"]
    assert Session.objects.get().version == session.version + 1
    assert Entry.objects.filter(type="session.log_changed", subject_id=session.pk).count() == 1


def test_a_whole_log_written_anew_leaves_nothing_of_the_old_one() -> None:
    pair = make_pair()
    session = make_logged(pair, objectives="x", shared_notes="y", next_steps="z")

    change_log(actor=pair.mentee, session_id=session.pk, given=WriteLog(outcomes="Only this"))

    log = SessionLog.objects.get()
    assert (log.objectives, log.shared_notes, log.outcomes) == ("", "", "Only this")
    assert not NextStep.objects.exists()


def test_a_change_that_changes_nothing_leaves_no_trace() -> None:
    pair = make_pair()
    session = make_logged(pair, next_steps="Draft")

    given = WriteLog(outcomes="Eight questions", next_steps="Draft")
    change_log(actor=pair.mentor, session_id=session.pk, given=given)

    assert not SessionLogRevision.objects.exists()
    assert Session.objects.get().version == session.version


def test_a_step_that_stays_keeps_its_tick_even_in_other_words() -> None:
    pair = make_pair()
    session = make_logged(pair, next_steps="Draft\nAsk\nSend")
    first, second, third = NextStep.objects.order_by("position")
    tick_step(actor=pair.mentee, step_id=first.uid, done=True)
    tick_step(actor=pair.mentee, step_id=second.uid, done=True)

    steps = [
        {"id": first.uid, "text": "Draft two pages", "owner": pair.mentor.uid},
        "Ask",
        {"text": "Read", "due_on": "2026-04-02"},
    ]
    given = ChangeLog.model_validate({"next_steps": steps})
    change_log(actor=pair.mentor, session_id=session.pk, given=given)

    now_there = NextStep.objects.order_by("position")
    assert [(step.text, step.done_at is not None) for step in now_there] == [
        ("Draft two pages", True),
        ("Ask", True),
        ("Read", False),
    ]
    assert (now_there[0].owner, now_there[2].due_on) == (pair.mentor, date(2026, 4, 2))
    assert not NextStep.objects.filter(pk=third.pk).exists()


def test_a_step_of_another_log_and_an_owner_who_was_not_there_are_refused_at_their_fields() -> None:
    pair = make_pair()
    session, other = make_logged(pair), make_logged(pair, days=3, next_steps="Draft")
    step = other.next_steps.get()

    for given, field in (
        ({"id": step.uid, "text": "Mine now"}, "next_steps.0.id"),
        ({"text": "Yours", "owner": make_user().uid}, "next_steps.0.owner"),
    ):
        change = ChangeLog.model_validate({"next_steps": [given]})
        with pytest.raises(InvalidInput) as refused:
            change_log(actor=pair.mentor, session_id=session.pk, given=change)
        assert [each.field for each in refused.value.errors] == [field]
    step.refresh_from_db()
    assert (step.text, step.session_id) == ("Draft", other.pk)


def test_the_length_said_anew_moves_the_end() -> None:
    pair = make_pair()
    session = make_logged(pair, duration_minutes=60)

    change_log(actor=pair.mentor, session_id=session.pk, given=ChangeLog(duration_minutes=42))

    assert Session.objects.get().duration_minutes == 42
    assert SessionLogRevision.objects.get().duration_minutes == 60


def test_over_a_version_not_seen_nothing_is_written() -> None:
    pair = make_pair()
    session = make_logged(pair)

    with pytest.raises(Stale):
        change_log(
            actor=pair.mentor,
            session_id=session.pk,
            given=ChangeLog(outcomes="Mine"),
            seen_version=session.version - 1,
        )
    assert SessionLog.objects.get().outcomes == "Eight questions"


def test_strangers_know_of_no_log_and_administrators_change_none() -> None:
    session = make_logged(make_pair())
    given = ChangeLog(outcomes="Mine")

    with pytest.raises(NotFound):
        change_log(actor=make_user(), session_id=session.pk, given=given)
    with pytest.raises(NotPermitted):
        change_log(actor=make_admin(), session_id=session.pk, given=given)


def test_a_session_that_is_not_completed_or_was_put_away_has_no_log_to_change() -> None:
    pair = make_pair()
    archived = make_logged(pair)
    Session.objects.filter(pk=archived.pk).update(archived_at=archived.ends_at)

    for session in (make_session(pair), archived):
        with pytest.raises(NotPermitted):
            change_log(actor=pair.mentor, session_id=session.pk, given=ChangeLog(outcomes="x"))


def test_a_session_that_came_without_a_log_gets_its_first_one() -> None:
    pair = make_pair()
    session = make_session(pair, status="completed")

    with pytest.raises(InvalidInput) as refused:
        change_log(actor=pair.mentor, session_id=session.pk, given=ChangeLog(objectives="x"))
    assert [each.field for each in refused.value.errors] == ["outcomes"]
    change_log(actor=pair.mentor, session_id=session.pk, given=ChangeLog(outcomes="x"))

    assert SessionLog.objects.get().logged_by == pair.mentor
    assert not SessionLogRevision.objects.exists()
