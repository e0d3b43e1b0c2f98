"""The rating of a session: sealed, changeable until opened, and only by its two sides."""

import pytest
from django.test import Client

from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.models import Rating
from tutelage.domain.feedback.services import rate_session
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(mentor=make_user(name="Dr. Samuel Oyelaran"))
    client.force_login(made.mentee)
    return made


@pytest.fixture
def held(pair: Mentorship) -> Session:
    return make_session(pair, status="completed")


def address(session: Session) -> str:
    return f"/sessions/{session.pk}/rate"


def test_stars_and_a_comment_are_kept(client: Client, held: Session) -> None:
    client.post(address(held), {"stars": "4", "comment": "Clear and kind"})

    rating = Rating.objects.get()
    assert (rating.stars, rating.comment, rating.opened_at) == (4, "Clear and kind", None)


def test_it_says_how_long_the_seal_holds_and_shows_what_was_given(
    client: Client, held: Session
) -> None:
    before = client.get(address(held)).content.decode()
    assert "Sealed until Dr. Samuel Oyelaran has rated too, or for 7 days" in before
    assert " checked" not in before

    client.post(address(held), {"stars": "4"})
    after = client.get(address(held)).content.decode()
    assert "Sealed until Dr. Samuel Oyelaran has rated too, or until " in after
    assert 'value="4" checked' in after


def test_until_the_seal_opens_it_can_be_changed(client: Client, held: Session) -> None:
    client.post(address(held), {"stars": "4"})
    client.post(address(held), {"stars": "2"})

    assert Rating.objects.get().stars == 2


def test_once_open_it_stands_and_the_others_can_be_read(
    client: Client, held: Session, pair: Mentorship
) -> None:
    client.post(address(held), {"stars": "4"})
    rate_session(
        actor=pair.mentor, session_id=held.pk, given=GiveRating(stars=5, comment="Well prepared")
    )

    page = client.get(address(held)).content.decode()
    assert "Well prepared" in page
    assert 'name="stars"' not in page

    assert client.post(address(held), {"stars": "1"}).status_code == 409
    assert Rating.objects.get(author=pair.mentee).stars == 4


def test_no_stars_is_a_fault_of_the_field_and_the_comment_stays(
    client: Client, held: Session
) -> None:
    reply = client.post(address(held), {"comment": "Clear and kind"})

    assert reply.status_code == 422
    assert "Clear and kind" in reply.content.decode()
    assert 'href="#stars"' in reply.content.decode()


@pytest.mark.parametrize("stars", ["0", "6", "4.5", "five"])
def test_only_one_to_five_stars_are_taken(client: Client, held: Session, stars: str) -> None:
    assert client.post(address(held), {"stars": stars}).status_code == 422
    assert not Rating.objects.exists()


def test_strangers_do_not_learn_that_there_is_a_session(client: Client, held: Session) -> None:
    client.force_login(make_user())
    assert client.get(address(held)).status_code == 404


def test_an_administrator_who_was_not_there_rates_nothing(client: Client, held: Session) -> None:
    client.force_login(make_admin())
    assert client.post(address(held), {"stars": "5"}).status_code == 403
    assert not Rating.objects.exists()


def test_a_session_not_held_cannot_be_rated(client: Client, pair: Mentorship) -> None:
    assert client.post(address(make_session(pair)), {"stars": "5"}).status_code == 403
