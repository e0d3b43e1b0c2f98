"""The database cannot just now: that is said so, by 503 and when to come back, and not as a fault.

What lost against somebody else was tried again before, by `tutelage.core.transactions`.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tutelage.api.problems import problem
from tutelage.config import storage
from tutelage.core.transactions import COME_BACK_SECONDS, TROUBLES
from tutelage.web.errors import busy_page

log = logging.getLogger(__name__)


class TroubleMiddleware:
    """Stands last, so that it is asked first what a view's exception means."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TROUBLES):
            return None
        storage.remember(error)
        log.error("The database did not serve a request.", exc_info=error)
        if not request.path.startswith("/api/"):
            return busy_page(request)
        said = problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("The database is busy just now. Send this again in a moment."),
        )
        said["Retry-After"] = str(COME_BACK_SECONDS)
        return said
