"""Every way to find people."""

from collections.abc import Collection, Mapping
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Reading, Statement
from tutelage.core.errors import NotFound
from tutelage.core.paging import Page, paginate
from tutelage.core.text import fold
from tutelage.domain.people import policies
from tutelage.domain.people.inputs import PeopleFilters
from tutelage.domain.people.models import ApiToken, SetupLink, User


def find_token(token: str) -> ApiToken | None:
    """Whom an API token speaks for, and how far, in one query."""
    digest = sha256(token.encode()).hexdigest()
    found = _usable_token().run({"digest": digest, "at": now()})
    if not found:
        return None
    [row] = found
    known = ApiToken.from_db("default", _TOKEN_COLUMNS, row[: len(_TOKEN_COLUMNS)])
    known.user = User.from_db("default", _USER_COLUMNS, row[len(_TOKEN_COLUMNS) :])
    return known


@cache
def _usable_token() -> Statement:
    rows = ApiToken.objects.usable(Given("at")).filter(sha256=Given("digest"))
    users = (f"user__{name}" for name in _USER_COLUMNS)
    return Statement.of(rows.values_list(*_TOKEN_COLUMNS, *users))


_TOKEN_COLUMNS, _USER_COLUMNS = (
    tuple(field.attname for field in model._meta.concrete_fields)  # noqa: SLF001  # documented by Django
    for model in (ApiToken, User)
)


def standing_logins(keys: Collection[str]) -> dict[str, int]:
    """Whose login sessions these are, by key; ended, expired and outdated ones are left out."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=now())
    logins = {row.session_key: row.get_decoded() for row in rows}
    users = User.objects.filter(is_active=True).in_bulk(
        {int(login[SESSION_KEY]) for login in logins.values() if SESSION_KEY in login}
    )
    return {
        key: user.pk
        for key, login in logins.items()
        if (user := users.get(int(login.get(SESSION_KEY, 0)))) and _is_of_today(login, user)
    }


def _is_of_today(login: Mapping[str, Any], user: User) -> bool:
    """Whether the password is still the one that was logged in with."""
    known = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(login.get(HASH_SESSION_KEY, ""), each) for each in known)


def find_users(uids: Collection[UUID]) -> dict[UUID, User]:
    """Active people by the ids that stand in addresses; those unknown are left out."""
    return User.objects.filter(is_active=True).in_bulk(uids, field_name="uid")


def find_named(ids: Collection[int]) -> dict[int, User]:
    """People by the ids that the journal keeps, for their names; those erased are there, too."""
    return User.objects.in_bulk(ids) if ids else {}


def find_owner(person_id: int) -> User | None:
    """Whose login session it is, unless their account was disabled since."""
    found = _active(person_id=person_id)
    return found[0] if found else None


@Reading
def _active(person_id: int) -> QuerySet[User]:
    return User.objects.filter(pk=person_id, is_active=True)


def find_person(email: str) -> User | None:
    return User.objects.filter(email=email.lower(), is_active=True).first()


def find_people_by_email(emails: Collection[str]) -> dict[str, User]:
    """Active people by their e-mail; those unknown are left out."""
    return User.objects.filter(is_active=True).in_bulk(
        [email.lower() for email in emails], field_name="email"
    )


def get_person(*, actor: User, uid: UUID) -> User:
    """Somebody, for an administrator."""
    policies.can_manage_people(actor).require()
    person = User.objects.filter(uid=uid).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def list_people(*, actor: User, asked: PeopleFilters) -> Page[User]:
    """Everybody, for an administrator, newest first; sought by the beginning of a name."""
    policies.can_manage_people(actor).require()
    rows = User.objects.filter(erased_at=None)
    if asked.q:
        sought = fold(asked.q)
        rows = rows.filter(Q(name_folded__contains=sought) | Q(email__contains=asked.q.lower()))
    return paginate(rows, asked, newest="joined_at")


def list_tokens(actor: User) -> list[ApiToken]:
    """The newest hundred of a person's tokens, revoked ones too."""
    return list(ApiToken.objects.filter(user=actor).order_by("-created_at", "-id")[:100])


def is_setup_link(token: str) -> bool:
    digest = sha256(token.encode()).hexdigest()
    return SetupLink.objects.filter(sha256=digest, used_at=None).exists()


def count_people() -> int:
    return User.objects.count()
