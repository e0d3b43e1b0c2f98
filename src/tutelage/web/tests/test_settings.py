"""The pages about oneself, the theme, and what surrounds every page."""

import re

import pytest
from django.test import Client

from tutelage.domain.people.inputs import AddPerson
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_token
from tutelage.domain.people.services import add_person

pytestmark = pytest.mark.django_db


def make_person(role: Role = Role.USER, email: str = "aroha@example.org") -> User:
    given = AddPerson(name="Aroha", email=email, role=role)
    return add_person(actor=None, given=given, zone="Pacific/Auckland")


def test_the_profile_is_changed_and_said_so(client: Client) -> None:
    person = make_person()
    client.force_login(person)

    given = {"name": "Āroha N.", "zone": "Europe/Oslo", "locale": "en"}
    page = client.post("/settings", given, follow=True)

    person.refresh_from_db()
    assert (person.name, person.zone) == ("Āroha N.", "Europe/Oslo")
    assert b"Profile saved" in page.content


def test_a_wrong_zone_is_refused_and_the_name_kept(client: Client) -> None:
    client.force_login(make_person())

    page = client.post("/settings", {"name": "Other", "zone": "Moon/Tycho", "locale": "en"})

    assert page.status_code == 422
    assert b'value="Other"' in page.content
    assert b"This is not a time zone that exists." in page.content
    assert b'href="#zone"' in page.content


def test_a_token_is_shown_once_and_works_until_it_is_revoked(client: Client) -> None:
    client.force_login(make_person())

    made = client.post("/settings/tokens", {"name": "laptop", "scope": "read", "days": "30"})
    token = re.search(r"tut_[\w-]{40,}", made.content.decode())
    assert token
    assert token[0] not in client.get("/settings/tokens").content.decode()
    row = find_token(token[0])
    assert row
    assert row.scopes == ["read"]

    client.post(f"/settings/tokens/{row.uid}/revoke")
    assert find_token(token[0]) is None


def test_nobody_revokes_the_token_of_another(client: Client) -> None:
    client.force_login(make_person())
    made = client.post("/settings/tokens", {"name": "laptop", "scope": "read"}).content.decode()
    token = re.search(r"tut_[\w-]{40,}", made)
    assert token
    row = find_token(token[0])
    assert row

    stranger = Client()
    stranger.force_login(make_person(email="other@example.org"))
    assert stranger.post(f"/settings/tokens/{row.uid}/revoke").status_code == 404
    assert find_token(token[0])


def test_the_theme_is_kept_in_the_browser_and_leads_back(client: Client) -> None:
    client.force_login(make_person())

    reply = client.post("/settings/theme", {"theme": "dark", "next": "/settings/security"})
    assert reply["Location"] == "/settings/security"
    assert b'data-theme="dark"' in client.get("/settings").content

    elsewhere = client.post("/settings/theme", {"theme": "", "next": "https://evil.example/"})
    assert elsewhere["Location"] == "/settings"
    assert b"data-theme" not in client.get("/settings").content


def test_only_an_administrator_sees_the_page_of_components(client: Client) -> None:
    client.force_login(make_person())
    refused = client.get("/design")
    assert (refused.status_code, b"Only an administrator" in refused.content) == (403, True)
    assert b"Administration" not in refused.content

    client.force_login(make_person(Role.ADMIN, "admin@example.org"))
    page = client.get("/design")
    assert page.status_code == 200
    assert b'aria-current="page"' in page.content


def test_an_error_is_a_page_or_for_a_part_of_a_page_a_notice(client: Client) -> None:
    client.force_login(make_person())
    path = "/settings/tokens/00000000-0000-7000-8000-000000000000/revoke"

    page = client.post(path).content
    part = client.post(path, headers={"HX-Request": "true"}).content

    assert b"<title>" in page
    assert b"There is no such token." in page
    assert b"<title>" not in part
    assert b'role="alert"' in part


def test_a_part_of_a_page_for_nobody_leads_the_whole_page_to_the_login(client: Client) -> None:
    assert (
        client.get("/settings", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/login/"
    )
    assert client.get("/settings")["Location"] == "/account/login/?next=/settings"


def test_a_form_without_its_token_is_refused_in_words(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/account/login/", {"login": "a@example.org", "password": "x"})

    assert page.status_code == 403
    assert b"cookies" in page.content
