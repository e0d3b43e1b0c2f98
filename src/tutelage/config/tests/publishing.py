"""The whole web process, with a page that changes something and a page that is slow to stop."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tutelage.config.asgi import application
from tutelage.core.events import Event, publish

__all__ = ["application"]


class Noted(Event):
    type: ClassVar = "session.noted"
    subject_type: ClassVar = "session"


@transaction.atomic
def note(_request: HttpRequest, subject: UUID) -> HttpResponse:
    publish(Noted(subject_id=subject, actor_id=None))
    return HttpResponse()


def undo(_request: HttpRequest, subject: UUID) -> HttpResponse:
    with transaction.atomic():
        publish(Noted(subject_id=subject, actor_id=None))
        transaction.set_rollback(True)
    return HttpResponse()


note.login_required = undo.login_required = False  # type: ignore[attr-defined]  # as Django marks them
urlpatterns = [path("note/<uuid:subject>", note), path("undo/<uuid:subject>", undo)]
settings.ROOT_URLCONF = __name__
