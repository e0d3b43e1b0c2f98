"""One thread with one database connection, for the short questions of asynchronous code."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")


class DjangoThread:
    """However many streams are open, they share this connection, and none of them holds it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "events")

    async def ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        asked = partial(_ask, partial(question, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)

    def close(self) -> None:
        self._thread.submit(connections.close_all)
        self._thread.shutdown(wait=False)


def _ask(question: Callable[[], T]) -> T:
    """As at the start of a request: a connection that died meanwhile is replaced."""
    close_old_connections()
    return question()
