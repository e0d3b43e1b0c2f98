"""What a person typed, and what is wrong with it: the one way forms work here.

A view reads the form, calls a service, and shows the form again when either finds a fault.
What was typed stays; `<c-field :field="form.title" …>` shows the value and its fault, and
`<c-faults :form="form" />` leads to each of them from the top:

    def goal_add(request: WebRequest) -> HttpResponse:
        form = read_form(AddGoal, request.POST)
        if form.given:
            try:
                services.add_goal(actor=request.user, given=form.given)
            except DomainError as error:
                form.add(error)
            else:
                return redirect("goals:list")
        return show_form(request, "goals/add.html", form)

A page that is opened for the first time shows `Form.of(title="…")`, or `Form()` when nothing is
known yet. For HTMX, give the partial that holds the form; the answer is 422 and replaces it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from pydantic import BaseModel, ValidationError

from tutelage.core.errors import DomainError
from tutelage.core.inputs import TYPED, invalid_input

M = TypeVar("M", bound=BaseModel)
_OWN: Final = frozenset({"errors", "said", "parts"})
_VERSION: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field as `<c-field>` wants it; Django's bound fields have the same three names."""

    html_name: str
    value: Any
    errors: tuple[str, ...]


@dataclass(slots=True)
class Form(Generic[M]):
    """Values as they were typed, faults by field, and the checked input if there are none."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    given: M | None = None
    said: str = ""
    status: int = 200

    @classmethod
    def of(cls, **values: object) -> "Form[M]":
        """A form that nobody has sent yet, with what is already known."""
        return cls({name: "" if value is None else value for name, value in values.items()})

    def __getitem__(self, name: str) -> Field:
        """Let a template say `form.title`; a name that was not sent is an empty field.

        Templates ask here before they look at attributes, so what is the form's own is passed by.
        """
        if name in _OWN:
            raise KeyError(name)
        fault = self.errors.get(name)
        return Field(name, self.value(name), (fault,) if fault else ())

    def value(self, name: str) -> object:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def add(self, error: DomainError) -> None:
        """Take up what a service refused. A fault without a field is said at the top."""
        self.given = None
        self.status, self.said = error.status, error.message
        for each in error.errors:
            name = each.field.partition(".")[0]  # of a part, such as a line, its field tells
            self.parts.setdefault(each.field, each.detail)
            self.errors.setdefault(name, each.detail)


def read_form(model: type[M], sent: QueryDict) -> Form[M]:
    """Check what was sent by the model the API uses; an empty field counts as absent.

    All of it is text, as people type: where a program has to send a number, `typed` allows that.
    """
    form: Form[M] = Form(_values(sent))
    filled = {name: value for name, value in form.values.items() if value not in ("", [])}
    try:
        form.given = model.model_validate(filled, context=TYPED)
    except ValidationError as faults:
        form.add(invalid_input(faults.errors()))
    return form


def show_form(
    request: HttpRequest, template: str, form: Form[Any], **context: object
) -> HttpResponse:
    """Render a page with its form, answering with the status of what was wrong."""
    return render(request, template, {"form": form, **context}, status=form.status)


def _values(sent: "MultiValueDict[str, str]") -> dict[str, Any]:
    """One value by name, or a list where a name was sent more than once or ends in `[]`."""
    return {
        name.removesuffix("[]"): values if name.endswith("[]") or len(values) > 1 else values[0]
        for name, values in sent.lists()
        if name != "csrfmiddlewaretoken"
    }


def seen_version(sent: QueryDict) -> int | None:
    """The version that the form was made from. What is no number is older than all there are."""
    text = sent.get("version")
    if text is None:
        return None
    return int(text) if _VERSION.fullmatch(text) else 0
