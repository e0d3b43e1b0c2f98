"""What every page's frame needs: where one can go, and the theme of this browser."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from tutelage.web.addresses import address


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. It is current on every page of its area."""

    name: str
    label: str | Promise
    icon: str
    short: str | Promise = ""

    @property
    def area(self) -> str:
        return self.name.rpartition(":")[0] or self.name


@dataclass(frozen=True, slots=True)
class Entry:
    href: str
    label: str
    icon: str
    short: str
    current: bool


MAIN: Final = (
    Place("home", _("Home"), "house"),
    Place("mentorships:list", _("Mentorships"), "handshake"),
    Place("history:list", _("Session history"), "history", short=_("Sessions")),
)
ADMINISTRATION: Final = (
    Place("people:list", _("People"), "users"),
    Place("imports:list", _("Import"), "file-up"),
    Place("design:show", _("Design"), "swatch-book"),
)
ACCOUNT: Final = (Place("settings:profile", _("Settings"), "settings"),)


def _area(request: HttpRequest) -> str | None:
    """Which place a page belongs to; allauth's pages are part of the settings."""
    match = request.resolver_match
    if match is None:
        return None
    if request.path.startswith("/account/"):
        return "settings"
    return match.namespace or match.url_name


def entries(request: HttpRequest, places: tuple[Place, ...]) -> list[Entry]:
    """The places, with the one marked where the reader is."""
    here = _area(request)
    return [
        Entry(
            address(place.name),
            str(place.label),
            place.icon,
            str(place.short or place.label),
            current=place.area == here,
        )
        for place in places
    ]


def _once(request: HttpRequest, places: tuple[Place, ...]) -> Callable[[], list[Entry]]:
    """Each stands on a page several times: beside it, below it, and behind a button."""
    return cache(partial(entries, request, places))


def frame(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme")
    return {
        "site_name": settings.SITE_NAME,
        "signup_open": settings.SIGNUP == "open",
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "theme": theme if theme in {"light", "dark"} else "",
        "main_places": _once(request, MAIN),
        "admin_places": _once(request, ADMINISTRATION),
        "account_places": _once(request, ACCOUNT),
    }
