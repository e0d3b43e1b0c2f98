"""A word is sought in one of two ways, and both find what the plain queryset does."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tutelage.core.clock import now
from tutelage.core.compiled import Given
from tutelage.core.search import kept, terms
from tutelage.core.text import words_of
from tutelage.domain.feedback import finding
from tutelage.domain.feedback.finding import FEW, _is_walked
from tutelage.domain.feedback.inputs import HistoryFilters
from tutelage.domain.feedback.queries import list_lines
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_admin
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import SessionSearch, mark_of_person
from tutelage.domain.sessions.queries import BY_WORDS, filter_sessions
from tutelage.domain.sessions.tests.builders import make_pair

pytestmark = pytest.mark.django_db
MANY = FEW + 100
EVERY = {"often": 2, "seldom": 50, "selling": 75, "once": 400}
_HELD = """
WITH held AS (
    SELECT gen_random_uuid() AS id, number,
        date_trunc('hour', %(at)s::timestamptz) - number * interval '1 hour' AS at
    FROM generate_series(1, %(many)s) AS number
), made AS (
    INSERT INTO session (id, version, kind, status, title, program_id, host_id, starts_at, ends_at,
        local_start, zone, created_at)
    SELECT id, 1, 'mentorship', CASE WHEN number %% 3 = 0 THEN 'cancelled' ELSE 'scheduled' END, '',
        %(pair)s, %(mentor)s, at, at + interval '1 hour', at AT TIME ZONE 'UTC', 'UTC', at FROM held
), people AS (
    INSERT INTO participant (session_id, user_id, role)
    SELECT id, person, role FROM held,
        (VALUES (%(mentor)s, 'host'), (%(mentee)s, 'guest')) AS side (person, role)
)
SELECT id, at, number FROM held
"""


@pytest.fixture
def pair() -> Mentorship:
    """A pair that has met so often that their sessions are not all looked through."""
    pair = make_pair()
    with connection.cursor() as cursor:
        cursor.execute(
            _HELD,
            {
                "at": pair.started_at,
                "many": MANY,
                "pair": pair.pk,
                "mentor": pair.mentor_id,
                "mentee": pair.mentee_id,
            },
        )
        held = cursor.fetchall()
    marks = {mark_of_person(pair.mentor_id), mark_of_person(pair.mentee_id)}
    SessionSearch.objects.bulk_create(
        SessionSearch(session_id=key, starts_at=at, words=kept(_said(number)) | marks)
        for key, at, number in held
    )
    return pair


def _said(number: int) -> list[str]:
    return [word for word, every in EVERY.items() if number % every == 0]


def is_walked(actor: User, q: str) -> bool:
    given = {"actor": actor.pk, "at": now(), BY_WORDS: terms(words_of(q))}
    [[found]] = _is_walked(User(id=Given("actor", "bigint"), role=actor.role)).run(given)
    return bool(found)


@pytest.mark.parametrize(
    ("q", "walked"),
    [("often", True), ("oft", True), ("seldom", False), ("sel", False), ("nowhere", False)],
)
def test_what_is_common_is_sought_by_going_through_the_sessions(
    pair: Mentorship, q: str, walked: bool
) -> None:
    assert is_walked(pair.mentor, q) == walked
    assert is_walked(make_admin(), q) == walked
    assert is_walked(make_pair().mentor, q), "Who has few sessions has them all gone through."


def test_of_very_many_an_administrator_has_none_gone_through(
    pair: Mentorship, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE session_search")
    assert is_walked(make_admin(), "often")
    monkeypatch.setattr(finding, "SMALL", MANY)
    assert not is_walked(make_admin(), "often")
    assert is_walked(pair.mentor, "often")


@pytest.mark.parametrize("q", ["often", "seldom", "sel", "sel often", "once", "nowhere", "~"])
@pytest.mark.parametrize("more", [{}, {"status": "cancelled"}, {"limit": 7, "page": 3}])
def test_both_ways_find_what_the_plain_queryset_does(
    pair: Mentorship, q: str, more: dict[str, Any]
) -> None:
    filters = HistoryFilters.model_validate({"q": q} | more)
    for actor in (pair.mentor, pair.mentee, make_admin()):
        rows = filter_sessions(actor=actor, filters=filters).order_by("-starts_at", "-pk")
        start = (filters.page - 1) * filters.limit
        lines, pagination = list_lines(actor=actor, filters=filters)
        assert [line.id for line in lines] == [
            row.pk for row in rows[start : start + filters.limit]
        ]
        assert pagination.total == len(rows)
        assert pagination.has_more == (len(rows) > start + filters.limit)


@pytest.mark.parametrize("q", ["often", "sel"])
@pytest.mark.parametrize("is_admin", [False, True])
def test_pages_by_cursor_go_through_all_that_is_found(
    pair: Mentorship, q: str, is_admin: bool
) -> None:
    seen, cursor = list[UUID](), None
    actor = make_admin() if is_admin else pair.mentor
    while True:
        filters = HistoryFilters(q=q, limit=10, cursor=cursor)
        lines, pagination = list_lines(actor=actor, filters=filters)
        seen += [line.id for line in lines]
        cursor = pagination.next_cursor
        if cursor is None or len(seen) >= 40:
            break
    rows = filter_sessions(actor=actor, filters=HistoryFilters(q=q))
    assert seen == [row.pk for row in rows.order_by("-starts_at", "-pk")[: len(seen)]]
    assert len(seen) > 10
