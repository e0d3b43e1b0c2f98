"""What comes in from outside. Everything that must never reach the database stops here."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final
from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from tutelage.core.errors import FieldError, InvalidInput


class Input(BaseModel):
    """Base of every input, read by API and pages alike; what it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def clean(text: str) -> str:
    """Stop signs that nobody can see, and that the database or a program would choke on."""
    if any(category(sign) in {"Cc", "Cs"} and sign not in "\t\r\n" for sign in text):
        raise PydanticCustomError(
            "unprintable", _("There are control characters in this text. Remove them.")
        )
    return text


def _not_a_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "")
    return value


TYPED: Final = {"typed": True}


def is_typed(known: ValidationInfo) -> bool:
    """Whether a page's form sent it, whose fields are all text; a program means what it says."""
    return known.context == TYPED


def _true_or_false(value: object, known: ValidationInfo) -> object:
    if not isinstance(value, bool) and not is_typed(known):
        raise PydanticCustomError("bool_type", "")
    return value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    AfterValidator(clean),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]*$"),
    AfterValidator(clean),
]
LongLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\r\n]*$"),
    AfterValidator(clean),
]
OptionalText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(clean)
]
Count = Annotated[int, BeforeValidator(_not_a_boolean)]
Flag = Annotated[bool, BeforeValidator(_true_or_false)]


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise PydanticCustomError(
            "email", _("This is not an e-mail address, as in name@example.org.")
        ) from None
    return text.lower()


def _web_link(text: str) -> str:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise PydanticCustomError(
            "link", _("This is not a link, as in https://meet.example.org/room.")
        ) from None
    return text


Email = Annotated[Line, AfterValidator(_address)]
Link = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000),
    AfterValidator(clean),
    AfterValidator(_web_link),
]


def _too_many_signs(context: Mapping[str, Any]) -> str:
    return ngettext(
        "At most %(count)d character.", "At most %(count)d characters.", context["max_length"]
    ) % {"count": context["max_length"]}


def _too_long(context: Mapping[str, Any]) -> str:
    """A length that is set after other rules of a text counts as one of anything (pydantic)."""
    if context["field_type"] == "Value":
        return _too_many_signs(context)
    return ngettext(
        "At most %(count)d entry.", "At most %(count)d entries.", context["max_length"]
    ) % {"count": context["max_length"]}


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "missing": lambda _c: _("This is needed."),
    "extra_forbidden": lambda _c: _("This is not known here."),
    "string_too_short": lambda _c: _("This is needed."),
    "string_too_long": _too_many_signs,
    "string_pattern_mismatch": lambda _c: _("This has to fit on one line."),
    "string_type": lambda _c: _("This has to be text."),
    "string_unicode": lambda _c: _("This text is not valid Unicode."),
    "int_type": lambda _c: _("This has to be a whole number."),
    "int_parsing": lambda _c: _("This has to be a whole number."),
    "int_parsing_size": lambda _c: _("This number is too large."),
    "int_from_float": lambda _c: _("This has to be a whole number."),
    "greater_than_equal": lambda c: _("At least %(limit)s.") % {"limit": _plain(c["ge"])},
    "less_than_equal": lambda c: _("At most %(limit)s.") % {"limit": _plain(c["le"])},
    "less_than": lambda c: _("Less than %(limit)s.") % {"limit": _plain(c["lt"])},
    "bool_parsing": lambda _c: _("This has to be true or false."),
    "bool_type": lambda _c: _("This has to be true or false."),
    "enum": lambda c: _("One of %(words)s.") % {"words": c["expected"]},
    "literal_error": lambda c: _("One of %(words)s.") % {"words": c["expected"]},
    "union_tag_invalid": lambda c: _("One of %(words)s.") % {"words": c["expected_tags"]},
    "union_tag_not_found": lambda _c: _("Say which action is meant."),
    "datetime_parsing": lambda _c: _("This is not a date and time."),
    "datetime_from_date_parsing": lambda _c: _("This is not a date and time."),
    "datetime_type": lambda _c: _("This is not a date and time."),
    "timezone_aware": lambda _c: _("The time zone is missing, as in 2026-07-01T12:00:00Z."),
    "timezone_naive": lambda _c: _("Leave the offset away: the zone has a field of its own."),
    "date_parsing": lambda _c: _("This is not a date."),
    "date_from_datetime_parsing": lambda _c: _("This is not a date."),
    "date_from_datetime_inexact": lambda _c: _("This is not a date."),
    "date_type": lambda _c: _("This is not a date."),
    "time_parsing": lambda _c: _("This is not a time of day, as in 09:30."),
    "time_type": lambda _c: _("This is not a time of day, as in 09:30."),
    "uuid_parsing": lambda _c: _("This is not an id."),
    "uuid_type": lambda _c: _("This is not an id."),
    "list_type": lambda _c: _("This has to be a list."),
    "too_long": _too_long,
    "model_type": lambda _c: _("This has to be an object with named fields."),
    "model_attributes_type": lambda _c: _("This has to be an object with named fields."),
    "dict_type": lambda _c: _("This has to be an object with named fields."),
}


def _plain(limit: object) -> str:
    return f"{limit:f}" if isinstance(limit, Decimal) else str(limit)


def _place(error: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Where the fault is; of a union the field that tells its members apart, not the whole."""
    place: tuple[int | str, ...] = tuple(error["loc"])
    if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return (*place, str(error["ctx"]["discriminator"]).strip("'"))
    return place


def _say(error: Mapping[str, Any]) -> str:
    """The reader's own language; a rule without a translation speaks as pydantic does."""
    word = _WORDS.get(error["type"])
    if word is None:
        return str(error["msg"]).removeprefix("Value error, ")
    return word(error.get("ctx", {}))


def invalid_input(errors: Iterable[Any], *, tags: Iterable[str] = ()) -> InvalidInput:
    """Turn pydantic's error details into ours, each naming its field; none is the whole input.

    `tags` are the names of a union's members, which pydantic puts before the field.
    """
    known = set(tags)
    fields = [([part for part in _place(each) if part not in known], _say(each)) for each in errors]
    return InvalidInput(
        _("Some values are not valid."),
        errors=[FieldError(".".join(map(str, path)), message) for path, message in fields],
    )
