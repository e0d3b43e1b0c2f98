"""Narrowing the history: everything stands in the address, and nothing typed is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.tests.builders import make_pair, make_user
from tutelage.web.forms import Form
from tutelage.web.history.marks import marked
from tutelage.web.history.parts import _periods, _ratings, _statuses, bar_of
from tutelage.web.history.tests.test_history import ADDRESS, HTMX, make_held, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(client: Client) -> Mentorship:
    mentor = make_user(name="Dr. Samuel Oyelaran")
    made = make_pair(mentor=mentor, mentee=make_user(zone="Pacific/Auckland"))
    client.force_login(made.mentee)
    return made


def test_hits_are_marked_and_everything_else_is_escaped() -> None:
    text = "<b>Interview</b> & interviews"

    assert marked(text, ["interview"]) == (
        "&lt;b&gt;<mark>Interview</mark>&lt;/b&gt; &amp; <mark>interview</mark>s"
    )
    assert marked("<i>Café", ["caf", "i"]) == "&lt;<mark>i</mark>&gt;<mark>Caf</mark>é"
    assert marked(text) == "&lt;b&gt;Interview&lt;/b&gt; &amp; interviews"
    assert marked("one\ntwo", ["two"]) == "one<br><mark>two</mark>"


def test_of_a_long_text_the_part_with_the_hit_is_shown() -> None:
    text = "before " * 500 + "needle" + " after" * 500

    shown = marked(text, ["needle"])

    assert "<mark>needle</mark>" in shown
    assert len(shown) < 700
    assert (shown[0], shown[-1]) == ("…", "…")
    assert marked(text).startswith("before")


def test_what_an_address_makes_up_is_not_kept() -> None:
    bar_of(Form.of(status="completed", period="month", min_rating="5"), [])
    kept = [drawn.cache_info().currsize for drawn in (_statuses, _periods, _ratings)]

    for made_up in ("one", "another", "a third"):
        bar = bar_of(Form.of(status=made_up, period=made_up, min_rating=made_up), [])
        assert "selected" not in bar.statuses + bar.periods + bar.ratings

    now_kept = [drawn.cache_info().currsize for drawn in (_statuses, _periods, _ratings)]
    assert all(more <= few + 1 for few, more in zip(kept, now_kept, strict=True))


def test_words_in_the_outcomes_narrow_the_list(client: Client, pair: Mentorship) -> None:
    make_held(pair, "The interview fits in 40 minutes")
    make_held(pair, "Something else", starts_at=now() - timedelta(days=9))

    page = read(client, "?q=INTERVIEW")

    assert "The <mark>interview</mark> fits" in page
    assert "Something else" not in page
    assert "1 session<" in page


def test_dates_are_the_days_of_the_reader_both_inclusive(client: Client, pair: Mentorship) -> None:
    make_held(pair, "On the nineteenth", starts_at=datetime(2026, 3, 18, 12, tzinfo=UTC))

    assert "On the nineteenth" in read(client, "?from=2026-03-19&to=2026-03-19")
    assert "On the nineteenth" not in read(client, "?from=2026-03-20")
    assert "On the nineteenth" not in read(client, "?to=2026-03-18")


def test_a_pair_narrows_the_list(client: Client, pair: Mentorship) -> None:
    other = make_pair(mentee=pair.mentee)
    make_held(pair, "With the first one")
    make_held(other, "With the second one")

    page = read(client, f"?mentorship={pair.uid}")

    assert "With the first one" in page
    assert "With the second one" not in page


def test_a_chip_takes_its_own_filter_away_and_begins_again_at_the_first_page(
    client: Client, pair: Mentorship
) -> None:
    page = read(client, "?q=interview&status=completed&page=2")

    assert 'href="?status=completed"' in page
    assert 'href="?q=interview"' in page
    assert "Clear all" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("from=yesterday", "from"),
        ("status=lost", "status"),
        ("page=zero", "page"),
        ("cursor=guess", "cursor"),
        ("mentorship=7", "mentorship"),
        ("colour=red", "colour"),
        ("q=%00", "q"),
    ],
)
def test_a_bad_value_is_named_and_the_rest_is_kept(
    client: Client, pair: Mentorship, query: str, names: str
) -> None:
    make_held(pair)

    reply = client.get(f"{ADDRESS}?{query}&to=2026-03-19")

    assert reply.status_code == 422
    page = reply.content.decode()
    assert "Some values are not valid." in page
    assert f"<strong>{names}</strong>" in page
    assert 'value="2026-03-19"' in page


def test_the_partial_is_the_part_of_the_page_that_a_filter_changes(
    client: Client, pair: Mentorship
) -> None:
    make_held(pair, "Eight questions")

    whole = read(client, "?q=eight")
    reply = client.get(f"{ADDRESS}?q=eight&status=&from=", headers=HTMX)
    part = reply.content.decode()

    assert reply["HX-Push-Url"] == f"{ADDRESS}?q=eight"
    assert "<html" not in part
    assert part.split("<span id=")[0].strip() in whole


def test_pages_lead_older_by_cursor_and_newer_by_number(client: Client, pair: Mentorship) -> None:
    for number in range(5):
        make_held(pair, f"Number {number}", starts_at=now() - timedelta(days=number + 1))

    first = read(client, "?limit=2")
    assert "Number 1" in first
    assert "Number 2" not in first
    cursor = first.split("cursor=")[1].split('"')[0].replace("%3D", "=")
    second = read(client, f"?limit=2&cursor={cursor}")
    assert "Number 2" in second
    assert "Page 2" in second
    assert "page=1" in second
    third = read(client, "?limit=2&page=3")
    assert "Number 4" in third
    assert "page=2" in third


def test_nothing_found_says_what_was_sought_and_how_to_go_on(
    client: Client, pair: Mentorship
) -> None:
    make_held(pair)

    page = read(client, "?q=intervieuw")

    assert "No log says “intervieuw”" in page
    assert "Clear all filters" in page


def test_log_session_leads_straight_to_the_only_pair(client: Client, pair: Mentorship) -> None:
    assert f"/mentorships/{pair.uid}/log" in read(client)

    make_pair(mentee=pair.mentee)
    page = read(client)
    assert f"/mentorships/{pair.uid}/log" not in page
    assert 'href="/log"' in page
