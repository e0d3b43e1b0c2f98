"""Where in a text the words stand that somebody looked for."""

import re

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString


def marked(text: str, sought: str) -> SafeString:
    """The text, escaped, with each hit marked; nothing is marked when nothing was sought."""
    if not sought:
        return conditional_escape(text)
    parts = re.split(f"({re.escape(sought)})", text, flags=re.IGNORECASE)
    pieces = (
        format_html("<mark>{}</mark>", part) if number % 2 else conditional_escape(part)
        for number, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))
