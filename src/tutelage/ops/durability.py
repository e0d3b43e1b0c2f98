"""Settings of the database with which what was acknowledged can be lost at a crash."""

from typing import Final

from django.db import connection

from tutelage.config.environment import Environment

_OFF: Final = (
    "SELECT name FROM pg_settings WHERE setting = 'off' AND name IN "
    "('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
)


class NotDurable(RuntimeError):
    """The database may lose what it has said is saved."""


def find_switched_off() -> list[str]:
    """As this connection has them: for the server, this database or this role alone."""
    with connection.cursor() as cursor:
        cursor.execute(_OFF)
        return [name for (name,) in cursor.fetchall()]


def remedy(name: str) -> str:
    return f"ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf()"


def require_durability(env: Environment) -> None:
    """Refuse to begin on a database that may lose what people were told is saved.

    Raises:
        NotDurable: names what is off, and what mends it.
    """
    if env.is_throwaway:
        return
    off = find_switched_off()
    if off:
        raise NotDurable(
            f"The database runs with {' and '.join(off)} off: what people were told is saved can "
            "be lost at a crash, so Tutelage does not start. Mend it in psql:\n"
            + "\n".join(f"  {remedy(name)};" for name in off)
            + "\nIf it stays off, it is set for the role or the database: \\drds shows that."
        )
