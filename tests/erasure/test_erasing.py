"""Who is forgotten has no name, no words and no way in; what others wrote and counts stay."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session as Login
from django.db import connection
from django.test import Client
from tests.permissions.world import build_world

from tutelage.core.clock import now
from tutelage.domain.erasure.services.erasing import erase_person
from tutelage.domain.feedback.models import Rating
from tutelage.domain.journal.models import Entry
from tutelage.domain.logs.models import PrivateNote
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_person, find_token
from tutelage.domain.people.tests.builders import make_token
from tutelage.domain.programs.inputs import MoveMentorship
from tutelage.domain.programs.lifecycle import PairAction
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.services import move_mentorship
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_log, make_pair, make_session

INVENTORY = Path(__file__).parents[2] / "docs" / "personal-data.md"
GONE = re.compile(r"^\| `(\w+)\.(\w+)` \| (deleted|emptied|replaced) \|", re.MULTILINE)
SENTINEL = "sentinel-9d2f"
# The database, or a library, decides what may stand there.
NOT_FREE = {"uid", "email", "password", "prefix", "sha256"}
pytestmark = pytest.mark.django_db


def text_columns() -> list[tuple[str, str, str]]:
    """Of those that are emptied or replaced: table, column, and type."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        kinds = {(table, column): kind for table, column, kind in cursor.fetchall()}
    fates = GONE.findall(INVENTORY.read_text())
    return [
        (table, column, kinds[table, column])
        for table, column, fate in fates
        if fate != "deleted" and (table, column) in kinds and column not in NOT_FREE
    ]


def mark_everything() -> dict[str, int]:
    """Write the sentinel into each such column of all rows; says where there was no row."""
    marked = {}
    with connection.cursor() as cursor:
        for table, column, kind in text_columns():
            value = json.dumps([SENTINEL]) if kind == "jsonb" else SENTINEL
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', [value])  # noqa: S608
            marked[f"{table}.{column}"] = cursor.rowcount
    return marked


def left() -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table, column, _kind in text_columns():
            query = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s'  # noqa: S608
            cursor.execute(query, [f"%{SENTINEL}%"])
            found += [f"{table}.{column}"] * cursor.fetchone()[0]
    return found


def rows_left_to_delete() -> list[str]:
    with connection.cursor() as cursor:
        found = []
        for table, _column, fate in GONE.findall(INVENTORY.read_text()):
            if fate == "deleted":
                cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  # our own page
                found += [table] * cursor.fetchone()[0]
    return found


def pause(pair: Mentorship) -> None:
    given = MoveMentorship(action=PairAction.PAUSE, reason="A summer in the mountains")
    move_mentorship(actor=pair.mentor, mentorship_id=pair.program.uid, given=given)


def test_of_everybody_who_is_forgotten_no_word_is_left_that_is_to_go() -> None:
    build_world()
    pair = make_pair()
    cancel_session(actor=pair.mentor, session_id=make_session(pair).pk, reason="Snow")
    pause(pair)
    marked = mark_everything()
    assert {name for name, rows in marked.items() if rows == 0} == set(), "No row to see it by."
    assert len(marked) > 20
    assert set(left()) == marked.keys()
    assert len(rows_left_to_delete()) > 10

    for person in User.objects.order_by("pk"):
        erase_person(person.pk)

    assert left() == []
    assert rows_left_to_delete() == []


def test_who_is_forgotten_has_no_name_no_address_and_no_way_in() -> None:
    pair = make_pair()
    email, token = pair.mentee.email, make_token(pair.mentee)
    browser, of_another = Client(), Client()
    browser.force_login(pair.mentee)
    of_another.force_login(pair.mentor)

    erase_person(pair.mentee.pk)

    person = User.objects.get(pk=pair.mentee.pk)
    assert (person.name, person.is_active, person.has_usable_password()) == (
        "Former member",
        False,
        False,
    )
    assert find_person(email) is None
    assert find_token(token) is None
    assert browser.get("/").status_code == 302
    assert of_another.get("/").status_code == 200
    assert Login.objects.count() == 1
    assert Entry.objects.filter(type="person.erased", subject_id=person.uid).count() == 1
    erase_person(person.pk)
    assert Entry.objects.filter(type="person.erased", subject_id=person.uid).count() == 1


def test_what_was_planned_is_called_off_and_the_pair_ends() -> None:
    pair = make_pair()
    ahead = make_session(pair)
    held = make_session(pair, status=Status.COMPLETED)

    erase_person(pair.mentee.pk)

    assert Session.objects.get(pk=ahead.pk).status == Status.CANCELLED
    assert Session.objects.get(pk=held.pk).status == Status.COMPLETED
    assert Mentorship.objects.get(pk=pair.pk).status == "ended"
    assert Entry.objects.filter(type="session.cancelled", subject_id=ahead.pk).exists()


def test_the_other_side_keeps_pages_stars_and_private_notes() -> None:
    pair, other = make_pair(), make_pair()
    held = make_session(pair, status=Status.COMPLETED)
    make_log(held, "Met Ben's aunt")
    elsewhere = make_log(make_session(other, status=Status.COMPLETED), "Another matter")
    PrivateNote.objects.create(session=held, author=pair.mentor, text="For me alone")
    Rating.objects.create(
        session=held,
        author=pair.mentee,
        subject=pair.mentor,
        stars=4,
        comment="Said by Ben",
        unseals_at=now(),
    )
    browser = Client()
    browser.force_login(pair.mentor)

    erase_person(pair.mentee.pk)

    rating = Rating.objects.get()
    assert (rating.stars, rating.comment) == (4, "")
    assert PrivateNote.objects.get().text == "For me alone"
    elsewhere.refresh_from_db()
    assert elsewhere.outcomes == "Another matter"
    for path in ("/", "/jam/sessions", f"/mentorships/{pair.program.uid}", f"/sessions/{held.pk}"):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "aunt" not in page.content.decode()
