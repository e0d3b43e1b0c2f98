"""What a body names has to be one's own, and what is not for sending is refused, field by field."""

from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import ConfigDict
from tests.permissions import sending
from tests.permissions.callers import make_callers
from tests.permissions.sending import Sent
from tests.permissions.table import Row, rows
from tests.permissions.walking import Walk
from tests.permissions.world import World

from tutelage.api import sessions as api_sessions
from tutelage.domain.people.inputs import ChangeProfile
from tutelage.domain.people.models import User
from tutelage.domain.people.services import change_profile
from tutelage.domain.programs import services as pairs
from tutelage.domain.sessions.inputs import RenameSession

BODIES = {str(sent): sent for sent in sending.bodies()}
PAGES = [row for row in rows() if row.method == "POST" and not row.is_api]


def test_each_body_is_sent_by_a_row_of_the_table() -> None:
    assert [str(sent) for sent in BODIES.values() if not sent.lines()] == []


def test_of_each_field_that_names_something_it_is_said_what_it_may_name() -> None:
    naming = {field for sent in BODIES.values() for field in sending.naming(sent)}
    said = sending.document()["names"].keys()

    assert naming - said == set(), "These have no line in bodies.yaml."
    assert said - naming == set(), "These are in bodies.yaml, and nowhere else."


def wrong_names(world: World, fields: dict[str, dict[str, int]]) -> dict[str, list[str]]:
    callers, found = make_callers(world), {}
    for field, values in fields.items():
        operation, _, path = field.rpartition(" ")
        for name in sending.doers(BODIES[operation].row()):
            walk = Walk(world, callers[name])
            wrong = list(sending.swapped(walk, BODIES[operation], path, values))
            if wrong:
                found[f"{field} as {name}"] = wrong
    return found


def test_what_is_of_others_cannot_be_named(world: World) -> None:
    said = sending.document()["names"].items()
    swapped = {field: values for field, values in said if isinstance(values, dict)}

    assert wrong_names(world, swapped) == {}


def taken(world: World, bodies: Iterator[Sent]) -> dict[str, list[str]]:
    callers, found = make_callers(world), {}
    for sent in bodies:
        [name, *_] = sending.doers(sent.row()) or ["mentor"]
        if wrong := list(sending.along(Walk(world, callers[name]), sent)):
            found[f"{sent} as {name}"] = wrong
    return found


def test_every_field_that_is_not_for_sending_is_refused_by_name(world: World) -> None:
    assert len(sending.not_for_sending()) > 100
    assert taken(world, iter(BODIES.values())) == {}


def kept(world: World, asked: list[Row]) -> dict[str, str]:
    callers, found = make_callers(world), {}
    for row in asked:
        for name in sending.doers(row)[:1]:
            if wrong := sending.stored(Walk(world, callers[name]), row):
                found[f"{row} as {name}"] = wrong
    return found


def test_every_form_refuses_what_is_not_its_own_or_stores_nothing_of_it(world: World) -> None:
    assert kept(world, PAGES) == {}


# The mistakes, made on purpose.


def test_an_id_that_is_not_looked_up_among_ones_own_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = User.objects.all()
    monkeypatch.setattr(pairs, "find_person", lambda email: everybody.filter(email=email).first())
    field = "POST /api/mentorships/proposals email"

    found = wrong_names(world, {field: {"disabled_email": 422}})

    assert found.keys() >= {f"{field} as mentor", f"{field} as mentee"}
    assert "wrote ['journal_entry', 'mentorship'" in found[f"{field} as mentor"][0]


def test_a_field_that_is_taken_and_stored_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Open(ChangeProfile):
        model_config = ConfigDict(extra="allow")

    def store(*, actor: User, given: Open) -> User:
        known = ChangeProfile(**given.model_dump(include=set(ChangeProfile.model_fields)))
        changed = change_profile(actor=actor, given=known)
        User.objects.filter(pk=changed.pk).update(role=(given.model_extra or {})["role"])
        return changed

    monkeypatch.setattr("tutelage.web.settings.views.ChangeProfile", Open)
    monkeypatch.setattr("tutelage.web.settings.views.services.change_profile", store)
    [row] = [row for row in PAGES if row.route == "POST /settings"]

    assert kept(world, [row])["POST /settings as member"].startswith("stored: {'mighty': 2}")


@pytest.fixture
def open_titles() -> Iterator[None]:
    """The body of one operation takes whatever comes."""
    models = [RenameSession, *api_sessions.patch_session._ninja_operation.models]  # type: ignore[attr-defined]  # as the API's rules find it

    def rebuild(extra: Literal["ignore", "forbid"]) -> None:
        RenameSession.model_config["extra"] = extra
        for model in models:
            model.model_rebuild(force=True)

    rebuild("ignore")
    yield
    rebuild("forbid")


@pytest.mark.usefixtures("open_titles")
def test_an_operation_that_overlooks_fields_is_reported(world: World) -> None:
    [sent] = [sent for sent in BODIES.values() if sent.route == "PATCH /api/sessions/{session_id}"]

    [[found]] = taken(world, iter([sent])).values()

    assert found.startswith("body: 200, took [")
    assert "wrote ['journal_entry', 'session'" in found
