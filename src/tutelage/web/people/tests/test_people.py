"""The pages of people, for administrators."""

import re
from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tutelage.domain.people.models import User
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

pytestmark = pytest.mark.django_db


class BrokenMail(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, _messages: Any) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture
def admin(client: Client) -> User:
    made = make_admin(name="Åsa Ó Súilleabháin")
    client.force_login(made)
    return made


def add(client: Client, **sent: str) -> Any:
    return client.post("/people/new", {"name": "Zoë Nuñez", "email": "zoe@example.org", **sent})


@pytest.mark.parametrize("path", ["/people", "/people/new"])
def test_only_administrators_see_people(client: Client, path: str) -> None:
    client.force_login(make_user())

    assert client.get(path).status_code == 403


def test_nobody_else_sees_one_person_or_sends_links(client: Client) -> None:
    person = make_user()
    client.force_login(make_user())

    assert client.get(f"/people/{person.uid}").status_code == 403
    assert client.post(f"/people/{person.uid}/invite").status_code == 403
    assert mail.outbox == []


def test_people_are_found_without_accents_and_capitals(client: Client, admin: User) -> None:
    make_user(name="Zoë Nuñez")
    make_user(name="Hinemoa Tamahori")

    shown = client.get("/people?q=NUNEZ").content.decode()

    assert "Zoë Nuñez" in shown
    assert "Hinemoa" not in shown
    assert "Nobody matches “qqq”" in client.get("/people?q=qqq").content.decode()


def test_the_version_of_the_zone_data_stands_there(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tzdata.IANA_VERSION", "2019c")

    assert b"Rules of the time zones: IANA 2019c" in client.get("/people").content
    User.objects.filter(pk=admin.pk).update(locale="es")
    assert b"Reglas de las zonas horarias: IANA 2019c" in client.get("/people").content


def test_while_typing_only_the_list_is_sent(client: Client, admin: User) -> None:
    shown = client.get("/people?q=a", headers={"HX-Request": "true"}).content.decode()

    assert "<table" in shown
    assert "<html" not in shown


@pytest.mark.parametrize("count", [1, 40])
def test_a_list_costs_the_same_whatever_its_length(
    client: Client,
    admin: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _ in range(count):
        make_user()

    with django_assert_max_num_queries(8):
        client.get("/people?limit=50")


def test_who_is_added_gets_a_link_that_sets_a_password(client: Client, admin: User) -> None:
    add(client)

    person = User.objects.get(email="zoe@example.org")
    [sent] = mail.outbox
    assert sent.to == ["zoe@example.org"]
    assert "Åsa Ó Súilleabháin made an account for you" in sent.body
    [path] = re.findall(r"https?://[^/]+(/account/password/reset/key/\S+)", str(sent.body))
    visitor = Client()
    form = visitor.get(path, follow=True)
    assert "Set a new password" in form.content.decode()
    password = "a long quiet river"
    visitor.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    person.refresh_from_db()
    assert person.check_password(password)


def test_the_address_of_the_link_is_ours_whatever_the_request_says(
    client: Client, admin: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    client.post(
        "/people/new",
        {"name": "Zoë", "email": "zoe@example.org"},
        headers={"host": "evil.example.org"},
    )

    assert "evil" not in mail.outbox[0].body
    assert settings.BASE_URL in mail.outbox[0].body


def test_without_a_mail_server_the_account_stays_and_one_is_told(
    client: Client, admin: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"

    answer = client.get(add(client).headers["Location"])

    assert "could not be sent" in answer.content.decode()
    assert "Send the link again" in answer.content.decode()
    assert User.objects.filter(email="zoe@example.org").exists()


def test_the_link_is_not_sent_to_who_has_a_password(client: Client, admin: User) -> None:
    person = make_user()
    client.post(f"/people/{person.uid}/invite")
    assert len(mail.outbox) == 1
    person.set_password("a long quiet river")
    person.save()

    client.post(f"/people/{person.uid}/invite")

    assert len(mail.outbox) == 1


def test_the_same_address_is_refused_at_its_field(client: Client, admin: User) -> None:
    make_user(email="zoe@example.org")

    answer = add(client, email="ZOE@example.org")

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="email-error"' in shown
    assert 'value="Zoë Nuñez"' in shown
    assert mail.outbox == []


def test_an_administrator_makes_nobody_mightier(client: Client, admin: User) -> None:
    assert "Super-administrator" not in client.get("/people/new").content.decode()

    assert add(client, role="superadmin").status_code == 403
    assert not User.objects.filter(email="zoe@example.org").exists()


def test_a_person_is_shown_with_their_pairs(client: Client, admin: User) -> None:
    pair = make_pair(mentor=make_user(name="Samuel Oyelaran"))

    shown = client.get(f"/people/{pair.mentee.uid}").content.decode()

    assert f"/mentorships/{pair.uid}" in shown
    assert "Samuel Oyelaran" in shown
    assert client.get(f"/people/{uuid4()}").status_code == 404
