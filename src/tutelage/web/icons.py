"""Icons, stars and states as they are drawn; each of them once a process."""

import re
from functools import cache, lru_cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from tutelage.web import words

_GAPS: Final = re.compile(r">\s+<")


@cache
def drawing(name: str, classes: str = "") -> SafeString:
    """Icons are a fixed set."""
    drawn = lucide(name, size=None, **{"class": f"i {classes}".strip(), "aria-hidden": "true"})
    return mark_safe(_GAPS.sub("><", drawn))  # noqa: S308  # from the icon package, by a name of ours


@cache
def drawn_stars(count: int) -> SafeString:
    """Five stars, as many of them full as were given; the page has drawn one by `icon_once`."""
    one = '<svg class="{}" aria-hidden="true"><use href="#icon-star"/></svg>'
    drawn = "".join(one.format("i" if star <= count else "i off") for star in range(1, 6))
    return mark_safe(drawn)  # noqa: S308  # nothing of it comes from outside


@lru_cache(maxsize=500)
def drawn_status(code: str, word: str) -> SafeString:
    """Where a session stands: never by colour alone."""
    icon = drawing(words.STATUSES[code].icon)
    return format_html('<span class="status" data-status="{}">{}{}</span>', code, icon, word)


@lru_cache(maxsize=2_000)
def drawn_avatar(person_id: int, name: str, size: str = "") -> SafeString:
    """Initials on a hue, in the place of a picture."""
    drawn = '<span class="avatar {}" data-hue="{}" aria-hidden="true">{}</span>'
    return format_html(drawn, size, words.hue(person_id), words.initials(name))
