"""Sessions are found by what their logs say, at once, and by nobody who may not see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutelage.core.clock import now
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.inputs import LogFields, SessionFilters
from tutelage.domain.sessions.models import NextStep, Session, SessionLog, SessionSearch
from tutelage.domain.sessions.queries import filter_sessions
from tutelage.domain.sessions.services.completion import complete_session
from tutelage.domain.sessions.services.searching import index_all, index_missing
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_log,
    make_pair,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_logged(pair: Mentorship, **said: Any) -> Session:
    session = make_session(pair, starts_at=now() - timedelta(hours=3))
    given = LogFields.model_validate({"outcomes": "A first draft"} | said)
    return complete_session(actor=pair.mentor, session_id=session.pk, given=given)


def found(actor: User, q: str, **filters: Any) -> set[Session]:
    return set(filter_sessions(actor=actor, filters=SessionFilters(q=q, **filters)))


@pytest.mark.parametrize(
    "q",
    ["résumé", "RESUME", "resu", "next chapter", "(Chapter: resume!)", "caregivers", "guide"],
)
def test_all_words_are_found_wherever_they_stand_in_the_log(q: str) -> None:
    pair = make_pair()
    session = make_logged(
        pair,
        objectives="Résumé of the interview",
        outcomes="The next chapter is about caregivers.",
        next_steps=["Draft the guide"],
    )
    make_logged(pair, outcomes="Something else")

    assert found(pair.mentee, q) == {session}


@pytest.mark.parametrize(
    "q", ["sume", "re", "resumed", "caregivers elsewhere", "~", "???", "' | 'x"]
)
def test_other_words_are_not_found(q: str) -> None:
    pair = make_pair()
    make_logged(pair, outcomes="Resume the talk about caregivers")

    assert found(pair.mentee, q) == set()


def test_nobody_finds_what_they_may_not_see() -> None:
    pair, others = make_pair(), make_pair()
    session = make_logged(pair, outcomes="Between the two of us")
    make_logged(others, outcomes="Between the two of them")

    assert found(pair.mentor, "between") == {session}
    assert found(make_user(), "between") == set()
    assert len(found(make_admin(), "between")) == 2


def test_the_mark_of_a_person_cannot_be_typed() -> None:
    pair = make_pair()
    make_logged(pair)

    assert found(make_admin(), f"~{pair.mentor_id}") == set()


def test_what_is_found_can_be_narrowed_like_everything_else() -> None:
    pair = make_pair()
    session = make_logged(pair, outcomes="Draft")

    assert found(pair.mentor, "draft", status="completed") == {session}
    assert found(pair.mentor, "draft", status="cancelled") == set()


def test_logs_written_before_there_was_a_search_are_caught_up_with() -> None:
    pair = make_pair()
    sessions = [make_session(pair, status="completed") for _ in range(3)]
    for session in sessions:
        make_log(session, "Eight questions")
    SessionSearch.objects.all().delete()
    assert found(pair.mentor, "questions") == set()

    assert index_missing() == 3
    assert index_missing() == 0
    assert found(pair.mentor, "questions") == set(sessions)


def test_the_search_can_be_written_anew() -> None:
    pair = make_pair()
    session = make_logged(pair, outcomes="Draft")
    SessionLog.objects.filter(session=session).update(outcomes="Final")
    NextStep.objects.create(session=session, text="Print it")
    assert found(pair.mentor, "draft") == {session}

    assert sum(index_all()) == 1

    assert found(pair.mentor, "draft") == set()
    assert found(pair.mentor, "final print") == {session}


def test_words_and_scope_are_one_look_into_one_index() -> None:
    pair = make_pair()
    with CaptureQueriesContext(connection) as done:
        found(pair.mentor, "Draft")

    [query] = done.captured_queries
    assert f"@@ '''draft'' & ''~{pair.mentor_id}'''::tsquery" in query["sql"]


@pytest.mark.parametrize("length", range(1, 13))
def test_a_word_is_found_by_its_beginning_of_any_length_from_three_on(length: int) -> None:
    pair = make_pair()
    session = make_logged(pair, outcomes="Conversation")
    make_logged(pair, outcomes="Convent, conversely, con, a contest")

    by_beginning = session in found(pair.mentor, "conversation"[:length])
    assert by_beginning == (length >= 3)
    assert found(pair.mentor, "conversa") == {session}


def test_a_log_of_the_longest_words_can_be_found() -> None:
    pair = make_pair()
    session = make_logged(pair, outcomes="w" * 10_000)

    assert found(pair.mentor, "w" * 200) == {session}
    assert SessionSearch.objects.get().pk == session.pk
