"""A changed row is written as `save` would have written it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from pytest_django import DjangoAssertNumQueries

from tutelage.core.times import to_local
from tutelage.core.updating import update
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_pair, make_session

pytestmark = pytest.mark.django_db


def test_the_whole_row_is_written_and_no_other(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pair = make_pair()
    session, other = make_session(pair), make_session(pair)
    session.title, session.version = "50 % of %s", 40_000
    session.starts_at += timedelta(hours=1)
    session.ends_at += timedelta(hours=1)
    session.local_start, session.zone = to_local(session.starts_at, "Asia/Tokyo"), "Asia/Tokyo"

    with django_assert_num_queries(1):
        update(session)

    read = Session.objects.get(pk=session.pk)
    assert model_to_dict(read) == model_to_dict(session)
    assert read.created_at == session.created_at
    assert model_to_dict(Session.objects.get(pk=other.pk)) == model_to_dict(other)


def test_only_the_fields_that_are_named_are_written() -> None:
    session = make_session()
    session.title, session.zone = "Interviews", "Asia/Tokyo"
    update(session, "title")
    assert Session.objects.values_list("title", "zone").get() == ("Interviews", "UTC")


def test_constraints_are_asked() -> None:
    session = make_session()
    session.status = "unknown"
    with pytest.raises(IntegrityError), transaction.atomic():
        update(session)


def test_a_number_is_sent_as_the_type_of_its_column() -> None:
    """Or each size of a number would be a statement of its own, planned anew."""
    session, sent = make_session(), list[str]()

    def look(execute: Any, sql: str, *given: Any) -> Any:
        sent.append(sql)
        return execute(sql, *given)

    with connection.execute_wrapper(look):
        update(session.host, "name")
        update(session, "version", "host")
    assert [sql.count("::bigint") for sql in sent] == [1, 1]
    assert sent[1].count("::integer") == 1
