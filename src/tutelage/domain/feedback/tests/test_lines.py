"""The list whose SQL is compiled once: it must never differ from what the queryset says."""

from datetime import timedelta
from typing import Any

import pytest

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import HistoryFilters
from tutelage.domain.feedback.queries import list_lines
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.queries import filter_sessions
from tutelage.domain.sessions.tests.builders import make_admin, make_log, make_pair, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[User]:
    """Two pairs with a session of each kind, and an administrator."""
    pairs = [make_pair(), make_pair()]
    for number, pair in enumerate(pairs, start=1):
        make_session(pair, starts_at=now() + timedelta(days=number))
        make_session(pair, starts_at=now() - timedelta(days=number))
        held = make_session(
            pair, starts_at=now() - timedelta(days=10 + number), status=Status.COMPLETED
        )
        make_log(held, f"Chapter {number} is 100% done")
        make_session(pair, status=Status.CANCELLED, archived_at=now())
    return [*(pair.mentor for pair in pairs), *(pair.mentee for pair in pairs), make_admin()]


def _filters(**given: Any) -> list[HistoryFilters]:
    pair = Session.objects.all()[0].program
    assert pair is not None
    asked: list[dict[str, Any]] = [
        {},
        {"status": "completed"},
        {"kind": "mentorship", "status": "upcoming"},
        {"kind": "work"},
        {"mentorship": pair.uid},
        {"q": "chapter"},
        {"q": "0% D"},
        {"q": "%"},
        {"from": now().date()},
        {"to": now().date() - timedelta(days=3)},
        {"unresolved": True},
        {"archived": True},
    ]
    return [HistoryFilters.model_validate(each | given) for each in asked]


def test_it_shows_what_each_may_see_however_it_is_narrowed(people: list[User]) -> None:
    """All people ask the same, one after the other, so that one statement serves them all."""
    seen = 0
    for filters in _filters():
        for actor in people:
            lines, pagination = list_lines(actor=actor, filters=filters)
            rows = filter_sessions(actor=actor, filters=filters).order_by("-starts_at", "-pk")
            assert [line.id for line in lines] == [row.pk for row in rows]
            assert pagination.total == len(rows)
            seen += len(rows)
    assert seen > 50


def test_pages_by_cursor_and_by_number_show_the_same(people: list[User]) -> None:
    admin = people[-1]
    whole, _ = list_lines(actor=admin, filters=HistoryFilters())
    cursor, walked = None, []
    for page in (1, 2, 3):
        by_cursor, pagination = list_lines(
            actor=admin, filters=HistoryFilters(limit=2, cursor=cursor)
        )
        by_number, _ = list_lines(actor=admin, filters=HistoryFilters(limit=2, page=page))
        assert by_cursor == by_number
        walked += by_cursor
        cursor = pagination.next_cursor
    assert walked == whole


def test_whoever_hosts_here_and_is_a_guest_there_sees_both_in_one_order() -> None:
    own, other = make_pair(), make_pair()
    mentor = own.mentor
    theirs = make_pair(mentor=other.mentor, mentee=mentor)
    ids = []
    for number in range(7):
        pair = (own, theirs, other)[number % 3]
        session = make_session(
            pair, starts_at=now() - timedelta(days=number), status=Status.COMPLETED
        )
        make_log(session, "A draft of the guide")
        ids += [session.pk] if pair is not other else []
    for given in ({}, {"q": "guide"}, {"status": "completed"}):
        pages, cursor = [], None
        for page in (1, 2, 3):
            filters = HistoryFilters.model_validate({"limit": 2, "page": page, **given})
            pages += list_lines(actor=mentor, filters=filters)[0]
            by_cursor = HistoryFilters.model_validate({"limit": 2, "cursor": cursor, **given})
            lines, pagination = list_lines(actor=mentor, filters=by_cursor)
            assert lines == pages[-len(lines) :]
            assert pagination.total == len(ids)
            cursor = pagination.next_cursor
        assert [line.id for line in pages] == ids
