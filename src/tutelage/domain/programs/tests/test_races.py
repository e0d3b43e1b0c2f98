"""Two answer one proposal at once. The guard is also taken away, and the race must then be lost."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tutelage.core.errors import DomainError
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_user
from tutelage.domain.programs.inputs import MoveMentorship
from tutelage.domain.programs.lifecycle import PairAction
from tutelage.domain.programs.models import Mentorship, MentorshipMove, MentorshipQuerySet
from tutelage.domain.programs.services import move_mentorship
from tutelage.domain.programs.tests.builders import make_pair

pytestmark = pytest.mark.django_db(transaction=True)

SLOW_CHANGES = """
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
    CREATE TRIGGER be_slow BEFORE UPDATE ON mentorship
        FOR EACH ROW EXECUTE FUNCTION be_slow();
"""


@pytest.fixture
def slow_changes() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(SLOW_CHANGES)
        yield
        cursor.execute("DROP FUNCTION be_slow CASCADE")


def make_proposed() -> Mentorship:
    mentee = make_user()
    return make_pair(mentee=mentee, status="proposed", proposed_by=mentee)


def answer_at_once(pair: Mentorship) -> Counter[str]:
    start = Barrier(2)

    def move(actor: User, action: PairAction) -> str:
        try:
            connection.ensure_connection()
            start.wait()
            given = MoveMentorship(action=action)
            move_mentorship(actor=actor, mentorship_id=pair.uid, given=given)
        except DomainError as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    answers = [(pair.mentor, PairAction.ACCEPT), (pair.mentee, PairAction.WITHDRAW)]
    with ThreadPoolExecutor(2) as threads:
        return Counter(threads.map(lambda answer: move(*answer), answers))


@pytest.mark.usefixtures("slow_changes")
def test_of_accepting_and_withdrawing_at_once_one_wins() -> None:
    outcome = answer_at_once(make_proposed())

    assert outcome["done"] == 1
    assert outcome.total() == 2
    assert MentorshipMove.objects.count() == 1


@pytest.mark.usefixtures("slow_changes")
def test_without_the_lock_both_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine one of the two may come too late."""
    monkeypatch.setattr(MentorshipQuerySet, "select_for_update", lambda rows, **_of: rows)

    assert any(answer_at_once(make_proposed()) == {"done": 2} for _ in range(5))
    last = Mentorship.objects.latest("pk")
    assert MentorshipMove.objects.filter(mentorship=last).count() == 2
