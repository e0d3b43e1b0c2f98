"""What is written down of pairs: read where it is the latest, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import CompleteSession, GiveRating
from tutelage.domain.feedback.services import log_and_rate, rate_session
from tutelage.domain.insights import queries
from tutelage.domain.insights.facts import READER, RECALL
from tutelage.domain.insights.inputs import PulseFilters
from tutelage.domain.insights.models import PairFacts
from tutelage.domain.insights.pulse import Sign
from tutelage.domain.insights.queries import find_pulses, list_by_pulse
from tutelage.domain.insights.services import keep_facts
from tutelage.domain.insights.tests.agreement import HORIZON, check_facts
from tutelage.domain.journal import queries as journal
from tutelage.domain.journal.models import ReaderCursor
from tutelage.domain.journal.services import follow
from tutelage.domain.journal.tests.horizon import await_horizon
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def sweep() -> int:
    await_horizon()
    return keep_facts()


def is_written_down(pair: Mentorship) -> bool:
    [(_key, is_current, *_seen)] = queries._read(RECALL, [pair.pk], now())
    return bool(is_current)


def signs(pair: Mentorship) -> set[Sign]:
    return {sign for sign, _since in find_pulses([pair])[pair.pk].signs}


def complete(session: Session) -> None:
    given = CompleteSession.model_validate({"action": "complete", "outcomes": "Done"})
    log_and_rate(actor=session.host, session_id=session.pk, given=given)


def cancel(session: Session) -> None:
    cancel_session(actor=session.host, session_id=session.pk, reason="Snow")


def overdue(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - 2 * DAY)


def test_what_is_written_down_is_read_until_something_happens() -> None:
    pair, other = make_pair(), make_pair()
    session = overdue(pair)
    assert not is_written_down(pair)
    assert signs(pair) == {Sign.LOG_MISSING}

    assert sweep() == 2
    assert (is_written_down(pair), is_written_down(other)) == (True, True)
    assert signs(pair) == {Sign.LOG_MISSING}

    complete(session)
    assert (is_written_down(pair), is_written_down(other)) == (False, True)
    assert signs(pair) == set()

    assert sweep() == 1
    assert is_written_down(pair)
    assert signs(pair) == set()
    assert sweep() == 0


def test_who_has_just_written_reads_it_in_the_same_transaction() -> None:
    pair = make_pair()
    session = overdue(pair)
    sweep()

    with transaction.atomic():
        complete(session)
        assert signs(pair) == set()


def test_a_seal_that_opens_in_time_ends_what_is_written_down() -> None:
    pair = make_pair()
    for days, stars in ((40, 5), (30, 4), (20, 3)):
        held = make_session(pair, starts_at=now() - days * DAY, status="completed")
        rate_session(actor=pair.mentor, session_id=held.pk, given=GiveRating(stars=stars))
    make_session(pair)
    sweep()
    assert is_written_down(pair)
    assert Sign.RATINGS_FALLING not in signs(pair)

    with time_machine.travel(now() + 7 * DAY, tick=False):
        assert not is_written_down(pair)
        assert Sign.RATINGS_FALLING in signs(pair)
        assert keep_facts() == 1
        assert is_written_down(pair)
        assert Sign.RATINGS_FALLING in signs(pair)


def test_a_pair_is_written_down_once_it_is_active() -> None:
    mentor = make_pair().mentor
    resting = make_pair(mentor=mentor, proposed_by=mentor, status="proposed")
    assert sweep() == 1

    Mentorship.objects.filter(pk=resting.pk).update(status="active", status_since=now() - 20 * DAY)
    assert signs(resting) == {Sign.NO_FIRST_MEETING}
    assert sweep() == 1
    assert signs(resting) == {Sign.NO_FIRST_MEETING}


@pytest.mark.parametrize("lost", ["rows", "place"])
def test_what_is_lost_is_written_anew(lost: str) -> None:
    pair = make_pair()
    session = overdue(pair)
    sweep()
    cancel(session)
    (PairFacts if lost == "rows" else ReaderCursor).objects.all().delete()

    assert signs(pair) == set()
    sweep()
    assert is_written_down(pair)
    assert signs(pair) == set()


def test_where_too_much_has_happened_the_sessions_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = [make_pair() for _number in range(3)]
    sessions = [overdue(pair) for pair in pairs]
    sweep()
    for each in sessions:
        cancel(each)
    monkeypatch.setattr(queries, "NEWS", 1)

    assert [signs(pair) for pair in pairs] == [set(), set(), set()]


def test_much_is_caught_up_with_in_batches() -> None:
    sessions = [overdue(make_pair()) for _number in range(5)]
    sweep()
    for each in sessions:
        cancel(each)
    await_horizon()

    assert keep_facts(batch=2, for_at_most=timedelta(seconds=60)) == 5
    assert check_facts() == 5


@pytest.mark.parametrize(("horizon", "is_exact"), [(HORIZON, True), ("true", False)])
def test_only_the_horizon_keeps_a_slow_change_from_being_passed_over(
    elsewhere: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, horizon: str, is_exact: bool
) -> None:
    """By ids alone the place would go past an entry whose transaction has not ended."""
    monkeypatch.setattr(journal, "_AFTER", journal._AFTER.replace(HORIZON, horizon))
    pair, other = make_pair(), make_pair()
    slow, quick = overdue(pair), make_session(other)
    sweep()
    elsewhere.submit(complete, slow).result()
    cancel(quick)
    keep_facts()
    elsewhere.submit(transaction.commit).result()

    assert signs(pair) == (set() if is_exact else {Sign.LOG_MISSING})
    sweep()
    assert signs(pair) == (set() if is_exact else {Sign.LOG_MISSING})


def test_of_two_sweeps_at_once_one_writes_after_the_other(elsewhere: ThreadPoolExecutor) -> None:
    """Else what was seen first could be written last, over what came between."""
    make_pair()
    sweep()
    make_pair()
    assert elsewhere.submit(follow, READER, 1).result() == []

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            keep_facts()
        cursor.execute("RESET lock_timeout")
    elsewhere.submit(transaction.commit).result()
    assert keep_facts() == 1


def test_thousands_are_read_by_one_statement_and_what_is_new_by_one_more(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    admin, pairs = make_admin(), [make_pair() for _number in range(30)]
    sessions = [overdue(pair) for pair in pairs]
    sweep()

    with django_assert_num_queries(3):  # which pairs; what is written down; their people
        list_by_pulse(actor=admin, filters=PulseFilters())
    complete(sessions[0])
    with django_assert_num_queries(4):
        page = list_by_pulse(actor=admin, filters=PulseFilters(limit=100))
    assert [line.pair for line in page.rows][-1] == pairs[0]
