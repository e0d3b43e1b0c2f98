"""People with an account, and the tokens that speak for them."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tutelage.core.clock import now
from tutelage.core.compiled import Given
from tutelage.core.ids import uuid7
from tutelage.domain.people.lifecycle import Role, Scope


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())

    def standing_for(self, person_id: int, *, is_admin: bool) -> "User":
        """Somebody of whom no more is known, for SQL that is compiled before it is asked."""
        return self.model(id=person_id, role=Role.ADMIN if is_admin else Role.USER)


class User(AbstractBaseUser):
    """A person with an account. `uid` stands in addresses; `id` never leaves the database."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    name_folded = models.CharField(max_length=300, db_collation="C", editable=False, default="")
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text="IANA name; empty until the first login tells it.",
    )
    locale = models.CharField(_("language"), max_length=12, default="en")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.USER)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        db_table = "person"
        indexes = (
            models.Index(fields=["name_folded", "id"], name="person_by_name"),
            models.Index(fields=["-joined_at", "-id"], name="person_newest"),
        )
        constraints = (
            models.CheckConstraint(
                name="person_email_is_lower_case", condition=Q(email=Lower(F("email")))
            ),
            models.CheckConstraint(name="person_role_is_known", condition=Q(role__in=Role.values)),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_admin(self) -> bool:
        return self.role in {Role.ADMIN, Role.SUPERADMIN}

    @property
    def is_superadmin(self) -> bool:
        return self.role == Role.SUPERADMIN

    @property
    def own_zone(self) -> str:
        """The zone to show times in; UTC until a first login has told a better one."""
        return self.zone or "UTC"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, at: datetime | Given | None = None) -> Self:
        still_valid = Q(expires_at=None) | Q(expires_at__gt=at or now())
        return self.filter(still_valid, revoked_at=None, user__is_active=True)


class ApiToken(models.Model):
    """Only the digest is kept; the prefix lets its owner tell it from others."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        db_table = "api_token"

    def __str__(self) -> str:
        return f"{self.prefix}…"


class SetupLink(models.Model):
    """The one-time way to become the first superadmin; only its digest is kept."""

    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "setup_link"
