"""A real spreadsheet becomes sessions, and the same file again changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tutelage.core.clock import now
from tutelage.domain.feedback.models import Rating
from tutelage.domain.imports.inputs.words import Meaning
from tutelage.domain.imports.lifecycle import BatchState
from tutelage.domain.imports.models import ImportRow
from tutelage.domain.imports.tests.builders import bring_in, fates, faults, make_file, run, stage
from tutelage.domain.journal.models import Entry
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.models import Reservation
from tutelage.domain.sessions.lifecycle import Party, Status
from tutelage.domain.sessions.models import NextStep, Session, SessionEnding, SessionLog
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
ANA, BEN = "ana@example.org", "ben@example.org"


@pytest.fixture
def admin() -> User:
    return make_admin(zone="Pacific/Auckland")


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(mentor=make_user(email=ANA, name="Ana"), mentee=make_user(email=BEN))


def row(date: object = "2024-03-05", start: str = "14:00", **given: str) -> list[object]:
    cells = {"mentor": ANA, "mentee": BEN, "minutes": "60", "status": "held", "notes": "", **given}
    return [cells["mentor"], cells["mentee"], date, start, *list(cells.values())[2:]]


def test_a_row_becomes_a_session_with_its_log(admin: User, pair: Mentorship) -> None:
    batch = bring_in(admin, make_file(row(minutes="1:30", notes="Agreed on a thesis")))

    session = Session.objects.get()
    assert (batch.state, batch.created_count) == (BatchState.DONE, 1)
    assert (session.status, session.program_id) == (Status.COMPLETED, pair.program_id)
    assert session.starts_at == datetime(2024, 3, 5, 1, tzinfo=UTC)
    assert (session.zone, session.local_start) == ("Pacific/Auckland", datetime(2024, 3, 5, 14))  # noqa: DTZ001 -- a wall clock
    assert session.duration_minutes == 90
    assert {p.user.email: p.role for p in session.participants.all()} == {ANA: "host", BEN: "guest"}
    log = SessionLog.objects.get()
    assert (log.outcomes, log.logged_late, log.logged_by) == ("Agreed on a thesis", True, admin)
    assert ImportRow.objects.get().session == session
    entry = Entry.objects.get(type="session.imported")
    assert (entry.subject_id, entry.actor_id) == (session.pk, admin.pk)
    assert entry.payload["import_id"] == str(batch.uid)


def test_a_session_of_which_nothing_is_written_has_no_log(admin: User, pair: Mentorship) -> None:
    bring_in(admin, make_file(row()))
    assert Session.objects.get().status == Status.COMPLETED
    assert not SessionLog.objects.exists()


def test_the_same_file_again_changes_nothing(admin: User, pair: Mentorship) -> None:
    content = make_file(row(), row("2024-03-12"), row("2024-03-19", status="cancelled"))
    bring_in(admin, content)
    entries = Entry.objects.filter(subject_type="session").count()

    batch = stage(admin, content)
    assert fates(batch) == ["unchanged"] * 3
    run(admin, batch)
    assert (batch.created_count, batch.unchanged_count) == (0, 3)
    assert Session.objects.count() == 3
    assert Entry.objects.filter(subject_type="session").count() == entries


def test_a_file_that_has_grown_brings_only_what_is_new(admin: User, pair: Mentorship) -> None:
    bring_in(admin, make_file(row()))
    batch = bring_in(admin, make_file(row(), row("2024-03-12"), delimiter=";"))
    assert fates(batch) == ["unchanged", "created"]


def test_a_session_that_moved_here_is_still_known_again(admin: User, pair: Mentorship) -> None:
    content = make_file(row())
    bring_in(admin, content)
    Session.objects.update(starts_at="2024-03-06T01:00Z", ends_at="2024-03-06T02:00Z")
    assert fates(bring_in(admin, content)) == ["unchanged"]


def test_a_session_that_was_planned_here_is_not_imported_beside_it(
    admin: User, pair: Mentorship
) -> None:
    there = make_session(pair, starts_at=datetime(2024, 3, 5, 1, tzinfo=UTC))
    batch = bring_in(admin, make_file(row()))
    assert fates(batch) == ["unchanged"]
    assert ImportRow.objects.get().session == there
    Session.objects.update(starts_at="2024-03-06T01:00Z", ends_at="2024-03-06T02:00Z")
    assert fates(bring_in(admin, make_file(row()))) == ["unchanged"]


def test_rows_are_known_again_by_their_id(admin: User, pair: Mentorship) -> None:
    header = ("Mentor e-mail", "Mentee e-mail", "Date", "Start", "Id", "Notes")
    bring_in(admin, make_file([ANA, BEN, "2024-03-05", "14:00", "7", "one"], header=header))

    again = [ANA, BEN, "2024-03-05", "14:00", "7", "one, corrected"]
    moved = [ANA, BEN, "2024-05-05", "14:00", "7", "the seventh of another file"]
    batch = bring_in(admin, make_file(again, moved, header=header))
    assert fates(batch) == ["unchanged", "refused"]
    assert faults(batch) == [(3, "id")]
    assert Session.objects.count() == 1


def test_the_same_row_twice_in_one_file_is_one_session(admin: User, pair: Mentorship) -> None:
    batch = stage(admin, make_file(row(), row(notes="again"), row("5.3.2024")))
    assert fates(batch) == ["waiting", "unchanged", "unchanged"]
    run(admin, batch)
    assert fates(batch) == ["created", "unchanged", "unchanged"]
    assert Session.objects.count() == 1


def test_an_unknown_address_refuses_its_row_alone(admin: User, pair: Mentorship) -> None:
    unknown = row("2024-03-06", mentor="nobody@example.org", mentee="noone@example.org")
    batch = bring_in(admin, make_file(row(), unknown, row("2024-03-07")))
    assert fates(batch) == ["created", "refused", "created"]
    assert faults(batch) == [(3, "mentor mentee")]
    assert "nobody@example.org" in ImportRow.objects.get(number=3).errors[0][1]


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"date": "31.2.2024"}, "date"),
        ({"date": "46086"}, "date"),
        ({"date": ""}, "date"),
        ({"date": "1987-03-05"}, "date"),
        ({"start": "lunch"}, "time"),
        ({"start": ""}, "time"),
        ({"minutes": "3"}, "duration"),
        ({"minutes": "long"}, "duration"),
        ({"mentor": "Ana"}, "mentor"),
        ({"mentee": ANA}, "mentee"),
        ({"notes": "a\x07bell"}, "outcomes"),
        ({"date": "2099-03-05", "status": ""}, "date"),
        ({"date": "2099-03-05", "status": "held"}, "status"),
        ({"status": "planned"}, "date"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_by_column(
    admin: User, pair: Mentorship, given: dict[str, Any], column: str
) -> None:
    batch = bring_in(admin, make_file(row(**given)))
    assert faults(batch) == [(2, column)]
    assert not Session.objects.exists()


def test_all_that_is_wrong_with_a_row_is_said_at_once(admin: User, pair: Mentorship) -> None:
    batch = stage(admin, make_file(row("soon", "noon", mentor="Ana", minutes="9999")))
    assert faults(batch) == [(2, "mentor date time")]


def test_people_who_are_no_pair_need_leave_to_become_one(admin: User) -> None:
    make_user(email=ANA)
    make_user(email=BEN)
    content = make_file(row(), row("2024-03-12"))
    assert faults(bring_in(admin, content)) == [(2, "mentee"), (3, "mentee")]

    batch = stage(admin, content, make_pairs=True)
    assert (batch.pairs_count, Mentorship.objects.count()) == (1, 0)
    assert fates(run(admin, batch)) == ["created", "created"]
    assert Session.objects.filter(program=Mentorship.objects.get().program).count() == 2


def test_a_pair_that_is_made_for_plans_and_history_is_made_once(admin: User) -> None:
    make_user(email=ANA)
    make_user(email=BEN)
    ahead = (now() + timedelta(days=3)).date().isoformat()
    later = (now() + timedelta(days=4)).date().isoformat()
    rows = [row(), row(ahead, status=""), row(later, status="planned")]
    assert fates(bring_in(admin, make_file(*rows), make_pairs=True)) == ["created"] * 3
    assert Mentorship.objects.count() == 1


def test_the_history_of_a_pair_that_ended_is_welcome_and_plans_are_not(
    admin: User, pair: Mentorship
) -> None:
    Mentorship.objects.update(status=PairStatus.ENDED, ended_at=now())
    ahead = (now() + timedelta(days=3)).date().isoformat()
    content = make_file(row(), row(ahead, status="planned"))
    assert fates(stage(admin, content)) == ["waiting", "refused"]
    assert faults(bring_in(admin, content)) == [(3, "mentee")]


def test_words_of_a_file_are_taken_as_they_are_explained(admin: User, pair: Mentorship) -> None:
    content = make_file(row(status="Fand statt"), row("2024-03-12", status="??"))
    words = {"Fand statt": Meaning.COMPLETED, "??": Meaning.UNCLEAR}
    batch = bring_in(admin, content, words=words)
    assert (fates(batch), faults(batch)) == (["created", "refused"], [(3, "status")])


def test_a_session_that_was_not_held_keeps_why(admin: User, pair: Mentorship) -> None:
    rows = [
        row(status="Cancelled", notes="Ben was ill"),
        row("2024-03-12", status="No-show (mentee)", notes=""),
    ]
    assert fates(bring_in(admin, make_file(*rows))) == ["created", "created"]
    cancelled, missed = SessionEnding.objects.order_by("session__starts_at")
    assert (cancelled.status, cancelled.reason) == (Status.CANCELLED, "Ben was ill")
    assert (missed.status, missed.party) == (Status.NO_SHOW, Party.PARTICIPANT)
    assert not SessionLog.objects.exists()


def test_next_steps_and_ratings_of_both_sides_come_along(admin: User, pair: Mentorship) -> None:
    header = ("Mentor e-mail", "Mentee e-mail", "Date", "Next steps", "Mentor rating", "Rating")
    cells = [ANA, BEN, "2024-03-05 14:00", "- Read chapter 2\n- Write to Ana", "4/5", "★★★★★"]
    assert fates(bring_in(admin, make_file(cells, header=header))) == ["created"]
    assert [step.text for step in NextStep.objects.order_by("position")] == [
        "Read chapter 2",
        "Write to Ana",
    ]
    assert {(r.author.email, r.stars) for r in Rating.objects.opened()} == {(ANA, 4), (BEN, 5)}


def test_a_rating_of_a_session_that_was_not_held_refuses_the_row(
    admin: User, pair: Mentorship
) -> None:
    header = ("Mentor e-mail", "Mentee e-mail", "Date", "Status", "Mentor rating")
    rows = [
        [ANA, BEN, "2024-03-05 14:00", "missed", "4"],
        [ANA, BEN, "2024-03-06 14:00", "", "6"],
        [ANA, BEN, "2024-03-07 14:00", "", "good"],
    ]
    batch = bring_in(admin, make_file(*rows, header=header))
    assert faults(batch) == [(number, "mentor_stars") for number in (2, 3, 4)]


def test_a_session_ahead_is_scheduled_and_holds_its_time(admin: User, pair: Mentorship) -> None:
    ahead = (now() + timedelta(days=3)).date().isoformat()
    assert fates(bring_in(admin, make_file(row(ahead, status="planned")))) == ["created"]
    session = Session.objects.get()
    assert session.status == Status.SCHEDULED
    assert Reservation.objects.filter(session=session).count() == 2
    assert Entry.objects.filter(type="session.scheduled", subject_id=session.pk).exists()


def test_a_session_ahead_does_not_take_what_is_booked(admin: User, pair: Mentorship) -> None:
    ahead = (now() + timedelta(days=3)).date().isoformat()
    other = make_pair(mentor=pair.mentor, mentee=make_user(email="cy@example.org"))
    bring_in(admin, make_file(row(ahead, mentee="cy@example.org", status="planned")))

    content = make_file(row(ahead, "14:30", status="planned"), row(ahead, "15:00", status=""))
    batch = stage(admin, content)
    assert fates(batch) == ["refused", "waiting"]
    run(admin, batch)
    assert (fates(batch), faults(batch)) == (["refused", "created"], [(2, "date")])
    assert "Ana" in ImportRow.objects.get(batch=batch, number=2).errors[0][1]
    assert not Session.objects.filter(program=other.program, participants__user=pair.mentee)


def test_sessions_of_one_file_do_not_take_each_others_time(admin: User, pair: Mentorship) -> None:
    ahead = (now() + timedelta(days=3)).date().isoformat()
    rows = [row(ahead, start, status="planned") for start in ("14:00", "14:30", "15:00", "13:30")]
    batch = stage(admin, make_file(*rows))
    foretold = fates(batch)
    assert foretold == ["waiting", "refused", "waiting", "refused"]
    assert fates(run(admin, batch)) == ["created", "refused", "created", "refused"]
