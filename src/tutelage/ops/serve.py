"""The web process: the product's server, on the supervisor's port or on one of its own."""

import os
import socket
from typing import Final

import uvicorn

from tutelage.config.environment import Environment
from tutelage.config.server import make_server
from tutelage.ops.supervisor import LISTENER_VARIABLE

# The supervisor waits six seconds, then it ends by force.
GRACE_SECONDS: Final = 5


def load(env: Environment) -> uvicorn.Server:
    """Everything that a request meets, without asking the database anything."""
    server = make_server(host=env.host, port=env.port)
    server.config.timeout_graceful_shutdown = GRACE_SECONDS
    server.config.load()
    return server


def run(server: uvicorn.Server) -> None:
    given = os.environ.pop(LISTENER_VARIABLE, "")
    server.run(sockets=[socket.socket(fileno=int(given))] if given else None)
