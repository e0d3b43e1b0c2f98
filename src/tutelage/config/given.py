"""What single settings have to look like. Each check says in a sentence what it expects."""

from base64 import urlsafe_b64decode
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlsplit

SHORTEST_SECRET: Final = 50
FERNET_KEY_BYTES: Final = 32


def listed(text: object) -> object:
    """A text with commas, as the list it stands for."""
    if isinstance(text, str):
        return tuple(part for part in (part.strip() for part in text.split(",")) if part)
    return text


def web_address(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it has to begin with http:// or https:// and name a host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("it must not have a path: Tutelage has a host, or a port, for itself")
    return text.rstrip("/")


def database_url(text: str) -> str:
    from psycopg import ProgrammingError  # noqa: PLC0415  # seldom given, slow to load
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  # as above

    try:
        conninfo_to_dict(text)
    except ProgrammingError:
        raise ValueError("it has to be a postgresql:// address") from None
    return text


def redis_url(text: str) -> str:
    if text and urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("it has to begin with redis://, rediss:// or unix://")
    return text


def mail_sender(text: str) -> str:
    if text and "@" not in parseaddr(text)[1]:
        raise ValueError("it has to hold an e-mail address")
    return text


def secret_key(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError(f"it has to have at least {SHORTEST_SECRET} signs")
    return text


def encryption_key(text: str) -> str:
    try:
        length = len(urlsafe_b64decode(text))
    except ValueError:
        length = 0
    if length != FERNET_KEY_BYTES:
        raise ValueError(f"each key has to be {FERNET_KEY_BYTES} bytes in URL-safe base64")
    return text


def network(text: str) -> str:
    return str(ip_network(text))
