"""Asking every route of the table as one actor, and what is then looked at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import time_machine
from django.db import connection
from tests.permissions.callers import Caller, Look, undone
from tests.permissions.table import GONE, Row
from tests.permissions.world import World, filled

from tutelage.core.clock import now

# Written by reading, and meant to be: when a token was last used, to the hour; the login session
# and what of it the list of logins shows; counts of tries, which limit them across processes.
MAY_BE_WRITTEN: Final = {
    "api_token",
    "django_session",
    "usersessions_usersession",
    "cache_entry",
}
# The library notes the address of an account, which our own service made, when it first looks.
NOTED_AT: Final = {"/account/email/": {"account_emailaddress"}}
_COUNTS: Final = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
"""
# What differs by itself: ids, masked tokens against forgery, nonces of the policy for scripts.
_RANDOM: Final = re.compile(rb'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\w{64}\b|nonce="[^"]*"')


@dataclass(frozen=True)
class Walk:
    """One actor in one world."""

    world: World
    caller: Caller

    def answer(
        self,
        row: Row,
        *,
        absent: bool = False,
        method: str = "",
        look: Look | None = None,
        **more: str,
    ) -> Any:
        names = self.world.names
        headers = {**filled(dict(row.headers), names), **more}
        path = row.path(names, absent=absent)
        body = filled(row.sends, names)
        return self.caller.ask(method or row.method, path, body, look, **headers)

    def unexpected(self, rows: Iterable[Row]) -> dict[str, str]:
        """Where the table is not kept, and how."""
        found = {}
        for row in rows:
            got, due = code_of(self.answer(row)), row.answers[self.caller.name]
            if got != due:
                found[str(row)] = f"{got} instead of {due}"
        return found

    def telling(self, rows: Iterable[Row]) -> dict[str, str]:
        """Where what one may not know of is answered otherwise than what does not exist."""
        found = {}
        for row in rows:
            if not row.has_object:
                continue
            with time_machine.travel(now(), tick=False):  # pages say what time it is
                found[str(row)] = self._told_by(row)
        return {route: told for route, told in found.items() if told}

    def _told_by(self, row: Row) -> str:
        absent, due = self.answer(row, absent=True), absent_code(row, self.caller.name)
        if code_of(absent) != due:
            return f"{code_of(absent)} instead of {due}, for what does not exist"
        if not due == row.answers[self.caller.name] == GONE:
            return ""
        return "" if _body(self.answer(row)) == _body(absent) else "the words differ"

    def read(self, row: Row, **how: Any) -> tuple[Any, set[str]]:
        """The answer, and the tables changed by it. Rows written as they were count, too."""
        with undone():
            before = _counts()
            reply = self.answer(row, **how)
            written = {table for table, count in _counts().items() if count != before[table]}
        return reply, written - MAY_BE_WRITTEN - NOTED_AT.get(row.pattern, set())

    def change(self, row: Row) -> tuple[Any, set[str]]:
        """The answer, and the tables that say something else now. What was taken back is none."""
        with undone():
            before = _contents()
            reply = self.answer(row, look=_contents)
        return reply, {table for table, said in reply.seen.items() if said != before[table]}


def code_of(reply: Any) -> str:
    if reply.status_code == 302 and reply["Location"].startswith("/account/login/"):
        return "login"
    return str(reply.status_code)


def absent_code(row: Row, actor: str) -> str:
    """What is due for an object that is not there.

    Who is refused before anything is looked up is refused here, too.
    """
    due = row.answers[actor]
    if due in {"login", "401", "405"} or row.answers["member"] == due == "403":
        return due
    if actor == "read_token" and due == "403":
        return due
    return row.absent


def _body(reply: Any) -> bytes:
    return _RANDOM.sub(b"", reply.content)


def _contents() -> dict[str, tuple[int, int]]:
    """The number of rows of each table, and a sum over what they say."""
    tables = set(connection.introspection.table_names()) - MAY_BE_WRITTEN
    told = " UNION ALL ".join(
        f"SELECT '{table}', count(*), sum(hashtext(row::text)) FROM {table} AS row"  # noqa: S608  # our own tables
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(told)
        return {table: (number, total) for table, number, total in cursor.fetchall()}


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        return dict(cursor.fetchall())
