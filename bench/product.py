"""The product in this process: as in production, on a database that can be changed for another.

Called as: python -m bench.product DSN, it brings a database's tables up to date, and writes down
what the worker would have.
"""

import logging
import os
import sys
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict


def load(dsn: str, home: Path) -> None:
    """As in production, and not as in tests: with static files collected, and its own keys."""
    _set_up(dsn, home)
    from tutelage.config.environment import read
    from tutelage.ops import static

    static.collect(read().home)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)


def turn_to(dsn: str) -> None:
    """Ask another database from now on, on the same server."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = conninfo_to_dict(dsn)["dbname"]
    os.environ["DATABASE_URL"] = dsn


def _set_up(dsn: str, home: Path) -> None:
    os.environ |= {
        "DATABASE_URL": dsn,
        "TUTELAGE_HOME": str(home),
        "TUTELAGE_PROFILE": "production",
        "LOG_LEVEL": "INFO",
        "DJANGO_SETTINGS_MODULE": "tutelage.config.settings",
    }
    import django

    django.setup()


def main(dsn: str) -> int:
    from bench.kept import HOME

    _set_up(dsn, HOME.path / "product")
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from tutelage.domain.insights.services import keep_facts

    while keep_facts():
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
