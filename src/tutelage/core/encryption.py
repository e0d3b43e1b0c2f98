"""Secrets at rest: encrypted with keys that stand outside the database."""

from functools import cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

ENCRYPTED: Final = "gAAAA"  # how all of what Fernet writes begins, for some centuries yet


class Undecipherable(RuntimeError):
    """A stored secret was written with a key that is no longer given."""


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt with the first key; the others still read."""
    return _box(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Read what `encrypt` wrote.

    Raises:
        Undecipherable: none of the keys fits.
    """
    try:
        return _box(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise Undecipherable(
            "A stored secret cannot be read: its key is not among ENCRYPTION_KEYS."
        ) from None


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # not at run time
    """Text that stands in the database encrypted. It cannot be searched, which is meant."""

    def get_prep_value(self, value: str | None) -> str | None:
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return decrypt(value) if value else value
