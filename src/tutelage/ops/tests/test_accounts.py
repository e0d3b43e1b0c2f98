import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from tutelage.core.errors import NotFound
from tutelage.domain.people.queries import count_people, find_person, find_token
from tutelage.ops import accounts, demo_data, prepare

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def save(email: str = "ada@example.org", **given: str) -> str:
    defaults = {"name": "", "role": "", "zone": "", "password": ""}
    return accounts.save(email, **{**defaults, **given})


def test_a_person_is_made_who_can_log_in_at_once() -> None:
    said = save(name="Ada", role="admin", zone="Europe/Berlin", password=PASSWORD)

    person = find_person("ada@example.org")
    assert said == "Made Ada <ada@example.org>, admin."
    assert person is not None
    assert (person.role, person.zone) == ("admin", "Europe/Berlin")
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified


def test_what_is_not_given_stays_as_it_was() -> None:
    save(name="Ada", zone="Europe/Berlin")

    assert save(role="superadmin") == "Changed Ada <ada@example.org>, superadmin."

    person = find_person("ada@example.org")
    assert person is not None
    assert (person.name, person.zone) == ("Ada", "Europe/Berlin")


def test_a_weak_password_is_refused_and_nobody_is_made() -> None:
    with pytest.raises(ValidationError):
        save(name="Ada", password="1234")

    assert find_person("ada@example.org") is None


def test_a_token_speaks_for_its_person_within_its_scope() -> None:
    save(name="Ada")

    text = accounts.token("ada@example.org", scope="write", days=7, name="script")

    found = find_token(text)
    assert found is not None
    assert (found.user.email, found.scopes) == ("ada@example.org", ["write"])
    assert found.expires_at is not None


def test_there_is_no_token_for_nobody() -> None:
    with pytest.raises(NotFound, match=r"nobody@example\.org"):
        accounts.token("nobody@example.org", scope="read", days=None, name="script")


def test_the_set_up_link_is_offered_until_there_is_a_superadmin() -> None:
    assert "/setup/" in prepare.invite_first()

    save(name="Ada", role="superadmin")

    assert prepare.invite_first() == ""


def test_the_demo_is_loaded_into_an_empty_installation_only() -> None:
    assert demo_data.PASSWORD in prepare.load_demo()
    people = count_people()

    prepare.load_demo()

    assert count_people() == people > 0
