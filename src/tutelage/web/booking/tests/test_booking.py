"""The pages on which mentors say when they can be booked, and mentees book."""

import html
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from tutelage.core.ids import uuid7
from tutelage.core.times import to_instant
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.models import AvailabilityOverride, AvailabilityRule, BookingPolicy
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_bookable, open_hours
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_pair, make_user

pytestmark = pytest.mark.django_db
HOURS = "/settings/availability"
MONDAY = datetime(2026, 6, 1, 9)  # noqa: DTZ001  # on the clocks of the zone


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-05-30T12:00:00Z", tick=False):
        yield


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def week(**typed: str) -> dict[str, str]:
    usual = {
        "zone": "Asia/Kathmandu", "slot_minutes": "60", "step_minutes": "30",
        "buffer_before_minutes": "0", "buffer_after_minutes": "15", "min_notice_hours": "12",
        "horizon_days": "60", "daily_limit": "", "cancellation_hours": "24",
        "audience": "invited", "note": "",
    }  # fmt: skip
    return {**usual, "day0_0_starts": "09:00", "day0_0_ends": "12:00", **typed}


def test_a_mentor_saves_a_week_and_finds_it_again_with_room_for_more() -> None:
    person = make_user()
    client = browser(person)

    saved = client.post(HOURS, week(day0_1_starts="14:00", day0_1_ends="00:00", outright="on"))

    assert (saved.status_code, saved["Location"]) == (302, HOURS)
    rules = AvailabilityRule.objects.filter(person=person).order_by("starts")
    assert [f"{rule.starts:%H:%M}-{rule.ends:%H:%M}" for rule in rules] == [
        "09:00-12:00",
        "14:00-00:00",
    ]
    assert BookingPolicy.objects.get(person=person).outright
    page = client.get(HOURS).content.decode()
    assert page.count('name="day0_') == 6
    assert page.count('name="day1_') == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day0_0_ends": "08:00"}, "day0_0_ends"),
        ({"day0_0_ends": ""}, "day0_0_ends"),
        ({"day6_3_starts": "25:99", "day6_3_ends": "10:00"}, "day6_3_starts"),
        ({"day0_1_starts": "11:00", "day0_1_ends": "13:00"}, "hours"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"daily_limit": "0"}, "daily_limit"),
        ({"daily_limit": "many"}, "daily_limit"),
        ({"horizon_days": "9" * 30}, "horizon_days"),
        ({"note": "a" * 100_000}, "note"),
    ],
)
def test_a_fault_stands_at_its_line_and_what_was_typed_is_kept(
    typed: dict[str, str], field: str
) -> None:
    reply = browser(make_user()).post(HOURS, week(**typed))

    page = reply.content.decode()
    assert reply.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    assert 'value="09:00"' in page
    assert not BookingPolicy.objects.exists()


def test_a_day_is_closed_opened_and_given_back() -> None:
    person = make_user()
    client, path = browser(person), f"{HOURS}/days"

    client.post(path, {"day": "2026-06-01", "how": "closed"})
    assert "Away" in client.get(HOURS).content.decode()
    own = {"day": "2026-06-01", "how": "own", "starts1": "10:00", "ends1": "11:00"}
    client.post(path, own)
    assert AvailabilityOverride.objects.get(person=person).starts is not None
    client.post(path, {"day": "2026-06-01", "how": "usual"})
    assert not AvailabilityOverride.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "2026-02-31"}, "day"),
        ({"day": "2026-05-01"}, "day"),
        ({"how": "perhaps"}, "how"),
        ({"how": "own"}, "starts1"),
        ({"how": "own", "starts1": "10:00", "ends1": "09:00"}, "ends1"),
    ],
)
def test_a_day_that_is_none_is_refused_at_its_field(typed: dict[str, str], field: str) -> None:
    given = {"day": "2026-06-01", "how": "closed", **typed}
    reply = browser(make_user()).post(f"{HOURS}/days", given)

    assert reply.status_code == 422
    assert f'href="#{field}"' in reply.content.decode()
    assert f'id="{field}"' in reply.content.decode()


def test_a_mentee_sees_a_day_in_both_zones_and_books_a_time() -> None:
    pair = make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata", zone="Pacific/Auckland"),
    )
    open_hours(pair.mentor, [(0, 9, 12)])
    taken = to_instant(MONDAY, "America/New_York")
    make_agreed(make_pair(mentor=pair.mentor), taken)
    client, path = browser(pair.mentee), f"/book/{pair.mentor.uid}"

    page = client.get(path, {"month": "2026-06", "day": "2026-06-02"}).content.decode()
    assert "<b>03:00</b><span>Mon 11:00</span>" in page.replace("\n", "")
    assert "Samuel is busy" in page
    assert 'value="2026-06-01T11:00"' in page

    wish = {
        "local_start": "2026-06-01T11:00",
        "host_clocks": "America/New_York",
        "note": "The guide",
    }
    asked = client.post(path, wish)
    session = Session.objects.get(program=pair.program)
    assert (asked.status_code, asked["Location"]) == (302, f"/sessions/{session.pk}")
    assert session.starts_at == taken + timedelta(hours=2)

    again = client.post(path, wish)
    assert again.status_code == 409
    assert "This time is not free" in again.content.decode()
    assert "The guide" in again.content.decode()


def test_a_time_asked_for_by_hand_is_told_why() -> None:
    pair = make_bookable([(0, 9, 12)])
    client, path = browser(pair.mentee), f"/book/{pair.mentor.uid}"
    asked = {"month": "2026-06", "day": "2026-06-01"}

    assert "Outside the hours" in client.get(path, {**asked, "ask": "15:00"}).content.decode()
    assert "It is free." in client.get(path, {**asked, "ask": "09:15"}).content.decode()
    wrong = client.get(path, {**asked, "ask": "nine"})
    assert "not a time of day" in wrong.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?month=2026-13&day=x&place=Mars/Base&local_start=never&ask=25:00",
        "?month=2000-01",
        "?month=2099-12",
        "?month=%00&day=%00&place=%00&ask=%00&local_start=%00",
    ],
)
def test_an_odd_address_shows_a_month_all_the_same(query: str) -> None:
    pair = make_bookable([(0, 9, 12)])

    assert browser(pair.mentee).get(f"/book/{pair.mentor.uid}{query}").status_code == 200


def test_a_month_with_nothing_left_gives_way_to_the_next_unless_it_was_asked_for() -> None:
    pair = make_bookable([(0, 9, 12)])
    nobody = make_bookable([])
    client, path = browser(pair.mentee), f"/book/{pair.mentor.uid}"

    assert "June 2026" in client.get(path).content.decode()
    assert "May 2026" in client.get(path, {"month": "2026-05"}).content.decode()
    never = browser(nobody.mentee).get(f"/book/{nobody.mentor.uid}")
    assert "May 2026" in never.content.decode()


def test_what_a_clock_change_does_to_the_month_is_said() -> None:
    pair = make_bookable([(0, 9, 12)], zone="Europe/Berlin", horizon_days=365)

    page = browser(pair.mentee).get(f"/book/{pair.mentor.uid}?month=2026-10").content.decode()

    assert "The clocks of Berlin go back on Sun 25 October." in page
    assert "From then on, Berlin is 1 h from UTC instead of 2 h." in page


def test_the_month_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    pair = make_bookable([(day, 8, 18) for day in range(7)], daily_limit=3)
    client = browser(pair.mentee)
    client.get(f"/book/{pair.mentor.uid}")

    with django_assert_max_num_queries(8):
        client.get(f"/book/{pair.mentor.uid}?month=2026-06")


def test_strangers_find_no_page_and_the_mentor_sees_what_mentees_see() -> None:
    pair = make_bookable([(0, 9, 12)])

    assert browser(make_user()).get(f"/book/{pair.mentor.uid}").status_code == 404
    own = browser(pair.mentor).get(f"/book/{pair.mentor.uid}").content.decode()
    assert "So your mentees see your free times" in own
    assert 'id="request"' not in own


def test_where_times_are_open_a_member_is_told_how_to_become_a_mentee() -> None:
    pair = make_bookable([(0, 9, 12)], audience="open")

    page = browser(make_user()).get(f"/book/{pair.mentor.uid}").content.decode()

    assert "/mentorships/propose" in page
    assert 'id="request"' not in page


def test_open_times_are_seen_without_a_login_and_a_choice_leads_to_it() -> None:
    pair = make_bookable([(0, 9, 12)], audience="open")
    path = f"/book/{pair.mentor.uid}"

    shown = Client().get(f"{path}?month=2026-06&day=2026-06-08")

    page = shown.content.decode()
    assert shown.status_code == 200
    assert shown["X-Robots-Tag"] == "noindex"
    found = re.search(r'<a class="slot"\s+rel="nofollow"\s+href="([^"]+)"', page)
    assert found
    login = urlsplit(html.unescape(found[1]))
    assert login.path == "/account/login/"
    [after] = parse_qs(login.query)["next"]
    assert after == f"{path}?local_start=2026-06-08T09%3A00"
    assert pair.mentee.name not in page
    assert pair.mentor.email not in page
    assert 'id="request"' not in page
    chosen = browser(pair.mentee).get(after).content.decode()
    assert re.search(r'type="radio"[^>]* checked', chosen)


def test_times_by_invitation_and_those_of_nobody_ask_for_a_login_alike() -> None:
    invited = make_bookable([(0, 9, 12)]).mentor.uid
    opened = make_bookable([(0, 9, 12)], audience="open").mentor.uid
    for person in (invited, uuid7()):
        reply = Client().get(f"/book/{person}")
        assert (reply.status_code, reply["Location"]) == (
            302,
            f"/account/login/?next=/book/{person}",
        )

    assert Client().post(f"/book/{opened}", {"local_start": "x"}).status_code == 302


def test_the_pair_links_to_the_page_once_the_mentor_has_hours() -> None:
    pair = make_pair()
    client, path = browser(pair.mentee), f"/mentorships/{pair.uid}"
    assert "/book/" not in client.get(path).content.decode()

    open_hours(pair.mentor, [(0, 9, 12)])

    assert f"/book/{pair.mentor.uid}" in client.get(path).content.decode()


def test_who_cancelled_lets_the_session_stand_again_by_a_press() -> None:
    pair = make_pair()
    session = make_agreed(pair)
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")
    path = f"/sessions/{session.pk}"
    assert "Let it stand again" not in browser(pair.mentor).get(path).content.decode()
    client = browser(pair.mentee)
    assert "Let it stand again" in client.get(path).content.decode()

    assert client.post(f"{path}/reinstate").status_code == 302

    assert Session.objects.get(pk=session.pk).status == "scheduled"
    assert "Stands again" in client.get(path).content.decode()
