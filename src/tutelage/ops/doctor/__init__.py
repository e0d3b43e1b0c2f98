"""Looks at everything an installation depends on. It changes nothing."""

from collections.abc import Iterator

from tutelage.config.environment import Environment
from tutelage.ops.doctor import database, machine
from tutelage.ops.doctor.address import address
from tutelage.ops.doctor.choices import choices
from tutelage.ops.doctor.findings import Finding


def examine(env: Environment) -> list[Finding]:
    return list(_all(env))


def _all(env: Environment) -> Iterator[Finding]:
    yield from machine.keys(env)
    yield from machine.home(env)
    yield machine.disk(env)
    yield machine.mail(env)
    yield machine.zones()
    yield from choices(env)
    yield address(env)
    yield from database.examine(env)
