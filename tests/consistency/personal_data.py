"""Where the database holds something of a person: asked of the models themselves."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

# Written by us or by libraries for programs: codes, digests, names of zones and of jobs.
_NOT_OF_PEOPLE: Final = {
    "auth_group", "auth_permission", "django_content_type", "procrastinate_jobs",
    "procrastinate_periodic_defers", "procrastinate_events", "procrastinate_workers",
    "reader_cursor", "setup_link",
}  # fmt: skip
_NUMBERS: Final = {"xid"}  # of transactions; they come as text
_LONGEST_CODE: Final = 64


def personal_columns() -> set[str]:
    """`table.column` of all that points to a person, or can hold what a person wrote."""
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in _fields(model)
    }


def _fields(model: type[models.Model]) -> Iterator["models.Field[Any, Any]"]:
    if model._meta.db_table in _NOT_OF_PEOPLE:
        return
    for field in model._meta.local_concrete_fields:
        if field.related_model is get_user_model() or field.name == "actor_id" or _is_free(field):
            yield field


def _is_free(field: "models.Field[Any, Any]") -> bool:
    """Text of any length, or a short one that no list of choices and no digest fills."""
    if field.name in _NUMBERS:
        return False
    if isinstance(field, models.TextField | models.JSONField | models.GenericIPAddressField):
        return True
    is_text = isinstance(field, models.CharField) and not field.choices
    return is_text and (field.max_length or 0) > _LONGEST_CODE
