"""Nobody logged it: both sides say what became of it, and nothing is guessed."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.core.errors import FieldError, InvalidInput, NotFound, NotPermitted
from tutelage.core.paging import Paged
from tutelage.domain.journal.models import Entry
from tutelage.domain.people.models import User
from tutelage.domain.sessions import queries
from tutelage.domain.sessions.inputs import AnswerMissed, MarkNoShow
from tutelage.domain.sessions.lifecycle import TransitionRefused
from tutelage.domain.sessions.models import MissedAnswer, Session, SessionEndingRevision
from tutelage.domain.sessions.services.completion import NotYet
from tutelage.domain.sessions.services.missed import NotUnresolved, answer_missed, mark_no_show
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed() -> Session:
    return make_session(starts_at=now() - timedelta(hours=3))


def guest_of(session: Session) -> User:
    return session.participants.get(role="guest").user


def say(session: Session, person: User, answer: str, party: str | None = None) -> Session:
    given = AnswerMissed.model_validate({"answer": answer, "party": party})
    return answer_missed(actor=person, session_id=session.pk, given=given)


def mark(session: Session, person: User, party: str = "participant", **given: Any) -> Session:
    words = MarkNoShow.model_validate({"action": "mark_no_show", "party": party, **given})
    return mark_no_show(actor=person, session_id=session.pk, given=words)


@pytest.mark.parametrize(
    ("answer", "party"), [("happened", None), ("no_show", "both"), ("called_off", None)]
)
def test_one_answer_alone_changes_nothing(missed: Session, answer: str, party: str) -> None:
    say(missed, missed.host, answer, party)

    missed.refresh_from_db()
    assert (missed.status, missed.version) == ("scheduled", 1)
    assert list(Session.objects.unresolved()) == [missed]


@pytest.mark.parametrize(
    ("answer", "party", "status", "whose"),
    [
        ("no_show", "host", "no_show", "host"),
        ("no_show", "participant", "no_show", "participant"),
        ("no_show", "both", "no_show", "both"),
        ("called_off", None, "cancelled", "both"),
    ],
)
def test_two_that_agree_settle_it(
    missed: Session, answer: str, party: str | None, status: str, whose: str
) -> None:
    say(missed, missed.host, answer, party)
    settled = say(missed, guest_of(missed), answer, party)

    assert settled.status == status
    assert (settled.ending.party, settled.ending.by, settled.ending.late) == (whose, None, False)
    with pytest.raises(NotUnresolved):
        say(missed, missed.host, "happened")


def test_that_it_happened_is_settled_by_its_log_alone(missed: Session) -> None:
    say(missed, missed.host, "happened")

    assert say(missed, guest_of(missed), "happened").status == "scheduled"


@pytest.mark.parametrize("other", [("happened", None), ("called_off", None), ("no_show", "host")])
def test_two_that_disagree_wait_and_are_found(
    missed: Session, other: tuple[str, str | None]
) -> None:
    say(missed, missed.host, "no_show", "participant")
    assert list(Session.objects.disputed()) == []

    assert say(missed, guest_of(missed), *other).status == "scheduled"

    found = queries.list_disputed(actor=make_admin(), asked=Paged())
    assert list(found.rows) == [missed]
    assert queries.list_disputed(actor=make_user(), asked=Paged()).rows == []


def test_an_answer_can_be_changed_until_both_agree(missed: Session) -> None:
    say(missed, missed.host, "no_show", "participant")
    say(missed, guest_of(missed), "called_off")
    settled = say(missed, missed.host, "called_off")

    assert settled.status == "cancelled"
    assert MissedAnswer.objects.count() == 2
    assert Entry.objects.filter(type="session.missed_answered").count() == 3


def test_whose_absence_it_was_belongs_to_a_no_show_alone(missed: Session) -> None:
    with pytest.raises(InvalidInput) as without:
        say(missed, missed.host, "no_show")
    with pytest.raises(InvalidInput) as beside:
        say(missed, missed.host, "happened", "host")

    assert without.value.errors == [FieldError("party", "Say who did not come.")]
    assert beside.value.errors == [FieldError("party", "Leave this away: somebody came.")]


@pytest.mark.parametrize("ago", [timedelta(minutes=70), timedelta(hours=-1)])
def test_nobody_is_asked_before_a_quarter_of_an_hour_has_passed(ago: timedelta) -> None:
    session = make_session(starts_at=now() - ago)

    with pytest.raises(NotUnresolved):
        say(session, session.host, "happened")


def test_who_was_not_to_be_there_is_not_asked(missed: Session) -> None:
    with pytest.raises(NotPermitted):
        say(missed, make_admin(), "happened")
    with pytest.raises(NotFound):
        say(missed, make_user(), "happened")


def test_what_the_other_said_is_read_after_ones_own_answer(missed: Session) -> None:
    say(missed, missed.host, "no_show", "participant")
    session = queries.get_session(actor=make_admin(), session_id=missed.pk)
    guest = guest_of(missed)

    def may_read(person: User) -> bool:
        answers = queries.find_answers([missed.pk])[missed.pk]
        return queries.can_read(session, answers, person)

    assert (may_read(guest), may_read(missed.host), may_read(make_admin())) == (False, True, True)
    say(missed, guest, "happened")
    assert may_read(guest)


def test_the_host_marks_a_no_show_at_once_and_says_why(missed: Session) -> None:
    marked = mark(missed, missed.host, reason="I waited for half an hour")

    assert (marked.status, marked.version) == ("no_show", 2)
    ending = marked.ending
    assert (ending.party, ending.by, ending.action) == ("participant", missed.host, "mark_no_show")
    [before] = SessionEndingRevision.objects.all()
    assert (before.status, before.to_status, before.by) == ("scheduled", "no_show", missed.host)
    [event] = Entry.objects.filter(type="session.no_show")
    assert event.payload == {"from_status": "scheduled", "party": "participant"}


def test_a_no_show_is_the_hosts_and_admins_to_mark_once_it_began(missed: Session) -> None:
    with pytest.raises(NotPermitted):
        mark(missed, guest_of(missed))
    coming = make_session(make_pair())
    with pytest.raises(NotYet):
        mark(coming, coming.host)
    mark(missed, make_admin(), "host")
    with pytest.raises(TransitionRefused):
        mark(missed, missed.host)


def test_the_list_of_the_disputed_costs_the_same_however_many(
    missed: Session, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin = make_admin()
    for session in [missed, *(make_session(starts_at=missed.starts_at) for _ in range(4))]:
        say(session, session.host, "happened")
        say(session, guest_of(session), "called_off")

    with django_assert_num_queries(4):
        page = queries.list_disputed(actor=admin, asked=Paged())
        queries.find_answers([session.pk for session in page.rows])
    assert len(page.rows) == 5
