"""Who may import, what is asked first, and what is kept."""

from datetime import timedelta
from typing import Any

import pytest

from tutelage.core.clock import now
from tutelage.core.errors import InvalidInput, NotFound, NotPermitted, Stale
from tutelage.core.paging import Paged
from tutelage.core.policy import ALLOW
from tutelage.domain.imports import policies
from tutelage.domain.imports.inputs.mapping import ImportMapping, RowFilters
from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.queries import get_import, list_imports, list_rows
from tutelage.domain.imports.services.batches import NotStaged
from tutelage.domain.imports.services.forgetting import forget_cells
from tutelage.domain.imports.services.running import advance_import, start_import
from tutelage.domain.imports.services.staging import discard_import, map_import, stage_import
from tutelage.domain.imports.tests.builders import bring_in, fates, make_file, rows_of, run, stage
from tutelage.domain.people.models import User
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user


@pytest.mark.django_db
def test_only_administrators_import() -> None:
    admin, member = make_admin(), make_user()
    batch = stage(admin, make_file(*rows_of(make_pair(), 1)))
    given = ImportMapping.model_validate(batch.mapping)
    for deed in (
        lambda: stage_import(actor=member, file_name="a.csv", content=b"a,b\nc,d\n"),
        lambda: map_import(actor=member, batch_id=batch.uid, given=given),
        lambda: start_import(actor=member, batch_id=batch.uid),
        lambda: discard_import(actor=member, batch_id=batch.uid),
        lambda: list_imports(actor=member, asked=Paged()),
    ):
        with pytest.raises(NotPermitted):
            deed()
    with pytest.raises(NotFound):
        get_import(actor=member, batch_id=batch.uid)


@pytest.mark.django_db
def test_who_is_no_administrator_any_more_imports_nothing_more() -> None:
    admin = make_admin()
    batch = stage(admin, make_file(*rows_of(make_pair(), 1)))
    start_import(actor=admin, batch_id=batch.uid)
    User.objects.filter(pk=admin.pk).update(role="user")
    with pytest.raises(NotPermitted):
        advance_import(batch.uid)


@pytest.mark.django_db
def test_an_import_is_mapped_by_one_at_a_time_and_started_once() -> None:
    admin = make_admin()
    content = make_file(*rows_of(make_pair(), 1))
    unmapped = stage_import(actor=admin, file_name="a.csv", content=content)
    with pytest.raises(InvalidInput):
        start_import(actor=admin, batch_id=unmapped.uid)

    batch = stage(admin, content)
    given = ImportMapping.model_validate(batch.mapping)
    with pytest.raises(Stale):
        map_import(actor=admin, batch_id=batch.uid, given=given, seen_version=1)
    with pytest.raises(Stale):
        start_import(actor=admin, batch_id=batch.uid, seen_version=1)
    run(admin, batch)
    for deed in (
        lambda: map_import(actor=admin, batch_id=batch.uid, given=given),
        lambda: start_import(actor=admin, batch_id=batch.uid),
        lambda: discard_import(actor=admin, batch_id=batch.uid),
    ):
        with pytest.raises(NotStaged):
            deed()


@pytest.mark.django_db
def test_what_the_mapping_leaves_open_is_asked_for() -> None:
    admin, pair = make_admin(), make_pair()
    people = [pair.mentor.email, pair.mentee.email]
    dates = make_file([*people, "05/03/2024", "14:00", 60, "held", ""])
    with pytest.raises(InvalidInput) as refusal:
        stage(admin, dates)
    assert refusal.value.errors[0].field == "day_order"
    assert stage(admin, dates, day_order="day_first").refused_count == 0

    words = make_file([*people, "2024-03-05", "14:00", 60, "fand statt", ""])
    with pytest.raises(InvalidInput) as refusal:
        stage(admin, words)
    assert refusal.value.errors[0].field == "words"
    with pytest.raises(InvalidInput) as refusal:
        stage(admin, words, title=40)
    assert refusal.value.errors[0].field == "title"


@pytest.mark.django_db
def test_what_was_foretold_is_asked_anew_when_it_is_imported() -> None:
    admin = make_admin()
    pair = make_pair()
    rows = rows_of(pair, 2)
    rows[1][1] = "late@example.org"
    batch = stage(admin, make_file(*rows), make_pairs=True)
    assert fates(batch) == ["waiting", "refused"]
    make_user(email="late@example.org")
    assert fates(run(admin, batch)) == ["created", "created"]


@pytest.mark.django_db
def test_cells_are_forgotten_after_30_days_and_counts_are_not() -> None:
    admin = make_admin()
    rows = rows_of(make_pair(), 2)
    rows[1][1] = "nobody@example.org"
    batch = bring_in(admin, make_file(*rows))
    never_imported = stage(admin, make_file(*rows))
    assert forget_cells() == 0
    ImportBatch.objects.update(made_at=now() - timedelta(days=31))

    assert forget_cells() == 1
    batch.refresh_from_db()
    kept = ImportRow.objects.filter(batch=batch).values_list("fate", "cells", "errors")
    assert list(kept) == [("created", [], []), ("refused", [], [])]
    assert (batch.header, batch.mapping, batch.created_count) == ([], {}, 1)
    assert not ImportBatch.objects.filter(pk=never_imported.pk).exists()
    assert forget_cells() == 0


@pytest.mark.django_db
def test_rows_are_listed_in_order_and_in_one_query(django_assert_num_queries: Any) -> None:
    admin = make_admin()
    batch = bring_in(admin, make_file(*rows_of(make_pair(), 60)))
    with django_assert_num_queries(1):
        window = list_rows(batch, RowFilters())
    assert [shown.row.number for shown in window.rows] == list(range(2, 52))
    assert window.has_more
    last = list_rows(batch, RowFilters(after=window.last))
    assert (len(last.rows), last.has_more) == (10, False)


@pytest.mark.django_db
def test_without_the_policy_anybody_could_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the refusals above are the policy's, and would be missed."""
    monkeypatch.setattr(policies, "can_import", lambda _actor: ALLOW)
    stage_import(actor=make_user(), file_name="a.csv", content=b"a,b\nc,d\n")
    assert ImportBatch.objects.exists()
