"""The keys of an installation: given by the environment, or made once and kept in its home."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex, token_urlsafe
from typing import Final

from tutelage.config.environment import Environment

# Known to everybody, for runs that keep nothing.
THROWAWAY_SECRET: Final = "for-tools-and-tests-only-" * 3
THROWAWAY_ENCRYPTION: Final = "ucs4IfhDEcdPzLmHNTlXsLMx1SnYX-2ogAMVHk_KMmM="


@dataclass(frozen=True)
class Keys:
    secret: str
    encryption: tuple[str, ...]


def keys_of(env: Environment) -> Keys:
    """Those given; for each that is not, the one in the home, made if it is not there yet."""
    if env.is_throwaway:
        return Keys(
            env.secret_key or THROWAWAY_SECRET, env.encryption_keys or (THROWAWAY_ENCRYPTION,)
        )
    folder = env.home.keys
    secret = env.secret_key or _kept(folder / "secret_key", lambda: token_urlsafe(64))
    encryption = env.encryption_keys or tuple(
        _kept(
            folder / "encryption_keys", lambda: urlsafe_b64encode(token_bytes(32)).decode()
        ).split()
    )
    return Keys(secret, encryption)


def erasure_salt(env: Environment) -> str:
    """With it the ledger of erased people says nothing to others; without it, nothing to us."""
    if env.is_throwaway:
        return THROWAWAY_SECRET
    return _kept(env.home.keys / "erasure_salt", lambda: token_hex(32))


def _kept(path: Path, make: Callable[[], str]) -> str:
    """What stands in the file. Of two that make it at once, both read what one of them wrote.

    A link appears whole or not at all, and only where nothing stands yet.
    """
    if not path.exists():
        for folder in (path.parent.parent, path.parent):  # what `parents` makes, others may read
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{token_hex(8)}")
        try:
            _write(draft, make() + "\n")
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text().strip()


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
