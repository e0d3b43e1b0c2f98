"""Other sites read nothing here, change nothing here, and are led to by no address of ours."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tutelage.config.tests.listening import logged_in
from tutelage.config.tests.serving import Served
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_user

OURS = "http://testserver"
HOSTILE = (
    "https://evil.example",
    "http://evil.example",
    "https://evil.example:443",
    "https://tutelage.example.org.evil.example",
    "https://eviltutelage.example.org",
    "https://sub.tutelage.example.org",
    "http://tutelage.example.org",
    "https://tutelage.example.org:8443",
    "https://tutelage.example.org@evil.example",
    "https://tutelage.example.org%60.evil.example",
    "https://tutelage.example.org_.evil.example",
    "https://localhost",
    "http://localhost:3000",
    "https://127.0.0.1",
    "https://[::1]",
    "null",
    "file://",
    "data:",
    "chrome-extension://abcdefghijklmnop",
    "https://xn--tutelge-1ya.example.org",
)
READ = (
    "/",
    "/api/me",
    "/api/openapi.json",
    "/account/login/",
    "/static/mark.svg",
    "/healthz",
    "/events",
)
ELSEWHERE = (
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\n/evil.example",
    "\x01//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:\\\\evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "https://testserver@evil.example",
    "https://testserver:pass@evil.example",
    "https://testserver.evil.example",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "//evil.example/%2f..",
    "//evil%E3%80%82example",
    "//[::ffff:203.0.113.7]",
    "//3405803783",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//testserver",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://evil.example",
)  # fmt: skip


def test_the_lists_are_as_long_as_they_say() -> None:
    assert len(set(HOSTILE)) == 20
    assert len(set(ELSEWHERE)) >= 30


@pytest.mark.django_db(transaction=True)
def test_no_other_site_is_let_read(web: Served) -> None:
    login = logged_in(make_user())
    found = set()
    for origin in HOSTILE:
        sent = {"Origin": origin, "Cookie": f"__Host-login={login}"}
        asks = {**sent, "Access-Control-Request-Method": "PUT"}
        for address in READ:
            for method, headers in (("GET", sent), ("OPTIONS", asks)):
                if (method, address) == ("GET", "/events"):
                    continue  # a stream; its headers are looked at where all headers are
                answer = web.client.request(method, address, headers=headers)
                allowed = [name for name in answer.headers if name.startswith("access-control")]
                found |= {(origin, method, address)} if allowed else set()

    assert found == set()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/me", "/settings"])
def test_no_other_site_changes_anything_even_with_the_token_against_forgery(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    client.get("/settings")
    token = {"X-CSRFToken": client.cookies["csrf"].value}

    def status(origin: str) -> int:
        given = {"name": "Sam", "zone": "UTC", "locale": "en"}
        headers = {**token, "Origin": origin}
        if address.startswith("/api"):
            return client.put(
                address, given, content_type="application/json", headers=headers
            ).status_code
        return client.post(address, given, headers=headers).status_code

    assert {origin: status(origin) for origin in HOSTILE} == dict.fromkeys(HOSTILE, 403)
    assert status(OURS) in {200, 302}, "The control: from here it is done."


def leads_to(address: str) -> str:
    """Where a browser goes from here. It overlooks what is in the way, and turns slashes round."""
    seen = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33))))).replace("\\", "/")
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", seen)
    if scheme and scheme[1].lower() in {"http", "https"}:
        return urlsplit("http://" + seen[scheme.end() :].lstrip("/")).netloc.lower()
    if scheme:
        return scheme[0]
    if re.match("//+", seen):
        return urlsplit("//" + seen.lstrip("/")).netloc.lower()
    return urlsplit(urljoin(f"{OURS}/account/", seen)).netloc


def test_a_browser_would_be_led_away_by_each_of_them() -> None:
    assert [each for each in ELSEWHERE if leads_to(each) == "testserver"] == []
    assert {leads_to("/people"), leads_to("?next=//evil.example")} == {"testserver"}


@pytest.fixture
def person(db: None) -> User:
    person = make_user()
    person.set_password("Sufficiently-long-1")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def redirects(person: User, to: str) -> Iterator[tuple[str, str]]:
    """Every way in which an address of ours takes along where to go on."""
    client, query = Client(), {"next": to}
    given = {"login": person.email, "password": "Sufficiently-long-1"}
    yield "login", client.post("/account/login/", {**given, **query})["Location"]
    yield "logged in", client.get("/account/login/", query)["Location"]
    yield "signed up", client.get("/account/signup/", query)["Location"]
    yield "theme", client.post("/settings/theme", {"theme": "dark", **query})["Location"]
    yield "logout", client.post("/account/logout/", query)["Location"]
    anonymous = Client().post("/account/login/?" + "next=" + to, given)
    yield "login by the address", anonymous["Location"]


def led_away(person: User, values: tuple[str, ...]) -> set[str]:
    return {
        f"{way}: {value!r}"
        for value in values
        for way, location in redirects(person, value)
        if leads_to(location) != "testserver"
    }


def test_no_address_of_ours_leads_elsewhere(person: User) -> None:
    assert led_away(person, ELSEWHERE) == set()


def test_a_redirect_that_follows_anything_is_reported(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tutelage.web.settings.views.url_has_allowed_host_and_scheme", lambda *_a, **_k: True
    )

    assert led_away(person, ("//evil.example",)) == {"theme: '//evil.example'"}
