"""The doctor on settings that are each possible, and dangerous as they stand together."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from tutelage.config.environment import Environment
from tutelage.ops.doctor.findings import Finding, fail, ok, warn

_LOCAL_NAMES: Final = {"", "localhost", "127.0.0.1", "::1"}
_GUARDED: Final = {"require", "verify-ca", "verify-full"}
# Loopback, and where clouds answer with their secrets.
_NEVER: Final = tuple(map(ip_network, ("127.0.0.0/8", "169.254.0.0/16", "::1/128", "fe80::/10")))


def choices(env: Environment) -> Iterator[Finding]:
    found = [*_doors(env), *_wires(env), *_keys(env)]
    yield from found
    if not found:
        yield ok("settings", "None is dangerous.")


def _doors(env: Environment) -> Iterator[Finding]:
    """How people come in."""
    is_open = env.host not in _LOCAL_NAMES
    is_secure = env.address.startswith("https://")
    if not is_secure and env.hostname not in _LOCAL_NAMES:
        text = f"{env.address} is not https: passwords travel readable, passkeys do not work."
        yield fail("settings", text, "put a proxy with TLS in front, set BASE_URL=https://…")
    if is_secure and not env.trusted_proxies:
        text = "The address is https, but no proxy is trusted: what it says of callers is ignored."
        yield warn("settings", text, "set TRUSTED_PROXIES=1")
    if is_open and env.trusted_proxies:
        text = f"Whoever reaches {env.host}:{env.port} past the proxy can claim any address."
        yield warn("settings", text, "set HOST=127.0.0.1, or let only the proxy reach that port")
    if env.signup == "open" and not env.smtp_host:
        text = "Anybody may sign up, but no mail can ask them whether the address is theirs."
        yield warn("settings", text, "set SMTP_HOST, or SIGNUP=closed")


def _wires(env: Environment) -> Iterator[Finding]:
    """What travels readable between machines, and where we can be sent."""
    if env.smtp_user and env.smtp_security == "none" and env.smtp_host not in _LOCAL_NAMES:
        text = f"The password for {env.smtp_host} travels readable."
        yield fail("settings", text, "set SMTP_SECURITY=starttls, or tls")
    database = conninfo_to_dict(env.database_url)
    host = str(database.get("host", "") or "")
    is_near = host in _LOCAL_NAMES or host.startswith("/")
    if env.database_url and not is_near and database.get("sslmode") not in _GUARDED:
        text = f"All data travels readable between here and {host}, or may."
        yield warn("settings", text, "add sslmode=verify-full (or require) to DATABASE_URL")
    for text in env.http_allowed_networks:
        network = ip_network(text, strict=False)
        if any(network.version == each.version and network.overlaps(each) for each in _NEVER):
            told = f"{text} lets addresses that people type reach this machine's own services."
            yield fail("settings", told, "leave it out of HTTP_ALLOWED_NETWORKS")


def _keys(env: Environment) -> Iterator[Finding]:
    if env.is_throwaway:
        text = f"TUTELAGE_PROFILE is {env.tutelage_profile}: the keys are known to everybody."
        yield fail("settings", text, "unset TUTELAGE_PROFILE")
