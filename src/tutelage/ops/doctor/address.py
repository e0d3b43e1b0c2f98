"""The doctor on the address that mails and links give: whether it leads here."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLCertVerificationError
from typing import Final
from urllib.parse import urlsplit

from tutelage.config.environment import Environment
from tutelage.ops.doctor.findings import Finding, fail, ok, warn

SECONDS: Final = 5


def address(env: Environment) -> Finding:
    """Ask it as a browser would, through whatever stands in front."""
    check = "start it: tutelage up; else check BASE_URL, DNS and the proxy"
    try:
        status, body = _ask(env.address)
    except SSLCertVerificationError as error:
        text = f"Browsers will refuse {env.address}: {error.verify_message}."
        return fail("address", text, "renew the certificate of the proxy")
    except (OSError, HTTPException) as error:
        return warn("address", f"{env.address} does not answer: {error}", check)
    if body != {"status": "alive"}:
        text = f"Something else answers at {env.address}, with status {status}."
        return fail("address", text, check)
    return ok("address", f"{env.address} leads here.")


def _ask(url: str) -> tuple[int, object]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "localhost", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        reply = connection.getresponse()
        text = reply.read(1_000)
    finally:
        connection.close()
    try:
        return reply.status, json.loads(text)
    except ValueError:
        return reply.status, None
