"""The product without limits on tries, to show that without them the tries would get through.

Only tests serve it, in a process of its own: nothing in the product can switch them off.
"""

from django.conf import settings

from tutelage.config.asgi import application

__all__ = ["application"]

settings.ACCOUNT_RATE_LIMITS = False
