"""One use case is one transaction, and is done again when it lost against another one."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from random import uniform
from typing import Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

P = ParamSpec("P")
T = TypeVar("T")

# What the database could not do at this moment, and not what it was asked wrongly. Served as 503.
TROUBLES: Final = (OperationalError, InterfaceError)
COME_BACK_SECONDS: Final = 2  # what a client that was told 503 is to wait
RETRIES: Final = 3
# Nobody waits for long: a lock that was not given in three seconds is asked for once more.
PATIENCE_SECONDS: Final = 5.0
_PASSING: Final = {
    "40001": "two transactions could not be put in an order",
    "40P01": "two transactions waited for each other",
    "55P03": "a lock was not given in time",
}
_PAUSE_SECONDS: Final = 0.05
log = logging.getLogger(__name__)


def passing(error: Exception) -> str:
    """What happened, if it is gone when the same is done again; else nothing."""
    return _PASSING.get(getattr(error.__cause__, "sqlstate", None) or "", "")


def one_transaction(use_case: Callable[P, T]) -> Callable[P, T]:
    """Run a use case in a transaction, and up to three times again if that could not be finished.

    As a part of a larger one it is a savepoint: whoever opened the transaction begins anew.
    Nothing but the database may be changed inside, or that would be done twice.
    """

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        began, retries = time.monotonic(), 0
        while True:
            try:
                with transaction.atomic():
                    return use_case(*args, **kwargs)
            except OperationalError as error:
                waited = time.monotonic() - began
                is_last = retries >= RETRIES or waited > PATIENCE_SECONDS
                if connection.in_atomic_block or is_last or not passing(error):
                    raise
                log.warning("%s is done again: %s.", use_case.__qualname__, passing(error))
            retries += 1
            time.sleep(uniform(0, _PAUSE_SECONDS * retries))  # noqa: S311 -- so that rivals part

    return run
