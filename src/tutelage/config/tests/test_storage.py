"""That the database has no room is kept in mind until it takes something again."""

from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from pytest_django import Settings

from tutelage.config import storage

_NO_ROOM = "DO $$ BEGIN RAISE SQLSTATE '53100' USING MESSAGE = 'could not extend file'; END $$"
pytestmark = pytest.mark.django_db


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Whatever would be written is refused for want of room."""
    monkeypatch.setattr(storage, "_TRY", _NO_ROOM)
    return monkeypatch


def refuse() -> OperationalError:
    with (
        pytest.raises(OperationalError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(_NO_ROOM)
    return refused.value


def test_a_refusal_for_want_of_room_is_kept_in_mind_until_there_is_room(
    full: pytest.MonkeyPatch,
) -> None:
    assert storage.has_room(), "Nothing was refused yet: the database is not asked."

    storage.remember(refuse())
    assert not storage.has_room()
    assert not storage.has_room()

    full.undo()
    assert storage.has_room()
    assert not storage._was_refused.is_set()


def test_another_trouble_says_nothing_of_room(full: pytest.MonkeyPatch) -> None:
    storage.remember(OperationalError("the connection is lost"))

    assert storage.has_room()


def test_too_little_room_on_our_own_disk_is_seen_before_anything_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    assert storage.has_room()
    monkeypatch.setattr(storage, "LEAST_FREE_BYTES", 1 << 60)

    assert not storage.has_room()
