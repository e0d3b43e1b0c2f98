"""Every way to find people."""

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from tutelage.domain.people.models import ApiToken, User


def find_token(token: str) -> ApiToken | None:
    """Whom an API token speaks for, and how far, in one query."""
    digest = sha256(token.encode()).hexdigest()
    return ApiToken.objects.usable().select_related("user").filter(sha256=digest).first()


def find_users(uids: Collection[UUID]) -> dict[UUID, User]:
    """Active people by the ids that stand in addresses; those unknown are left out."""
    return User.objects.filter(is_active=True).in_bulk(uids, field_name="uid")
