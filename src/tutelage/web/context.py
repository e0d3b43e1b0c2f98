"""What every page's frame needs: where one can go, and the theme of this browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, NamedTuple, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from tutelage.web import words
from tutelage.web.addresses import address
from tutelage.web.icons import drawing, drawn_avatar
from tutelage.web.requests import WebRequest


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


class Entry(NamedTuple):
    href: str
    label: str
    icon: SafeString
    short: str
    current: bool


class Frame(NamedTuple):
    """What stands around a page; `{% part %}` draws it."""

    main: Sequence[Entry]
    administration: Sequence[Entry]
    account: Sequence[Entry]
    name: str
    avatar: SafeString
    here: str
    place: str


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


@words.once
def _entries(places: tuple[Place, ...], here: str | None, _language: str) -> Sequence[Entry]:
    """The places, with the one marked where the reader is."""
    return [
        Entry(
            address(place.name),
            str(place.label),
            drawing(place.icon),
            str(place.short or place.label),
            current=place.area == here,
        )
        for place in places
    ]


def _around(request: WebRequest) -> Frame:
    user, here, language = request.user, _area(request), get_language()
    return Frame(
        main=_entries(MAIN, here, language),
        administration=_entries(ADMINISTRATION, here, language) if user.is_admin else (),
        account=_entries(ACCOUNT, here, language),
        name=user.name,
        avatar=drawn_avatar(user.pk, user.name),
        here=words.place_and_hour(user.own_zone),
        place=words.place(user.own_zone),
    )


def frame(request: HttpRequest) -> dict[str, object]:
    """`frame` is only put together when a template asks for it, as `base.html` alone does."""
    theme = request.COOKIES.get("theme")
    return {
        "site_name": settings.SITE_NAME,
        "signup_open": settings.SIGNUP == "open",
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "theme": theme if theme in {"light", "dark"} else "",
        "frame": cache(partial(_around, cast("WebRequest", request))),
    }
