"""Where Django looks for the backend: in a module of this name."""

import select
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from psycopg import BaseConnection


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that ends a connection says so, or closes it: either way there is something to read.

    Where nothing is, the `SELECT 1` at the start of each request is not sent. One that is gone
    without a word is noticed by the keepalives of the settings, and then there is, too.
    """

    def is_usable(self) -> bool:
        """Whether to go on with the connection: asked before its first use in a request."""
        if self.connection is None or self.connection.closed:
            return False
        is_idle = self.connection.info.transaction_status == TransactionStatus.IDLE
        if self.errors_occurred or not is_idle or has_something_to_say(self.connection):
            return super().is_usable()
        return True


def has_something_to_say(connection: "BaseConnection[Any]") -> bool:
    """Whether there is anything to read, the end included."""
    look = select.poll()
    look.register(connection, select.POLLIN)
    return bool(look.poll(0))
