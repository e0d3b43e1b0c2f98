"""People and their tokens, made from the command line, which stands above all roles."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError, transaction
from pydantic import ValidationError

from tutelage.core.errors import DomainError, NotFound
from tutelage.domain.people import services
from tutelage.domain.people.inputs import AddPerson, ChangeProfile, MakeToken
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_person


@contextmanager
def explained(fail: Callable[[str], Never]) -> Iterator[None]:
    """Turn what may be wrong with the input, or the database, into a sentence."""
    try:
        yield
    except ValidationError as error:
        fail("\n".join(f"{part['loc'][-1]}: {part['msg']}" for part in error.errors()))
    except DjangoValidationError as error:
        fail("\n".join(error.messages))
    except DomainError as error:
        fail(str(error))
    except OperationalError as error:
        fail(f"The database does not answer: {error}\nStart it with: {sys.argv[0]} up")


@transaction.atomic
def save(email: str, *, name: str, role: str | None, zone: str, password: str) -> str:
    """Make or change a person and say which of the two it was."""
    person = find_person(email)
    verb = "Changed" if person else "Made"
    if person is None:
        given = AddPerson(name=name, email=email, role=Role(role) if role else Role.USER)
        person = services.add_person(actor=None, given=given)
    person = _change(person, name=name, role=role, zone=zone)
    if password:
        validate_password(password, person)
        person.set_password(password)
        person.save(update_fields=["password"])
        _trust_address(person)
    return f"{verb} {person.name} <{person.email}>, {person.role}."


def token(email: str, *, scope: str, days: int | None, name: str) -> str:
    person = find_person(email)
    if person is None:
        raise NotFound(f"Nobody here has the e-mail {email}.")
    given = MakeToken.model_validate({"name": name, "scope": scope, "days": days})
    return services.issue_token(actor=person, given=given)[1]


def _change(person: User, *, name: str, role: str | None, zone: str) -> User:
    profile = ChangeProfile(
        name=name or person.name, zone=zone or person.own_zone, locale=person.locale
    )
    if name or zone:
        person = services.change_profile(actor=person, given=profile)
    if role:
        person.role = Role(role)
        person.save(update_fields=["role"])
    return person


def _trust_address(person: User) -> None:
    """Whoever has the command line vouches for the e-mail; no mail has to be answered first."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
