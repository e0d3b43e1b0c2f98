"""The product with a log that tells everything, to show that the search for secrets would find it.

Only tests serve it, in a process of its own.
"""

import logging
import sys
from typing import Any

from tutelage.config import asgi
from tutelage.realtime.asgi import Receive, Scope, Send

logging.getLogger().handlers[0].setFormatter(logging.Formatter())


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    async def overheard() -> Any:
        message = await receive()
        sys.stderr.write(f"{message.get('body', b'').decode('latin-1')}\n")
        return message

    sys.stderr.write(f"{scope.get('path')} {scope.get('headers')}\n")
    await asgi.application(scope, overheard, send)
