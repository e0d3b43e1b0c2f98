"""Who may hold a connection open: to a client, to the database, to the outside."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "tutelage"
# Only these may open sockets; each closes what it opens, and none is a page or the domain.
MAY_OPEN_SOCKETS = ("realtime/", "integrations/", "ops/", "config/bridge.py", "config/server.py")
OPENERS = {
    ("socket", "socket"), ("socket", "create_connection"), ("socket", "create_server"),
    ("asyncio", "open_connection"), ("asyncio", "start_server"),
    ("asyncio", "open_unix_connection"), ("asyncio", "start_unix_server"),
    ("psycopg", "connect"), ("psycopg", "Connection"), ("psycopg", "AsyncConnection"),
    ("http.client", "HTTPConnection"), ("http.client", "HTTPSConnection"),
    ("urllib.request", "urlopen"), ("smtplib", "SMTP"), ("smtplib", "SMTP_SSL"),
    ("socketserver", "TCPServer"),
}  # fmt: skip
MODULES = [path for path in SOURCE.rglob("*.py") if "tests" not in path.parts]


def names_used(code: str) -> set[tuple[str, str]]:
    """Every `module.name`, whether imported or reached through its module."""
    tree = ast.parse(code)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, alias.name) for alias in node.names}
        if isinstance(node, ast.Attribute):
            found.add((ast.unparse(node.value), node.attr))
    return found


def opened_by(code: str) -> set[tuple[str, str]]:
    return names_used(code) & OPENERS


def streams_by(code: str) -> bool:
    """A streaming response keeps its thread, and what that holds, for as long as a client likes."""
    return "StreamingHttpResponse" in {name for _, name in names_used(code)}


def test_no_response_streams_from_django() -> None:
    assert [path for path in MODULES if streams_by(path.read_text())] == []


def test_connections_are_opened_only_where_that_is_the_purpose() -> None:
    elsewhere = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if opened_by(path.read_text())
        and not path.relative_to(SOURCE).as_posix().startswith(MAY_OPEN_SOCKETS)
    ]

    assert elsewhere == []


@pytest.mark.parametrize(
    "code",
    [
        "from django.http import StreamingHttpResponse",
        "import django.http\nx = django.http.StreamingHttpResponse()",
        "from django import http\nx = http.StreamingHttpResponse",
    ],
)
def test_a_planted_stream_would_be_found(code: str) -> None:
    assert streams_by(code)


@pytest.mark.parametrize(
    "code",
    [
        "import socket\nsocket.create_connection(('a', 1))",
        "from socket import create_connection",
        "import psycopg\nasync def f(): await psycopg.AsyncConnection.connect()",
        "from urllib.request import urlopen",
    ],
)
def test_a_planted_connection_would_be_found(code: str) -> None:
    assert opened_by(code)
