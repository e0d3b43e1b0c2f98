"""Django, as the bridge runs it."""

import os
from typing import Final

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.urls import get_resolver

# A thread that waits serves nobody else. Jobs and migrations may take longer.
PATIENCE: Final = "-c lock_timeout=3s -c statement_timeout=15s"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutelage.config.settings")
application = get_wsgi_application()
_pages = get_resolver().url_patterns  # loads all views: now, and not when the first one asks


def limit_waiting() -> None:
    """Of the whole process, before it serves."""
    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"{options['options']} {PATIENCE}"
