"""What every answer says to a browser, whoever gave it: Django, the events, health, a refusal."""

from functools import cache
from typing import Final

from django.conf import settings

from tutelage.realtime.asgi import Application, Headers, Message, Receive, Scope, Send

_NOT_USED: Final = (
    "camera", "microphone", "geolocation", "display-capture", "payment", "usb", "midi"
)  # fmt: skip
# For what is no page: nothing in it is to be loaded, run, framed or sent anywhere.
_NO_PAGE: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)


@cache
def closing() -> Headers:
    """Keeps answers out of caches and out of other sites, and takes powers we do not use away."""
    said = {
        "content-security-policy": _NO_PAGE,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{power}=()" for power in _NOT_USED),
        "cache-control": "no-store",
    }
    if settings.SECURE:
        # Also where nobody tells us that the way to the proxy in front of us was a safe one.
        years = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        said["strict-transport-security"] = years
    return [(name.encode(), value.encode()) for name, value in said.items()]


def closed(application: Application) -> Application:
    """Say what the application left out; what it says itself stands."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                left_out = [each for each in closing() if each[0] not in own]
                message = {**message, "headers": [*message["headers"], *left_out]}
            await send(message)

        await application(scope, receive, send_closed)

    return serve
