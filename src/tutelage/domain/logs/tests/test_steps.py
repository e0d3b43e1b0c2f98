"""Next steps come back in the next session, and are ticked by those of the pair."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.core.errors import NotFound, NotPermitted
from tutelage.domain.journal.models import Entry
from tutelage.domain.logs.inputs import StepFilters
from tutelage.domain.logs.queries import (
    list_brought_over,
    list_open_steps,
    list_own_steps,
    list_steps,
)
from tutelage.domain.logs.services.ticking import tick_step
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import NextStep, Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db


def brought(pair: Mentorship, session: Session) -> list[str]:
    return [step.text for step in list_brought_over(actor=pair.mentor, session=session)]


def test_open_steps_appear_in_the_next_session_and_in_no_later_one() -> None:
    pair = make_pair()
    make_logged(pair, days=9, next_steps="Send")
    make_logged(pair, days=2, next_steps="Draft\nAsk")
    upcoming = make_session(pair, starts_at=now() + timedelta(days=2))
    later = make_session(pair, starts_at=now() + timedelta(days=9))

    assert brought(pair, upcoming) == ["Send", "Draft", "Ask"]
    assert brought(pair, later) == []
    assert brought(pair, make_session(make_pair())) == []


def test_what_is_due_first_stands_first() -> None:
    pair = make_pair()
    steps = ["Whenever", {"text": "Later", "due_on": "2026-05-02"}]
    make_logged(pair, next_steps=[*steps, {"text": "Soon", "due_on": "2026-05-01"}])

    assert brought(pair, make_session(pair)) == ["Soon", "Later", "Whenever"]


def test_a_ticked_step_stays_a_while_to_be_undone_and_comes_back_no_more() -> None:
    pair = make_pair()
    make_logged(pair, next_steps="Draft")
    upcoming = make_session(pair, starts_at=now() + timedelta(days=3))
    step = NextStep.objects.get()

    tick_step(actor=pair.mentee, step_id=step.uid, done=True)
    assert brought(pair, upcoming) == ["Draft"]
    with time_machine.travel(now() + timedelta(days=1)):
        assert brought(pair, upcoming) == []
    tick_step(actor=pair.mentor, step_id=step.uid, done=False)
    with time_machine.travel(now() + timedelta(days=1)):
        assert brought(pair, upcoming) == ["Draft"]


def test_who_ticked_it_is_kept_and_saying_it_again_changes_nothing() -> None:
    pair = make_pair()
    session = make_logged(pair, next_steps="Draft")
    step = NextStep.objects.get()

    tick_step(actor=pair.mentee, step_id=step.uid, done=True)
    tick_step(actor=pair.mentor, step_id=step.uid, done=True)

    step.refresh_from_db()
    assert step.done_by == pair.mentee
    entries = Entry.objects.filter(type="session.step_ticked", subject_id=session.pk)
    assert [(entry.actor_id, entry.payload["done"]) for entry in entries] == [
        (pair.mentee.pk, True)
    ]


def test_only_those_of_the_pair_tick_their_steps() -> None:
    make_logged(make_pair(), next_steps="Draft")
    step = NextStep.objects.get()

    with pytest.raises(NotFound):
        tick_step(actor=make_user(), step_id=step.uid, done=True)
    with pytest.raises(NotPermitted):
        tick_step(actor=make_admin(), step_id=step.uid, done=True)
    step.refresh_from_db()
    assert step.done_at is None


def test_everybody_has_their_own_steps_and_those_of_both() -> None:
    pair = make_pair()
    steps = [
        {"text": "Mine", "owner": pair.mentee.uid},
        {"text": "Yours", "owner": pair.mentor.uid},
        "Ours",
    ]
    make_logged(pair, next_steps=steps)

    assert [step.text for step in list_own_steps(pair.mentee)] == ["Mine", "Ours"]
    assert [step.text for step in list_own_steps(pair.mentor)] == ["Yours", "Ours"]
    assert list_own_steps(make_admin()) == []


def test_steps_of_sessions_put_away_or_of_others_are_not_listed() -> None:
    pair = make_pair()
    session = make_logged(pair, next_steps="Draft")
    make_logged(make_pair(), next_steps="Theirs")
    assert len(list_open_steps(actor=pair.mentor, mentorship=pair)) == 1
    assert list_open_steps(actor=make_user(), mentorship=pair) == []

    Session.objects.filter(pk=session.pk).update(archived_at=now())

    assert list_open_steps(actor=pair.mentor, mentorship=pair) == []
    assert list_steps(actor=pair.mentor, mentorship=pair, filters=StepFilters()).rows == []


def test_each_list_of_steps_is_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pair = make_pair()
    for days in range(1, 6):
        make_logged(pair, days=days, next_steps="a\nb\nc")
    upcoming = make_session(pair)

    with django_assert_num_queries(1):
        steps = list_brought_over(actor=pair.mentor, session=upcoming)
        assert {(step.owner, step.program) for step in steps} == {(None, pair.program)}
    with django_assert_num_queries(1):
        list_own_steps(pair.mentee)
    with django_assert_num_queries(2):
        page = list_steps(actor=pair.mentor, mentorship=pair, filters=StepFilters(limit=4))
    assert page.pagination.total == 15
    following = StepFilters(limit=20, cursor=page.pagination.next_cursor)
    rest = list_steps(actor=pair.mentor, mentorship=pair, filters=following).rows
    assert len({step.pk for step in [*page.rows, *rest]}) == 15
