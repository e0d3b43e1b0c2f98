"""What may be said about people and their tokens from outside."""

from typing import Annotated

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tutelage.core.inputs import Count, Email, Input, Line, OptionalText
from tutelage.core.paging import Paged
from tutelage.core.times import Zone
from tutelage.domain.people.lifecycle import Role, Scope


def _spoken(locale: str) -> str:
    if locale not in dict(settings.LANGUAGES):
        raise PydanticCustomError("unknown_language", _("This language is not spoken here."))
    return locale


Name = Annotated[Line, Field(max_length=150)]
Locale = Annotated[str, Field(max_length=12), AfterValidator(_spoken)]


class AddPerson(Input):
    name: Name
    email: Email
    role: Role = Role.USER


class PeopleFilters(Paged):
    q: Annotated[OptionalText, Field(max_length=200)] = ""


class ChangeProfile(Input):
    name: Name
    zone: Zone
    locale: Locale


class MakeToken(Input):
    name: Annotated[Line, Field(max_length=100)]
    scope: Scope = Scope.READ
    days: Annotated[Count, Field(ge=1, le=3_650)] | None = None


class ClaimSetup(Input):
    name: Name
    email: Email
    zone: Zone | None = None
