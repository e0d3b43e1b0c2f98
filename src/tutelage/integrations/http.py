"""The one access to HTTP out: bounded in time and size, and only to where anybody may go.

An address that a person typed must not reach what only this machine can see. Names are resolved
here and the connection goes to the very address that was checked, so a name that changes its
mind in between gains nothing.
"""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Final

import httpx
from django.conf import settings

PORTS: Final = {80, 443}
_LAST_PORT: Final = 65_535
_TIMEOUT: Final = httpx.Timeout(10, connect=5)
# Through these an IPv4 address is reached under the name of an IPv6 one.
_TRANSLATED: Final = tuple(
    ip_network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10")
)
_TRIES: Final = 3
_LIMITS: Final = httpx.Limits(max_keepalive_connections=0)

Address = IPv4Address | IPv6Address


class OutboundError(Exception):
    """The request brought no answer; the message is for the log, and names no secret."""


class OutboundRefused(OutboundError):
    """It is not a place that this server goes to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """For the whole of it, however many hops and however slowly the bytes drip."""

    seconds: float = 20
    max_bytes: int = 5 * 1024 * 1024
    redirects: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    content: bytes


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    bounds: Bounds | None = None,
) -> Answer:
    """Send one request from a thread and wait for the whole answer; every hop is checked.

    Raises:
        OutboundRefused: the address, or one it redirects to, is not open to everybody.
        OutboundError: no answer in time, or one that is too large.
    """
    asked = {"user-agent": "Tutelage", **(headers or {}), "accept-encoding": "identity"}
    bounds = bounds or Bounds()
    return asyncio.run(_send(method, _checked(url), asked, content, bounds))


async def _send(
    method: str, url: httpx.URL, headers: dict[str, str], content: bytes | None, bounds: Bounds
) -> Answer:
    client = httpx.AsyncClient(
        transport=_Guarded(verify=_certificates(), limits=_LIMITS, trust_env=False),
        timeout=_TIMEOUT,
        trust_env=False,  # a proxy would resolve names by itself
        follow_redirects=False,
    )
    try:
        async with asyncio.timeout(bounds.seconds), client:
            request = client.build_request(method, url, headers=headers, content=content)
            return await _follow(client, request, bounds, bounds.redirects)
    except TimeoutError:
        raise OutboundError(f"{url.host} took longer than {bounds.seconds} s.") from None
    except httpx.HTTPError as error:
        raise OutboundError(f"{url.host}: {type(error).__name__}") from error


async def _follow(
    client: httpx.AsyncClient, request: httpx.Request, bounds: Bounds, redirects: int
) -> Answer:
    response = await client.send(request, stream=True)
    try:
        if response.next_request is not None and redirects > 0:
            await response.aclose()
            _checked(str(response.next_request.url))
            return await _follow(client, response.next_request, bounds, redirects - 1)
        content = await _bounded(response, bounds.max_bytes)
    finally:
        await response.aclose()
    return Answer(response.status_code, response.headers, content)


async def _bounded(response: httpx.Response, max_bytes: int) -> bytes:
    """Raw: what is packed small may be large without end."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise OutboundError(f"{response.url.host} packed its answer, which was not asked for.")
    content = bytearray()
    async for block in response.aiter_raw():
        content += block
        if len(content) > max_bytes:
            raise OutboundError(f"{response.url.host} sent more than {max_bytes} bytes.")
    return bytes(content)


def _checked(url: str) -> httpx.URL:
    try:
        asked = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise OutboundRefused("This is not an address.") from error
    if asked.scheme not in {"http", "https"} or not asked.host or (asked.port or 0) > _LAST_PORT:
        raise OutboundRefused("Only http and https lead out.")
    if asked.userinfo:
        raise OutboundRefused("An address does not carry a name and a password.")
    return asked


@cache
def _certificates() -> SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Guarded(httpx.AsyncHTTPTransport):
    """Connects to an address that was checked, and still asks for the host by its name."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host
        port = request.url.port or {"http": 80, "https": 443}[request.url.scheme]
        addresses = await _resolve(name, port)
        for address in addresses:
            if not _is_open(address, port):
                raise OutboundRefused(f"{name} is not open to everybody.")
        return await self._try_each(addresses, request)

    async def _try_each(
        self, addresses: Sequence[Address], request: httpx.Request
    ) -> httpx.Response:
        named, failure = request.url, httpx.ConnectError("No address.")
        request.extensions = {**request.extensions, "sni_hostname": named.host}
        for address in addresses[:_TRIES]:
            request.url = named.copy_with(host=str(address))
            try:
                return await super().handle_async_request(request)
            except httpx.ConnectError as error:
                failure = error
            finally:
                request.url = named
        raise failure


async def _resolve(name: str, port: int) -> Sequence[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundError(f"{name} is not known.") from error
    return [ip_address(each[4][0]) for each in found]


def _is_open(address: Address, port: int) -> bool:
    """Whether anybody on the internet could go there; the owner's own networks may be added."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in ip_network(each) for each in settings.HTTP_ALLOWED_NETWORKS):
        return True
    if port not in PORTS or any(address in network for network in _TRANSLATED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
