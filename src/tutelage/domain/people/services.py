"""Every way to change people and what speaks for them."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict, NotFound, invalid_field
from tutelage.core.events import publish
from tutelage.core.text import fold
from tutelage.core.transactions import one_transaction
from tutelage.domain.people import policies
from tutelage.domain.people.events import PersonAdded, TokenIssued, TokenRevoked
from tutelage.domain.people.inputs import AddPerson, ChangeProfile, ClaimSetup, MakeToken
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import ApiToken, SetupLink, User

_SEEN_AGAIN = timedelta(hours=1)


class SetupOver(Conflict):
    code = "setup_over"


@one_transaction
def add_person(*, actor: User | None, given: AddPerson, zone: str = "") -> User:
    """Make an account without a password; its owner sets one by the link that is mailed.

    `actor` is None for the command line, which stands above all roles. The first mail is in the
    language of who adds them; who signs up is spoken to as the browser asked.
    """
    if actor is not None:
        policies.can_give_role(actor, given.role).require()
    person = User(email=given.email, name=given.name, role=given.role, zone=zone)
    person.locale = actor.locale if actor else get_language() or person.locale
    person.name_folded = fold(given.name)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise invalid_field("email", _("Somebody with this e-mail is here already.")) from None
    publish(PersonAdded(subject_id=person.uid, actor_id=actor.pk if actor else None))
    return person


@one_transaction
def change_profile(*, actor: User, given: ChangeProfile) -> User:
    person = User.objects.select_for_update().get(pk=actor.pk)
    person.name, person.name_folded = given.name, fold(given.name)
    person.zone, person.locale = given.zone, given.locale
    person.save(update_fields=["name", "name_folded", "zone", "locale"])
    return person


def learn_zone(*, actor: User, zone: str) -> None:
    """Keep the zone of the browser at the first login; one that was chosen stays."""
    User.objects.filter(pk=actor.pk, zone="").update(zone=zone)


@one_transaction
def issue_token(*, actor: User, given: MakeToken) -> tuple[ApiToken, str]:
    """Make an API token of 256 random bits. It is returned this once and cannot be read again."""
    token = f"tut_{token_urlsafe(32)}"
    row = ApiToken.objects.create(
        user=actor,
        name=given.name,
        prefix=token[:12],
        sha256=_digest(token),
        scopes=[given.scope],
        expires_at=now() + timedelta(days=given.days) if given.days else None,
    )
    publish(TokenIssued(subject_id=row.uid, actor_id=actor.pk))
    return row, token


@one_transaction
def revoke_token(*, actor: User, token_id: UUID) -> None:
    token = ApiToken.objects.select_for_update().filter(user=actor, uid=token_id).first()
    if token is None:
        raise NotFound(_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        publish(TokenRevoked(subject_id=token.uid, actor_id=actor.pk))


def note_use(token: ApiToken) -> None:
    """Remember that a token was used, to the hour: a write for each request would be dear."""
    at = now()
    if token.last_used_at is None or at - token.last_used_at > _SEEN_AGAIN:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)


@one_transaction
def make_setup_token() -> str | None:
    """Make the one-time link to the first superadmin, or None when there is one already.

    A new link takes the place of those made before.
    """
    if _has_superadmin():
        return None
    token = token_urlsafe(32)
    SetupLink.objects.all().delete()
    SetupLink.objects.create(sha256=_digest(token))
    return token


@one_transaction
def claim_setup(*, token: str, given: ClaimSetup, password: str) -> User:
    """Become the first superadmin. Of two who try at once, the second finds the link used."""
    link = SetupLink.objects.select_for_update().filter(sha256=_digest(token)).first()
    if link is None or link.used_at is not None or _has_superadmin():
        raise SetupOver(_("This set-up link is not, or no longer, good."))
    link.used_at = now()
    link.save(update_fields=["used_at"])
    person = add_person(
        actor=None,
        given=AddPerson(name=given.name, email=given.email, role=Role.SUPERADMIN),
        zone=given.zone or "",
    )
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def _has_superadmin() -> bool:
    return User.objects.filter(role=Role.SUPERADMIN, is_active=True).exists()


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
