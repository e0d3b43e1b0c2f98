"""A real mail server, that keeps what it was sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from tutelage.core.tests.ports import free_port


class Sink(Message):
    """Keeps each mail; `answer` is what it says to the end of the data."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.answer = "250 OK"

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.answer.startswith("250"):
            await super().handle_DATA(server, session, envelope)
        return self.answer


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield sink
    controller.stop()
