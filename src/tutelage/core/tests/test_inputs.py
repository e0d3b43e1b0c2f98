"""What is wrong with an input is told in our own words, at its field; and what texts may be."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from django.utils import translation
from pydantic import AwareDatetime, Field, NaiveDatetime, ValidationError, create_model

from tutelage.core.inputs import (
    TYPED,
    Count,
    Email,
    Flag,
    Input,
    Line,
    Link,
    LongLine,
    OptionalText,
    Text,
    invalid_input,
)
from tutelage.core.tests.limits import takes, takes_signs
from tutelage.core.times import Day, Instant, LocalTime


def words(kind: Any, value: object) -> str:
    """What is said of a value in a field of this kind."""
    model = create_model("Asked", __base__=Input, field=(kind, ...))
    with pytest.raises(ValidationError) as refused:
        model.model_validate({"field": value})
    [error] = invalid_input(refused.value.errors()).errors
    assert error.field.startswith("field")
    return error.detail


class Person(Input):
    name: str


class Start(Input):
    action: Literal["start"]


class End(Input):
    action: Literal["end"]


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


Move = Annotated[Start | End, Field(discriminator="action")]
NEEDED, WHOLE = "This is needed.", "This has to be a whole number."
MOMENT, DATE = "This is not a date and time.", "This is not a date."
CLOCK, ID = "This is not a time of day, as in 09:30.", "This is not an id."
OBJECT = "This has to be an object with named fields."


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Text, " ", NEEDED),
        (Text, 5, "This has to be text."),
        (Text, "\ud800", "This text is not valid Unicode."),
        (Text, "a\x07", "There are control characters in this text. Remove them."),
        (Line, "a\nb", "This has to fit on one line."),
        (Line, "x" * 201, "At most 200 characters."),
        (Annotated[str, Field(max_length=1)], "xx", "At most 1 character."),
        (Annotated[Line, Field(max_length=9)], "x" * 10, "At most 9 characters."),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "At most 1 entry."),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "At most 2 entries."),
        (Count, None, WHOLE),
        (Count, True, WHOLE),
        (Count, "one", WHOLE),
        (Count, 1.5, WHOLE),
        (Count, "9" * 5_000, "This number is too large."),
        (Annotated[Count, Field(ge=1)], 0, "At least 1."),
        (Annotated[Count, Field(le=5)], 6, "At most 5."),
        (Annotated[Count, Field(lt=5)], 5, "Less than 5."),
        (Annotated[Decimal, Field(le=Decimal("1E+2"))], 101, "At most 100."),
        (bool, "perhaps", "This has to be true or false."),
        (bool, [], "This has to be true or false."),
        (Role, "king", "One of 'user' or 'admin'."),
        (Literal["a", "b"], "c", "One of 'a' or 'b'."),
        (datetime, "soon", MOMENT),
        (NaiveDatetime, "2026-13-01", MOMENT),
        (datetime, [], MOMENT),
        (
            AwareDatetime,
            "2026-07-01T12:00",
            "The time zone is missing, as in 2026-07-01T12:00:00Z.",
        ),
        (LocalTime, "2026-07-01T12:00Z", "Leave the offset away: the zone has a field of its own."),
        (Day, "5", DATE),
        (Day, 5, DATE),
        (Instant, 5, DATE),
        (date, "soon", DATE),
        (date, "2026-07-01T12:00", DATE),
        (date, [], DATE),
        (time, "noon", CLOCK),
        (time, [], CLOCK),
        (UUID, "seven", ID),
        (UUID, 7, ID),
        (list[int], 7, "This has to be a list."),
        (Person, "Ana", OBJECT),
        (dict[str, int], "Ana", OBJECT),
        (Person, {}, NEEDED),
        (Person, {"name": "Ana", "age": 7}, "This is not known here."),
        (Move, {"action": "stop"}, "One of 'start', 'end'."),
        (Move, {}, "Say which action is meant."),
        (Email, "ana", "This is not an e-mail address, as in name@example.org."),
        (Link, " ", NEEDED),
        (Link, "x", "This is not a link, as in https://meet.example.org/room."),
        (Link, "room", "This is not a link, as in https://meet.example.org/room."),
        (Link, "ftp://example.org/", "This is not a link, as in https://meet.example.org/room."),
    ],
)
def test_what_is_wrong_is_said_in_our_words_and_in_those_of_the_reader(
    kind: Any, value: object, said: str
) -> None:
    assert words(kind, value) == said
    with translation.override("es"):
        assert words(kind, value) != said


def test_a_fault_is_at_its_field_however_deep() -> None:
    class Group(Input):
        people: list[Person]
        move: Move

    with pytest.raises(ValidationError) as refused:
        Group.model_validate({"people": [{"name": 5}], "move": {"action": "start", "to": 1}})

    errors = invalid_input(refused.value.errors(), tags=["start", "end"]).errors
    assert [each.field for each in errors] == ["people.0.name", "move.to"]


def test_an_action_that_is_not_known_is_at_its_own_field() -> None:
    class Moved(Input):
        move: Move

    for given in ({"action": "stop"}, {}):
        with pytest.raises(ValidationError) as refused:
            Moved.model_validate({"move": given})
        assert [e.field for e in invalid_input(refused.value.errors()).errors] == ["move.action"]


@pytest.mark.parametrize(
    ("kind", "most"), [(Text, 10_000), (OptionalText, 10_000), (Line, 200), (LongLine, 500)]
)
def test_texts_are_so_long_and_not_longer_without_the_space_around_them(
    kind: Any, most: int
) -> None:
    model = create_model("Asked", __base__=Input, field=(kind, ...))

    assert takes_signs(model, {}, "field", most)
    assert model.model_validate({"field": f" {'x' * most}\t"}).model_dump()["field"] == "x" * most
    assert takes(model, {"field": " "}) is (kind is OptionalText)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_signs_that_nobody_can_see_are_stopped_and_line_ends_and_tabs_are_not(sign: str) -> None:
    model = create_model("Asked", __base__=Input, field=(Text, ...))

    assert not takes(model, {"field": f"a{sign}b"})
    assert takes(model, {"field": "a\tb\r\nc\u200d"})


def test_an_address_is_kept_in_small_letters() -> None:
    model = create_model("Asked", __base__=Input, field=(Email, ...))

    assert model.model_validate({"field": "Ana@Example.ORG"}).model_dump() == {
        "field": "ana@example.org"
    }


class Ticked(Input):
    done: Flag


@pytest.mark.parametrize("stand_in", [0, 1, 1.0, "true", "1", "on"])
def test_a_program_says_true_or_false_and_a_form_may_say_it_in_other_words(
    stand_in: object,
) -> None:
    with pytest.raises(ValidationError) as refused:
        Ticked.model_validate({"done": stand_in})
    [fault] = invalid_input(refused.value.errors()).errors
    assert (fault.field, fault.detail) == ("done", "This has to be true or false.")

    typed = Ticked.model_validate({"done": stand_in}, context=TYPED)
    assert typed.done is bool(stand_in)
    assert Ticked.model_validate({"done": bool(stand_in)}).done is bool(stand_in)
