"""Each read that is compiled once finds what its queryset finds, whoever asks, and asks again."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from inspect import signature
from itertools import product
from typing import Any

import pytest
from django.contrib.sessions.models import Session as Login
from django.db.models import Model, QuerySet

from tutelage import domain
from tutelage.core.clock import now
from tutelage.core.compiled import Reading
from tutelage.domain.attendance.lifecycle import Source
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.feedback.models import Rating
from tutelage.domain.journal.models import Entry
from tutelage.domain.logs.models import LogDraft, PrivateNote, SessionLogRevision
from tutelage.domain.notifications.lifecycle import NoticeKind
from tutelage.domain.notifications.models import Notice
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairAction, PairStatus
from tutelage.domain.programs.models import Mentorship, MentorshipMove, Program
from tutelage.domain.sessions.lifecycle import Status, Told
from tutelage.domain.sessions.models import (
    MissedAnswer,
    NextStep,
    Session,
    SessionEndingRevision,
)
from tutelage.ops import demo_data
from tutelage.ops.demo_people import AROHA, INGRID, SAMUEL

AnyReading = Reading[..., Any]


def _readings() -> dict[str, AnyReading]:
    modules = (
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(domain.__path__, "tutelage.domain.")
        if found.name.endswith((".queries", ".logins"))
    )
    return {
        f"{module.__name__}.{name}": each
        for module in modules
        for name, each in vars(module).items()
        if isinstance(each, Reading)
    }


@pytest.mark.django_db
def test_each_finds_what_its_queryset_finds() -> None:
    demo_data.load()
    _add_what_is_rare(Session.objects.filter(status=Status.COMPLETED).latest("starts_at"))
    values, readings = _values(), _readings()
    assert len(readings) > 15
    for name, reading in readings.items():
        differing, number = _compare(reading, values)
        assert not differing, (name, differing)
        assert number, f"{name} found nothing at all, so nothing is known of it"


@pytest.mark.django_db
def test_a_read_that_mixes_its_values_up_is_noticed() -> None:
    """The comparison can fail: this one keeps the person it was compiled for."""
    demo_data.load()
    first = User.objects.earliest("pk").pk

    def found(person_id: int) -> QuerySet[User]:
        return User.objects.filter(pk=person_id)

    def kept(person_id: int) -> QuerySet[User]:
        return User.objects.filter(pk=first if person_id else 0)

    reading: AnyReading = Reading(kept)
    reading(person_id=first)
    reading.rows = found
    assert _compare(reading, _values())[0]


def _compare(
    reading: AnyReading, values: Mapping[str, Sequence[Any]]
) -> tuple[list[dict[str, Any]], int]:
    """With which values it differs from its queryset, and how many rows there were in all."""
    names, differing, number = list(signature(reading.rows).parameters), [], 0
    for chosen in product(*(values[name] for name in names)):
        given = dict(zip(names, chosen, strict=True))
        found = [_told(row) for row in reading(**given)]
        number += len(found)
        if found != [_told(row) for row in reading.rows(**given)]:
            differing.append(given)
    return differing, number


def _told(row: Model) -> dict[str, Any]:
    """A row with its class and all that was read along with it."""
    state = {name: each for name, each in vars(row).items() if name != "_state"}
    along = row._state.fields_cache.items()
    seen = {name: each and (type(each), each.pk, each.__dict__.keys()) for name, each in along}
    return {"class": type(row), "along": seen, **state}


def _values() -> dict[str, list[Any]]:
    """For each parameter, some that differ in what they find."""
    at = now()
    emails = [each.email for each in (AROHA, SAMUEL, INGRID)]
    people = list(User.objects.filter(email__in=emails).values_list("pk", flat=True))
    sessions = list(_sessions())
    return {
        **dict.fromkeys(("actor_id", "person_id", "author_id"), people),
        **dict.fromkeys(("session_id", "subject_id"), sessions),
        "entry_id": [*Entry.objects.values_list("pk", flat=True)[:2], 0],
        "is_admin": [False, True],
        "key": ["some", "other"],
        "kind": ["session", "mentorship"],
        "limit": [1, 50],
        "pair": list(Program.objects.values_list("uid", flat=True)[:3]),
        "program_id": list(Program.objects.values_list("pk", flat=True)),
        "program_ids": [[], list(Program.objects.values_list("pk", flat=True))],
        "uid": list(Program.objects.values_list("uid", flat=True)[:3]),
        "at": [at, at - timedelta(days=30)],
        "since": [at - timedelta(days=30), at],
        "ticked_since": [at - timedelta(hours=12), at],
        "until": [at + timedelta(days=7), at],
    }


def _sessions() -> Iterator[Any]:
    for status in Status:
        yield from (
            Session.objects.filter(status=status)
            .order_by("-starts_at")[:2]
            .values_list("pk", flat=True)
        )


def _add_what_is_rare(session: Session) -> None:
    """Rows of tables that the demo leaves empty."""
    samuel, aroha = (User.objects.get(email=each.email) for each in (SAMUEL, AROHA))
    pair = Mentorship.objects.filter(mentor=samuel).earliest("pk")
    PrivateNote.objects.create(session=session, author=samuel, text="Quiet today")
    LogDraft.objects.create(program=pair.program, author=samuel, form={"outcomes": "So far"})
    SessionLogRevision.objects.create(session=session, by=samuel, duration_minutes=50)
    MissedAnswer.objects.create(session=session, user=samuel, answer=Told.HAPPENED)
    SessionEndingRevision.objects.create(
        session=session, status=Status.NO_SHOW, to_status=Status.COMPLETED, by=samuel
    )
    MentorshipMove.objects.create(
        mentorship=pair,
        action=PairAction.PAUSE,
        from_status=PairStatus.ACTIVE,
        status=PairStatus.PAUSED,
        by=samuel,
    )
    Login.objects.create(session_key="some", expire_date=now() + timedelta(days=1))
    Evidence.objects.create(
        session=session,
        participant=session.participants.earliest("pk"),
        source=Source.JOIN,
        seen_from=now(),
    )
    Notice.objects.create(
        session=session, person=samuel, kind=NoticeKind.REMINDER, slot_start=session.starts_at
    )
    NextStep.objects.create(session=session, program=pair.program, text="Read", owner=aroha)
    Rating.objects.filter(session=session).update(unseals_at=now())
