"""Django, as the bridge runs it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutelage.config.settings")
application = get_wsgi_application()
