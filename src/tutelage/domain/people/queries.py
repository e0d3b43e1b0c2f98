"""Every way to find people."""

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tutelage.core.errors import NotFound
from tutelage.core.paging import Page, paginate
from tutelage.domain.people import policies
from tutelage.domain.people.inputs import PeopleFilters
from tutelage.domain.people.models import ApiToken, SetupLink, User, fold


def find_token(token: str) -> ApiToken | None:
    """Whom an API token speaks for, and how far, in one query."""
    digest = sha256(token.encode()).hexdigest()
    return ApiToken.objects.usable().select_related("user").filter(sha256=digest).first()


def find_users(uids: Collection[UUID]) -> dict[UUID, User]:
    """Active people by the ids that stand in addresses; those unknown are left out."""
    return User.objects.filter(is_active=True).in_bulk(uids, field_name="uid")


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
