"""What holds for every page: a login, and the reader's language and zone."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponse]


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

    def handle_no_permission(  # type: ignore[override]  # any answer will do
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """A part of a page cannot be the login page: HTMX is sent to it as a whole."""
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
        return super().handle_no_permission(request, view_func)


class LocaleAndZoneMiddleware:
    """Speaks the language, and shows the times, of the person who is logged in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):  # says itself who is calling
            with translation.override(translation.get_language_from_request(request)):
                return self.get_response(request)
        # The person, and not Django's proxy, which every page would go through hundreds of times.
        user = request.user = middleware.get_user(request)
        language = (
            user.locale if user.is_authenticated else translation.get_language_from_request(request)
        )
        zone = user.own_zone if user.is_authenticated else "UTC"
        with translation.override(language), timezone.override(zone):
            return self.get_response(request)


class CompressedPagesMiddleware(GZipMiddleware):
    """Not for the API: compressed, its ETags would be weak, and no `If-Match` takes those.

    Django lengthens each response by a random amount, so that its size tells no secret in it.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith("/api/"):
            return response
        return super().process_response(request, response)
