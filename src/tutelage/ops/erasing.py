"""The ledger of those who were erased. It stands outside the database, so no backup undoes it."""

import hmac
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg

from tutelage.config.environment import Environment
from tutelage.config.keys import erasure_salt
from tutelage.core.errors import NotFound
from tutelage.domain.erasure.services.erasing import erase_person
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_person

_SAID: Final = """\
Erased. Not touched: mails kept as files, logs, spreadsheets imported in the last 30 days, and
BACKUPS TAKEN BEFORE. Restored here, they forget this person again: {ledger} says so.
Copy that file, and the folder of keys, to where your backups are restored."""


def erase(env: Environment, email: str) -> str:
    """Forget a person; the ledger is written first, so that nothing can come between."""
    person = find_person(email)
    if person is None:
        raise NotFound(f"Nobody here has the e-mail {email}.")
    _append(env.home.erased, {_mark(env, person.uid)})
    erase_person(person.pk)
    return _SAID.format(ledger=env.home.erased)


def keep_erased(env: Environment) -> int:
    """Erase whom the ledger names and the database still knows, however it came back."""
    people = User.objects.values_list("pk", "uid", "erased_at")
    ledger = _read(env.home.erased)
    if not ledger:
        people = people.exclude(erased_at=None)
    found = {pk: (_mark(env, uid), erased_at) for pk, uid, erased_at in people}
    _append(env.home.erased, {mark for mark, at in found.values() if at} - ledger)
    again = [pk for pk, (mark, at) in found.items() if at is None and mark in ledger]
    for pk in again:
        erase_person(pk)
    return len(again)


def note_those_of(env: Environment, url: str) -> None:
    """Whom a database that is about to be replaced has forgotten, whatever release it is of."""
    with psycopg.connect(url) as connection, suppress(psycopg.errors.UndefinedTable):
        rows = connection.execute("SELECT uid FROM public.person WHERE erased_at IS NOT NULL")
        _append(env.home.erased, {_mark(env, uid) for (uid,) in rows} - _read(env.home.erased))


def add_from(env: Environment, path: Path) -> None:
    _append(env.home.erased, _read(path) - _read(env.home.erased))


def _mark(env: Environment, uid: UUID) -> str:
    return hmac.new(erasure_salt(env).encode(), uid.bytes, sha256).hexdigest()


def _read(path: Path) -> set[str]:
    return set(path.read_text().split()) if path.exists() else set()


def _append(path: Path, marks: set[str]) -> None:
    if not marks:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{mark}\n" for mark in sorted(marks))
        file.flush()
        os.fsync(file.fileno())
