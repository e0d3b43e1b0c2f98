"""What an input takes, tried on both sides of each limit."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError


def takes(model: type[BaseModel], given: Mapping[str, Any]) -> bool:
    try:
        model.model_validate(dict(given))
    except ValidationError:
        return False
    return True


def takes_from(
    model: type[BaseModel], given: Mapping[str, Any], field: str, least: int, most: int
) -> bool:
    """Whether the smallest and the largest number are taken, and none beside them."""
    numbers = (least - 1, least, most, most + 1)
    return [takes(model, {**given, field: each}) for each in numbers] == [False, True, True, False]


def takes_signs(model: type[BaseModel], given: Mapping[str, Any], field: str, most: int) -> bool:
    """Whether a text of so many signs is taken, and none of one more."""
    texts = ("x" * most, "x" * (most + 1))
    return [takes(model, {**given, field: each}) for each in texts] == [True, False]
