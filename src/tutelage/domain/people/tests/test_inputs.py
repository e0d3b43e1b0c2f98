"""What can be said of people and their tokens: on both sides of each limit."""

from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.people.inputs import AddPerson, ChangeProfile, MakeToken, PeopleFilters
from tutelage.domain.people.lifecycle import Role, Scope

PERSON = {"name": "Ana", "email": "ana@example.org"}
PROFILE = {"name": "Ana", "zone": "UTC", "locale": "es"}


def test_names_have_at_most_150_signs_and_those_of_tokens_100() -> None:
    assert takes_signs(AddPerson, PERSON, "name", 150)
    assert takes_signs(MakeToken, {}, "name", 100)
    assert takes_signs(PeopleFilters, {}, "q", 200)


def test_a_token_is_for_a_day_to_ten_years_and_for_good_if_unsaid() -> None:
    assert takes_from(MakeToken, {"name": "Sync"}, "days", 1, 3_650)
    assert MakeToken(name="Sync").days is None


def test_unsaid_a_person_is_a_member_and_a_token_reads() -> None:
    assert AddPerson.model_validate(PERSON).role == Role.USER
    assert MakeToken(name="Sync").scope == Scope.READ


def test_a_profile_has_a_language_that_is_spoken_and_a_zone_that_exists() -> None:
    assert takes(ChangeProfile, PROFILE)
    assert not takes(ChangeProfile, {**PROFILE, "locale": "tlh"})
    assert not takes(ChangeProfile, {**PROFILE, "zone": "Mars/Olympus"})
