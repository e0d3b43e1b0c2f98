"""What holds for every page: a login, the reader's language, and the reader's zone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import middleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Every page needs a login unless it says otherwise; the API answers 401 by itself."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class LocaleAndZoneMiddleware:
    """Speaks the language, and shows the times, of the person who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return self.get_response(request)
        user = request.user
        language = (
            user.locale if user.is_authenticated else translation.get_language_from_request(request)
        )
        zone = user.own_zone if user.is_authenticated else "UTC"
        with translation.override(language), timezone.override(zone):
            return self.get_response(request)
