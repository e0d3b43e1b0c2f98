"""The fates of `docs/personal-data.md`: what is deleted, emptied and replaced, table by table."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session as Login
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from tutelage.core.text import fold
from tutelage.domain.feedback.models import Rating
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.logs.models import LogDraft, PrivateNote, SessionLogRevision
from tutelage.domain.meetings.models import HostRoom, Meeting
from tutelage.domain.notifications.models import Notice
from tutelage.domain.people.models import ApiToken, User
from tutelage.domain.programs.models import Mentorship, MentorshipMove
from tutelage.domain.scheduling.models import (
    AvailabilityOverride,
    AvailabilityRule,
    BookingPolicy,
    Reservation,
    TimeOffer,
)
from tutelage.domain.sessions.models import (
    NextStep,
    Participant,
    Session,
    SessionEnding,
    SessionEndingRevision,
    SessionLog,
)
from tutelage.domain.sessions.services.searching import index_sessions

# Of the library for accounts, which the domain does not know by import.
_OF_ACCOUNTS = ("account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession")


def delete_own(person: User) -> None:
    """What speaks for them, and what is theirs alone."""
    for rows in _own(person):
        rows.delete()
    for login in Login.objects.iterator():
        if login.get_decoded().get(SESSION_KEY) == str(person.pk):
            login.delete()


def _own(person: User) -> Iterator["QuerySet[Any]"]:
    for name in _OF_ACCOUNTS:
        model: type[Model] = apps.get_model(name)
        yield model._default_manager.filter(user=person)  # noqa: SLF001  # documented by Django
    yield ApiToken.objects.filter(user=person)
    yield PrivateNote.objects.filter(author=person)
    yield LogDraft.objects.filter(author=person)
    for of_person in (
        AvailabilityOverride, AvailabilityRule, BookingPolicy, HostRoom, Reservation,
    ):  # fmt: skip
        yield of_person._default_manager.filter(person=person)  # noqa: SLF001


def empty_shared(person: User) -> None:
    """What two wrote about their work is of both: it goes when either is forgotten."""
    taken_part = Participant.objects.filter(user=person).values("session")
    sessions = list(
        Session.objects.select_for_update()
        .filter(Q(pk__in=taken_part) | Q(host=person))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    of_theirs = Q(session__in=sessions)
    erased = _("Erased, with the account of somebody who took part.")
    Session.objects.filter(pk__in=sessions).update(title="", version=F("version") + 1)
    SessionLog.objects.filter(of_theirs).update(objectives="", outcomes=erased, shared_notes="")
    SessionLogRevision.objects.filter(of_theirs).update(
        objectives="", outcomes=erased, shared_notes="", next_steps=[]
    )
    NextStep.objects.filter(of_theirs | Q(owner=person)).update(text="")
    SessionEnding.objects.filter(of_theirs).update(reason="")
    SessionEndingRevision.objects.filter(of_theirs).update(reason="", ending_reason="")
    TimeOffer.objects.filter(of_theirs).update(note="")
    Meeting.objects.filter(of_theirs).update(link_encrypted="", backup_encrypted="")
    Rating.objects.filter(Q(author=person) | Q(subject=person)).update(comment="")
    index_sessions(sessions)


def empty_rest(person: User) -> None:
    """Texts that belong to no session."""
    pairs = Mentorship.objects.filter(Q(mentor=person) | Q(mentee=person))
    MentorshipMove.objects.filter(mentorship__in=pairs).update(reason="")
    pairs.update(goals="", version=F("version") + 1)
    Notice.objects.filter(person=person).update(trouble="")
    ImportBatch.objects.filter(by=person).update(file_name="")


def make_nameless(person: User) -> None:
    person.email = f"{person.uid}@erased.invalid"
    person.name = _("Former member")
    person.name_folded, person.zone = fold(person.name), ""
    person.is_active, person.last_login = False, None
    person.set_unusable_password()
