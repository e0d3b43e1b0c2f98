"""The pulse of pairs, against a second computation that goes through every session by hand."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.feedback.models import Rating
from tutelage.domain.insights.inputs import PulseFilters
from tutelage.domain.insights.models import PairFacts
from tutelage.domain.insights.pulse import Level, Pulse, Sign
from tutelage.domain.insights.queries import find_pulses, list_by_pulse
from tutelage.domain.insights.services import keep_facts
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
OPEN = {"requested", "scheduled", "live"}
STATUSES = ["requested", "scheduled", "live", "completed", "cancelled", "declined", "no_show"]


def pair_since(days: float, **more: Any) -> Mentorship:
    at = now() - days * DAY
    return make_pair(started_at=at, status_since=at, **more)


def held(pair: Mentorship, days: float, *stars: int, opened: bool = True) -> Session:
    session = make_session(pair, starts_at=now() - days * DAY, status="completed")
    for author, subject, given_stars in zip(
        (pair.mentor, pair.mentee), (pair.mentee, pair.mentor), stars, strict=False
    ):
        Rating.objects.create(
            session=session,
            author=author,
            subject=subject,
            stars=given_stars,
            opened_at=now() if opened else None,
            unseals_at=now() + 7 * DAY,
        )
    return session


def withdraw(session: Session) -> None:
    time = {
        name: getattr(session, name) for name in ("starts_at", "ends_at", "local_start", "zone")
    }
    TimeOffer.objects.create(
        session=session, by=session.host, state="withdrawn", expires_at=now(), **time
    )


def pulse(pair: Mentorship) -> Pulse:
    """As the sessions show it, and as it is written down: the one as the other."""
    with time_machine.travel(now(), tick=False):
        PairFacts.objects.all().delete()
        seen = find_pulses([pair])[pair.pk]
        keep_facts()
        with CaptureQueriesContext(connection) as sent:
            assert find_pulses([pair])[pair.pk] == seen
    assert len(sent) == 1, "the sessions were looked at"
    return seen


def signs(pair: Mentorship) -> set[Sign]:
    return {sign for sign, _since in pulse(pair).signs}


@pytest.mark.parametrize(("days", "found"), [(9.9, set()), (10.1, {Sign.NO_FIRST_MEETING})])
def test_a_first_meeting_is_to_be_planned_within_ten_days(days: float, found: set[Sign]) -> None:
    pair = pair_since(days)
    assert signs(pair) == found

    make_session(pair, status="requested")
    assert signs(pair) == set()


@pytest.mark.parametrize(("days", "found"), [(13.9, set()), (14.1, {Sign.NOTHING_PLANNED})])
def test_the_next_is_to_be_planned_within_fourteen_days(days: float, found: set[Sign]) -> None:
    pair = pair_since(90)
    held(pair, days)
    assert signs(pair) == found

    make_session(pair, starts_at=now() + 30 * DAY)
    assert signs(pair) == set()


def test_a_pair_taken_up_again_has_fourteen_days_too() -> None:
    pair = pair_since(3)
    held(pair, 60)

    assert signs(pair) == set()


def test_two_cancellations_in_a_row_show_until_a_meeting_is_held() -> None:
    pair = pair_since(60)
    held(pair, 30)
    make_session(pair, starts_at=now() - 16 * DAY, status="cancelled")
    make_session(pair, starts_at=now() + 5 * DAY)
    assert signs(pair) == set()

    make_session(pair, starts_at=now() + 2 * DAY, status="cancelled")
    assert signs(pair) == {Sign.CANCELLED_TWICE}

    held(pair, 1)
    assert signs(pair) == set()


def test_a_request_that_was_withdrawn_is_no_cancellation() -> None:
    pair = pair_since(5)
    for day in (1, 2):
        session = make_session(pair, starts_at=now() + day * DAY, status="cancelled")
        withdraw(session)

    assert signs(pair) == set()


def test_a_log_is_missing_from_a_day_after_the_end() -> None:
    pair = pair_since(60)
    make_session(pair, starts_at=now() + 3 * DAY)
    make_session(pair, starts_at=now() - 20 * timedelta(hours=1))
    assert signs(pair) == set()

    make_session(pair, starts_at=now() - 26 * timedelta(hours=1))
    assert signs(pair) == {Sign.LOG_MISSING}


def test_ratings_fall_when_each_of_three_is_lower_than_the_one_before() -> None:
    pair = pair_since(90)
    make_session(pair)
    held(pair, 40, 5, 5)
    held(pair, 30, 5, 4)
    assert signs(pair) == set()

    held(pair, 20, 3)
    held(pair, 10)
    assert signs(pair) == {Sign.RATINGS_FALLING}

    held(pair, 5, 4)
    assert signs(pair) == set()


def test_a_sealed_rating_betrays_nothing() -> None:
    pair = pair_since(90)
    make_session(pair)
    for days, stars, opened in ((40, 5, True), (30, 4, True), (20, 3, False)):
        held(pair, days, stars, opened=opened)

    assert signs(pair) == set()


@pytest.mark.parametrize("status", ["proposed", "paused", "ended"])
def test_a_pair_that_is_not_active_rests(status: str) -> None:
    mentor = make_user()
    ended_at = now() if status == "ended" else None
    pair = pair_since(90, mentor=mentor, proposed_by=mentor, status=status, ended_at=ended_at)

    assert pulse(pair).level == Level.RESTING
    assert signs(pair) == set()


def test_the_worst_come_first_and_pairs_are_narrowed_by_pulse_status_and_person() -> None:
    admin = make_admin()
    resting = pair_since(90, status="paused")
    good = pair_since(1, mentor=make_user(name="Åsa Ó Súilleabháin"))
    late, later = pair_since(12), pair_since(20)
    worst = pair_since(90)
    held(worst, 40)
    make_session(worst, starts_at=now() - 20 * DAY)

    def found(**asked: Any) -> list[Mentorship]:
        filters = PulseFilters.model_validate(asked)
        return [line.pair for line in list_by_pulse(actor=admin, filters=filters).rows]

    assert found() == [worst, later, late, good, resting]
    assert found(pulse="watch") == [later, late]
    assert found(status="paused") == [resting]
    assert found(person="asa o su") == [good]
    assert found(person=late.mentee.email) == [late]
    assert found(limit=2, page=2) == [late, good]
    own = list_by_pulse(actor=late.mentor, filters=PulseFilters())
    assert [line.pair for line in own.rows] == [late]
    assert own.pagination.total == 1


@pytest.mark.parametrize("count", [1, 40])
def test_any_number_of_pairs_takes_as_many_statements_as_one(
    django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    admin = make_admin()
    for _number in range(count):
        held(pair_since(60), 20, 4, 4)

    with django_assert_max_num_queries(4):
        page = list_by_pulse(actor=admin, filters=PulseFilters(limit=100))

    assert len(page.rows) == count


# A session: how many days from now it is, and what became of it; whose stars, and whether opened.
# What has not been yet was not held.
past, ahead = st.integers(-60, -1).map(lambda days: days + 0.37), st.integers(1, 20)
rows = st.tuples(
    past | ahead,
    st.sampled_from(STATUSES),
    st.lists(st.integers(1, 5), max_size=2),
    st.booleans(),
    st.booleans(),
).filter(lambda row: row[0] < 0 or row[1] != "completed")
histories = st.tuples(
    st.integers(0, 70).map(lambda days: days + 0.11),
    st.lists(rows, max_size=9, unique_by=lambda r: r[0]),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories)
def test_the_pulse_is_as_a_second_computation_has_it(history: Any) -> None:
    since, sessions = history
    pair = pair_since(since)
    for days, status, stars, opened, withdrawn in sessions:
        if status == "completed":
            held(pair, -days, *stars, opened=opened)
            continue
        made = make_session(pair, starts_at=now() + days * DAY, status=status)
        if status == "cancelled" and withdrawn:
            withdraw(made)

    assert signs(pair) == expected(since, sessions)


def expected(since: float, sessions: list[Any]) -> set[Sign]:
    """In days before now, session by session, newest first, as one would do it on paper."""
    newest = sorted(sessions, key=lambda row: -row[0])
    found = planning(since, newest)
    run = 0
    for _days, status, _stars, _opened, withdrawn in newest:
        if status in {"completed", "no_show"}:
            break
        run += status == "cancelled" and not withdrawn
    if run >= 2:
        found.add(Sign.CANCELLED_TWICE)
    if any(status in {"scheduled", "live"} and end_of(days) >= 1 for days, status, *_ in newest):
        found.add(Sign.LOG_MISSING)
    four = [row for row in newest if row[1] == "completed"][:4]
    rated = [sum(stars) / len(stars) for _d, _s, stars, opened, _w in four if stars and opened][:3]
    if len(rated) == 3 and rated == sorted(set(rated)):
        found.add(Sign.RATINGS_FALLING)
    return found


def planning(since: float, newest: list[Any]) -> set[Sign]:
    open_ends = [end_of(days) for days, status, *_ in newest if status in OPEN]
    met = [-days for days, status, *_ in newest if status == "completed"]
    if any(end < 0.01 for end in open_ends):
        return set()
    if open_ends or met:
        is_late = min(*open_ends, *met, since, since) >= 14
        return {Sign.NOTHING_PLANNED} if is_late else set()
    return {Sign.NO_FIRST_MEETING} if since >= 10 else set()


def end_of(days: float) -> float:
    """How many days ago an hour that began then was over."""
    return -days - 1 / 24
