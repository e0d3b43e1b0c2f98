"""Statements compiled once answer as the queryset does."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet

from tutelage.core.clock import now
from tutelage.core.compiled import Given, IsAny, Reading, Statement
from tutelage.domain.people.models import User

pytestmark = pytest.mark.django_db


def _add(name: str, *, days_ago: int) -> User:
    return User.objects.create(
        email=f"{name}@example.org", name=name, joined_at=now() - timedelta(days=days_ago)
    )


def test_each_run_has_its_own_values() -> None:
    first, second = _add("aroha", days_ago=1), _add("samuel", days_ago=2)
    found = Statement.of(User.objects.filter(name=Given("name")).values_list("pk", "joined_at"))
    assert found.run({"name": "aroha"}) == [(first.pk, first.joined_at)]
    assert found.run({"name": "samuel"}) == [(second.pk, second.joined_at)]


def test_signs_of_a_pattern_stand_for_themselves() -> None:
    person = _add("100%_sure", days_ago=1)
    _add("100 not sure", days_ago=1)
    rows = User.objects.filter(name__icontains=Given("part")).values_list("pk")
    assert Statement.of(rows).run({"part": "0%_S"}) == [(person.pk,)]


def test_rows_are_counted_as_far_as_the_statement_goes() -> None:
    for number in range(5):
        _add(f"person{number}", days_ago=number)
    rows = User.objects.filter(joined_at__gt=Given("after")).values_list("pk")
    since = {"after": now() - timedelta(days=3, hours=1)}
    assert Statement.of(rows).counted().run(since) == [(4,)]
    assert Statement.of(rows[:2]).counted().run(since) == [(2,)]


def test_a_whole_number_is_sent_as_the_type_of_its_column() -> None:
    person = _add("aroha", days_ago=1)
    found = Statement.of(User.objects.filter(pk=Given("id", "bigint")).values_list("name"))
    assert "::bigint" in found.sql
    assert found.run({"id": person.pk}) == [("aroha",)]


@Reading
def _named(name: str, since: datetime, limit: int) -> "QuerySet[User]":
    return User.objects.filter(name=name, joined_at__gte=since).order_by("pk")[:limit]


def test_whole_rows_are_read_with_values_of_their_own() -> None:
    first, second, _other = (_add(name, days_ago=1) for name in ("aroha", "samuel", "ingrid"))
    since = now() - timedelta(days=2)
    assert _named(name="aroha", since=since, limit=5) == [first]
    assert _named(name="samuel", since=since, limit=5) == [second]
    assert _named(name="samuel", since=now(), limit=5) == []
    assert vars(_named(name="aroha", since=since, limit=5)[0]).keys() == vars(first).keys()


def test_a_limit_makes_sql_of_its_own() -> None:
    since = now() - timedelta(days=2)
    people = [User.objects.create(email=f"{n}@example.org", name="Kim") for n in range(3)]
    assert _named(name="Kim", since=since, limit=2) == people[:2]
    assert _named(name="Kim", since=since, limit=3) == people


def test_a_time_that_would_stay_for_ever_is_refused() -> None:
    @Reading
    def recent() -> "QuerySet[User]":
        return User.objects.filter(joined_at__gte=now() - timedelta(days=1))

    with pytest.raises(TypeError, match="recent: times and ids have to be given"):
        recent()


def test_one_of_a_list_is_found_however_long_it_is() -> None:
    people = [_add(f"person{number}", days_ago=number) for number in range(3)]

    @Reading
    def among(ids: list[int]) -> "QuerySet[User]":
        return User.objects.filter(IsAny("id", ids)).order_by("pk")

    assert among(ids=[]) == []
    assert among(ids=[people[1].pk]) == [people[1]]
    assert among(ids=[each.pk for each in people]) == people


def _plans() -> tuple[int, int]:
    """How often PostgreSQL went by a plan for all values, and how often it made a new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements "
            "WHERE statement LIKE '%%Pacific/%%' AND statement NOT LIKE '%%prepared%%'"
        )
        [(kept, made)] = cursor.fetchall()
    return int(kept or 0), int(made or 0)


def test_what_is_planned_once_keeps_its_plan_where_another_one_is_made_each_time() -> None:
    """One name is rare, and one is everywhere: if they are seen, each of them gets a plan."""

    def named(name: str) -> "QuerySet[User]":
        return User.objects.filter(name=name, zone__startswith="Pacific/").order_by("joined_at")[:5]

    for number in range(400):
        _add(f"person{number}", days_ago=number)
    User.objects.exclude(name__endswith="7").update(name="Kim", zone="Pacific/Auckland")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE person")

    _ask_both(Reading(named))
    seen = _plans()
    _ask_both(Reading.planned_once(named))
    hidden = _plans()

    assert seen[0] == 0
    assert seen[1] >= 39  # the first one is not prepared yet
    assert hidden[1] - seen[1] == 5  # which PostgreSQL always makes
    assert hidden[0] >= 34


def _ask_both(reading: "Reading[..., User]") -> None:
    for _time in range(20):
        assert reading(name="person7") == []
        assert len(reading(name="Kim")) == 5
