"""The line that each request leaves."""

import json
from collections.abc import Iterator

import pytest

from tutelage.config.tests.serving import Served, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[Served]:
    with serving("tutelage.config.asgi:application") as served:
        yield served


def lines(logged: str) -> list[dict[str, object]]:
    everything = [json.loads(line) for line in logged.splitlines()]
    return [line for line in everything if line["logger"] == "tutelage.access"]


def test_a_request_leaves_one_line_with_the_id_that_was_answered(web: Served) -> None:
    reply = web.client.get("/no/such/page")
    told = reply.headers["x-request-id"]
    [line] = [line for line in lines(web.logged_of(reply)) if line["request_id"] == told]

    assert (line["method"], line["path"]) == ("GET", "/no/such/page")
    assert isinstance(line["status"], int)
    assert isinstance(line["ms"], float)


def test_no_secret_of_a_request_is_in_the_log(web: Served) -> None:
    bearer, cookie = {"Authorization": "Bearer s3cr3t"}, {"Cookie": "login=s3cr3t"}
    logged = web.logged_of(
        web.client.get("/j/s3cr3t?code=s3cr3t"),
        web.client.get("/no/such/page?token=s3cr3t", headers=bearer),
        web.client.get("/events?key=s3cr3t", headers=cookie),
        web.client.post("/no/such/page", data={"password": "s3cr3t"}),
    )

    assert len([line for line in lines(logged) if line["path"] == "/j/…"]) == 1
    assert "s3cr3t" not in logged


def test_a_path_cannot_begin_a_line_of_its_own(web: Served) -> None:
    before = len(web.logged().splitlines())
    reply = web.client.get("/a%0D%0A%7B%22event%22:%22forged%22%7D%E2%80%A8forged")

    new = web.logged_of(reply).splitlines()[before:]
    assert new
    for line in new:
        assert json.loads(line)["event"] != "forged"


def test_what_django_logs_carries_the_id_of_its_request(web: Served) -> None:
    told = web.client.get("/api/no-such-thing").headers["x-request-id"]
    everything = [json.loads(line) for line in web.logged().splitlines()]
    of_django = [line for line in everything if line["logger"] == "django.request"]

    assert told in {line.get("request_id") for line in of_django}


def test_asking_for_health_leaves_no_line(web: Served) -> None:
    web.client.get("/healthz")
    web.client.get("/readyz")

    assert not {"/healthz", "/readyz"} & {line["path"] for line in lines(web.logged())}
