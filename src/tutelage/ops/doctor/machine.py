"""The doctor on keys, disk, mail and zone data."""

import os
import shutil
import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from smtplib import SMTPException
from typing import Final

from django.core.mail import get_connection

from tutelage.config.environment import Environment
from tutelage.core.clock import now
from tutelage.core.times import zone_data
from tutelage.ops.doctor.findings import Finding, fail, ok, warn

LITTLE_DISK, NO_DISK = 1_000_000_000, 200_000_000
NOBODY_ELSE: Final = 0o077
READ_OR_WRITE_BY_OTHERS: Final = 0o066  # a system user may have to pass through to the database
OLD_ZONES_DAYS: Final = 540


def keys(env: Environment) -> Iterator[Finding]:
    """Whether the keys are their owner's alone."""
    files = sorted(env.home.keys.glob("*")) if env.home.keys.is_dir() else []
    loose = [path for path in (env.home.keys, *files) if path.stat().st_mode & NOBODY_ELSE]
    for path in loose if files else ():
        mode = 700 if path.is_dir() else 600
        yield fail("keys", f"{path} can be read by others.", f"chmod {mode} '{path}'")
    if not loose:
        yield ok("keys", f"{env.home.keys} is its owner's alone.")


def home(env: Environment) -> Iterator[Finding]:
    """Where all is kept: ours to write, and nobody else's to read."""
    kept = [path for path in (env.tutelage_home, env.home.files) if path.exists()]
    found = [
        fail("storage", f"{path} cannot be written to.", f"chown -R {os.geteuid()} '{path}'")
        for path in kept
        if not os.access(path, os.W_OK)
    ]
    found += [
        warn("storage", f"{path} can be read by others.", f"chmod go-rw '{path}'")
        for path in kept
        if path.stat().st_mode & READ_OR_WRITE_BY_OTHERS
    ]
    yield from found or [ok("storage", f"{env.tutelage_home} is ours to write.")]


def disk(env: Environment) -> Finding:
    folder = next(path for path in (env.tutelage_home, *env.tutelage_home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e9:.1f} GB are free at {folder}."
    if free < NO_DISK:
        return fail("disk", text, "free some space now; the database stops when it is full")
    if free < LITTLE_DISK:
        return warn("disk", text, "free some space, or move TUTELAGE_HOME to a larger disk")
    return ok("disk", text)


def mail(env: Environment) -> Finding:
    """Log in at the mail server, without sending anything."""
    if not env.smtp_host:
        return warn(
            "mail", f"No mail is sent; mails are kept in {env.home.mails}.", "set SMTP_HOST"
        )
    connection = get_connection()
    try:
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        return fail("mail", f"{env.smtp_host} does not take mails: {error}", "check SMTP_*")
    return ok("mail", f"{env.smtp_host} takes mails.")


def zones() -> Finding:
    """The pinned zone data has to be the one that is used, and not years old."""
    version = zone_data()
    if zoneinfo.TZPATH:
        return warn(
            "zones",
            f"Zone data comes from {zoneinfo.TZPATH[0]}, not from the pinned {version}.",
            "set PYTHONTZPATH to nothing before Tutelage starts",
        )
    age = now().date() - datetime.strptime(version[:4], "%Y").astimezone().date()
    if age.days > OLD_ZONES_DAYS:
        return warn("zones", f"Zone data {version} is old.", "upgrade Tutelage")
    return ok("zones", f"Zone data {version}, pinned.")
