"""Valid people with one line each; a test states only what it is about."""

from itertools import count
from typing import Any

from tutelage.core.text import fold
from tutelage.domain.people.inputs import MakeToken
from tutelage.domain.people.lifecycle import Role, Scope
from tutelage.domain.people.models import User
from tutelage.domain.people.services import issue_token

_numbers = count(1)


def make_user(**given: Any) -> User:
    number = next(_numbers)
    defaults = {"email": f"person{number}@example.org", "name": f"Person {number}", "zone": "UTC"}
    person = User(**{**defaults, **given})
    person.name_folded = fold(person.name)
    person.set_unusable_password()
    person.save()
    return person


def make_admin(**given: Any) -> User:
    return make_user(**{"role": Role.ADMIN, **given})


def make_token(person: User, scope: Scope = Scope.WRITE) -> str:
    _row, token = issue_token(actor=person, given=MakeToken(name="Test", scope=scope))
    return token
