"""Rows of several tables by one statement are what the ORM would have written one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.forms.models import model_to_dict
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.core.inserting import insert
from tutelage.core.times import Slot
from tutelage.domain.journal.models import Entry
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Participant, Session
from tutelage.domain.sessions.services.planning import draft_for_pair

pytestmark = pytest.mark.django_db


def drafts(pair: Mentorship) -> tuple[Session, list[Participant], TimeOffer]:
    slot = Slot(now().replace(tzinfo=None), "Pacific/Auckland", timedelta(hours=1))
    session, people = draft_for_pair(pair, slot, Status.REQUESTED, title="50 % of %s")
    offer = TimeOffer(
        session=session,
        by=pair.mentee,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        local_start=slot.local_start,
        zone=slot.zone,
        note="The guide",
        expires_at=now(),
    )
    return session, people, offer


def as_read(row: Model) -> dict[str, Any]:
    return model_to_dict(type(row)._default_manager.get(pk=row.pk)) | {"pk": None}


def test_all_is_written_as_it_is_and_the_last_learns_its_key(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    session, people, offer = drafts(make_pair())

    with django_assert_num_queries(1):
        insert(session, *people, offer)

    assert as_read(session) == model_to_dict(session) | {"pk": None}
    assert as_read(offer) == model_to_dict(offer) | {"pk": None}
    found = session.participants.order_by("id").values_list("user", "role")
    assert list(found) == [(each.user_id, each.role) for each in people]
    session.title = "Another"
    session.save()  # and is known to be there
    assert Session.objects.get().title == "Another"


def test_what_the_database_says_itself_is_left_to_it() -> None:
    entry = Entry(type="a", subject_type="b", subject_id=make_pair().uid, payload={"at": [1, None]})
    insert(entry)
    read = Entry.objects.get(pk=entry.pk)
    assert (read.payload, bool(read.xid), read.at <= now()) == ({"at": [1, None]}, True, True)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_constraints_are_asked_of_each_row(row: int) -> None:
    session, people, offer = drafts(make_pair())
    setattr((session, people[0], offer)[row], ("kind", "role", "state")[row], "unknown")

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(session, *people, offer)

    assert (Session.objects.count(), TimeOffer.objects.count()) == (0, 0)


def test_a_number_is_sent_as_the_type_of_its_column() -> None:
    """Or each size of a number would be a statement of its own, planned anew."""
    session, people, offer = drafts(make_pair())
    sent: list[str] = []

    def look(execute: Any, sql: str, *given: Any) -> Any:
        sent.append(sql)
        return execute(sql, *given)

    with connection.execute_wrapper(look):
        insert(session, *people, offer)
    assert sent[0].count("::bigint") == 5  # whose program, host, two people, and who offers
