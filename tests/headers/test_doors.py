"""Nothing that is left open by mistake elsewhere is open here."""

import pytest
from django.conf import settings
from tests.headers.test_closing import raw_answer

from tutelage.config.tests.serving import Served

TRAVERSING = (
    "/static/../manage.py",
    "/static/../../manage.py",
    "/static/../../../../../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/manage.py",
    "/static/..%2f..%2fmanage.py",
    "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/static/..%5c..%5cmanage.py",
    "/static/....//....//manage.py",
    "/static/%252e%252e/manage.py",
    "/static/..%00/manage.py",
    "/static/..%c0%af..%c0%afetc/passwd",
    "/static//etc/passwd",
    "/static/./../../config/settings.py",
)
FORGOTTEN = (
    "/.git", "/.git/", "/.git/HEAD", "/.git/config", "/.env", "/.ci/run", "/.well-known/../.env",
    "/admin", "/admin/", "/admin/login/", "/django-admin/", "/__debug__/", "/debug", "/metrics",
    "/manage.py", "/pyproject.toml", "/server-status", "/phpinfo.php", "/media/", "/files/",
    "/api/.env", "/static/", "/static/app.js.map", "/docs", "/api/schema", "/graphql",
)  # fmt: skip
# Words of what the addresses above would be if they were there.
TELLING = (
    "root:",
    "[core]",
    "import os",
    "execute_from_command_line",
    "Traceback",
    "DEBUG = True",
    "Index of",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("addresses", [TRAVERSING, FORGOTTEN], ids=["traversing", "forgotten"])
def test_there_is_nothing(web: Served, addresses: tuple[str, ...]) -> None:
    """Sent as they are: a client that knows its manners would tidy them up."""
    for address in addresses:
        status, body = raw_answer(web, address)

        assert status in {400, 404}, address
        assert [word for word in TELLING if word in body] == [], address


def test_no_profile_shows_what_went_wrong_inside() -> None:
    assert settings.DEBUG is False
    assert "debug" not in " ".join([*settings.INSTALLED_APPS, *settings.MIDDLEWARE]).lower()
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
