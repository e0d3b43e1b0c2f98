"""The life of a session, step by step beside a model that knows nothing of the product.

Thirty examples of twenty steps; with DEEP=1 a thousand of fifty.
"""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.life.model import TABLE, Model

from tutelage.core.errors import DomainError
from tutelage.domain.feedback.inputs import CompleteSession
from tutelage.domain.feedback.services import log_and_rate
from tutelage.domain.insights.services import keep_facts
from tutelage.domain.insights.tests.agreement import check_facts, read_at_once
from tutelage.domain.journal.models import Entry
from tutelage.domain.people.tests.builders import make_admin, make_user
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import AskForTime, CounterTime, RescheduleSession
from tutelage.domain.scheduling.models import Reservation
from tutelage.domain.scheduling.services import answering, cancelling, offering, reinstating
from tutelage.domain.sessions.inputs import CorrectSession, MarkNoShow
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services import completion, correcting, missed

DEEP: Final = bool(os.environ.get("DEEP"))
BEGIN: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACTORS: Final = st.sampled_from(["mentor", "mentee", "admin", "stranger"])
AHEAD: Final = st.sampled_from([30, 60, 90, 24 * 60, 72 * 60])
LATER: Final = st.sampled_from([5, 20, 60, 600, 1_440, 2_941])
TO: Final = st.sampled_from(["completed", "no_show", "cancelled"])
BESIDE: Final = {"session.log_changed"}  # follows from a move and is none

pytestmark = pytest.mark.django_db


class Life(RuleBasedStateMachine):
    """One session of one pair, and everybody who may want something of it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.traveller = self.clock.start()
        self.patch = pytest.MonkeyPatch()
        read_at_once(self.patch)
        self.undone = transaction.atomic()
        self.undone.__enter__()
        pair = make_pair()
        self.people = {
            "mentor": pair.mentor,
            "mentee": pair.mentee,
            "admin": make_admin(),
            "stranger": make_user(),
        }
        self.model = Model(BEGIN, BEGIN + timedelta(days=1))
        self.session = offering.ask_for_time(
            actor=pair.mentee,
            given=AskForTime(mentorship=pair.program.uid, **self._at(self.model.starts_at)),
        )
        self.model.ask("mentee")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        self.clock.stop()
        self.patch.undo()

    @staticmethod
    def _at(start: datetime) -> dict[str, Any]:
        return {"local_start": start.replace(tzinfo=None), "zone": "UTC"}

    def _ahead(self, minutes: int) -> datetime:
        return self.model.now + timedelta(minutes=minutes)

    def _which(self, actor: str) -> dict[str, Any]:
        return {"actor": self.people[actor], "session_id": self.session.pk}

    def _both(self, allowed: bool, change: Callable[[], object]) -> None:
        """What the model says has to be what the product does."""
        refusal = ""
        try:
            change()
        except DomainError as refused:
            refusal = refused.message
        assert (not refusal) is allowed, refusal or "This should have been refused."

    @rule()
    def write_down(self) -> None:
        """What the worker does with the facts of pairs, now and then."""
        keep_facts()

    @rule(minutes=LATER)
    def wait(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)
        self.traveller.move_to(self.model.now)

    @rule()
    def expire(self) -> None:
        assert answering.expire_offers() == int(self.model.expire())

    @rule(actor=ACTORS)
    def accept(self, actor: str) -> None:
        allowed = self.model.accept(actor)
        self._both(allowed, lambda: answering.accept_time(**self._which(actor)))

    @rule(actor=ACTORS, minutes=AHEAD)
    def counter(self, actor: str, minutes: int) -> None:
        start = self._ahead(minutes)
        given = CounterTime(action="counter", **self._at(start))
        allowed = self.model.counter(actor, start)
        self._both(allowed, lambda: offering.counter_time(given=given, **self._which(actor)))

    @rule(actor=ACTORS)
    def decline(self, actor: str) -> None:
        allowed = self.model.decline(actor)
        self._both(allowed, lambda: answering.decline_time(reason="", **self._which(actor)))

    @rule(actor=ACTORS)
    def withdraw(self, actor: str) -> None:
        allowed = self.model.withdraw(actor)
        self._both(allowed, lambda: answering.withdraw_time(reason="", **self._which(actor)))

    @rule(actor=ACTORS, minutes=AHEAD)
    def reschedule(self, actor: str, minutes: int) -> None:
        start = self._ahead(minutes)
        given = RescheduleSession(action="reschedule", **self._at(start))
        allowed = self.model.reschedule(actor, start)
        self._both(allowed, lambda: offering.reschedule_session(given=given, **self._which(actor)))

    @rule(actor=ACTORS)
    def start(self, actor: str) -> None:
        allowed = self.model.start(actor)
        self._both(allowed, lambda: completion.start_session(**self._which(actor)))

    @rule(actor=ACTORS)
    def cancel(self, actor: str) -> None:
        allowed = self.model.cancel(actor)
        self._both(allowed, lambda: cancelling.cancel_session(reason="Ill", **self._which(actor)))

    @rule(actor=ACTORS)
    def mark_no_show(self, actor: str) -> None:
        given = MarkNoShow.model_validate({"action": "mark_no_show", "party": "both"})
        allowed = self.model.mark_no_show(actor)
        self._both(allowed, lambda: missed.mark_no_show(given=given, **self._which(actor)))

    @rule(actor=ACTORS)
    def complete(self, actor: str) -> None:
        given = CompleteSession.model_validate({"action": "complete", "outcomes": "Done"})
        allowed = self.model.complete(actor)
        self._both(allowed, lambda: log_and_rate(given=given, **self._which(actor)))

    @rule(actor=ACTORS, to=TO)
    def correct(self, actor: str, to: str) -> None:
        said: dict[str, Any] = {"action": "correct", "to": to, "reason": "It was otherwise"}
        if to == "no_show":
            said["party"] = "host"
        if to == "completed" and not self.model.logged:
            said["outcomes"] = "Done after all"
        given = CorrectSession.model_validate(said)
        allowed = self.model.correct(actor, to)
        self._both(allowed, lambda: correcting.correct_session(given=given, **self._which(actor)))

    @rule(actor=ACTORS)
    def reinstate(self, actor: str) -> None:
        allowed = self.model.reinstate(actor)
        self._both(allowed, lambda: reinstating.reinstate_session(**self._which(actor)))

    @invariant()
    def both_say_the_same(self) -> None:
        session = Session.objects.get(pk=self.session.pk)
        assert (session.status, session.starts_at) == (self.model.status, self.model.starts_at)
        entries = Entry.objects.filter(subject_id=session.pk).exclude(type__in=BESIDE)
        assert list(entries.order_by("id").values_list("type", flat=True)) == self.model.journal
        assert Reservation.objects.filter(session=session).count() == self.model.held
        check_facts()
        assert self.model.moves == [move for move in self.model.moves if move in TABLE]


def test_whatever_is_tried_the_product_does_what_the_model_says() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=1_000 if DEEP else 30,
            stateful_step_count=50 if DEEP else 20,
            derandomize=not DEEP,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


WALKS: Final = """
    counter mentor 60, accept mentee, wait 60, start mentor, cancel mentor, wait 60,
        correct mentor completed, correct admin no_show, correct mentor completed,
        correct mentor cancelled
    decline mentor
    withdraw mentee
    wait 2941, expire
    accept mentor, reschedule admin 60, reschedule mentee 90, accept mentor, wait 1440,
        mark_no_show mentor, correct mentor cancelled, correct mentor no_show,
        correct mentor completed
    accept mentor, cancel mentee, reinstate mentor, reinstate mentee, wait 1440, complete mentee
    accept mentor, wait 1430, start mentor, start mentor, complete mentor, correct mentor cancelled,
        reinstate admin, wait 60, correct mentor completed
    accept mentor, wait 1440, start mentor, mark_no_show admin
    accept mentor, wait 1440, start mentor, complete mentee
    accept mentor, reschedule mentor 4320, counter mentee 90, wait 1440, start mentor,
        counter mentor 60, accept mentor, decline mentor
"""


def walk(steps: str) -> set[tuple[str, str, str]]:
    """Go one way through the life of a session, and say which moves of the table were made."""
    life = Life()
    try:
        for step in steps.split(", "):
            name, *said = step.split()
            values = [int(each) if each.isdecimal() else each for each in said]
            getattr(life, name)(*values)
            life.both_say_the_same()
    finally:
        life.teardown()
    return set(life.model.moves)


def walks() -> list[str]:
    """One a line; what follows indented belongs to the line before."""
    lines = re.sub(r",\n {8}", ", ", WALKS).strip().splitlines()
    return [" ".join(line.split()) for line in lines]


def test_every_move_of_the_table_that_is_built_is_made() -> None:
    made = set[tuple[str, str, str]]().union(*(walk(steps) for steps in walks()))

    assert TABLE - made == set()


def test_a_model_that_is_wrong_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.life.model.DOOR", timedelta(minutes=60))
    with pytest.raises(AssertionError, match="15 minutes before"):
        walk("accept mentor, wait 600, wait 600, wait 60, wait 60, wait 60, wait 20, start mentor")
