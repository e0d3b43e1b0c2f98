"""Whether there is room to write: on the disk of the home, and where the database writes.

The database's disk cannot be seen from here. But it says when it is full, and can be asked again.
"""

import errno
import shutil
from threading import Event
from typing import Final

from django.conf import settings
from django.db import OperationalError, connection, transaction

DISK_FULL: Final = "53100"
NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}
# Below this the next file of the database's journal finds no room, and it stops.
LEAST_FREE_BYTES: Final = 32_000_000
# More than what may be left in the pages that the tables have: it asks the disk.
_TRY: Final = (
    "CREATE TEMPORARY TABLE room ON COMMIT DROP AS "
    "SELECT repeat('x', 1000) FROM generate_series(1, 300)"
)
_was_refused: Final = Event()


def remember(error: Exception) -> None:
    """Keep in mind that the database had no room, until it has taken something again."""
    if getattr(error.__cause__, "sqlstate", None) == DISK_FULL:
        _was_refused.set()


def has_room() -> bool:
    """Look at our own disk; ask the database only after it has refused something."""
    if settings.HOME.exists() and shutil.disk_usage(settings.HOME).free < LEAST_FREE_BYTES:
        return False
    if _was_refused.is_set() and _can_write():
        _was_refused.clear()
    return not _was_refused.is_set()


def _can_write() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TRY)
            transaction.set_rollback(True)
    except OperationalError:
        return False
    return True
