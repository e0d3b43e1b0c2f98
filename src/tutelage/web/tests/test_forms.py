"""What was typed stays, and each fault stands with its field."""

from django.http import QueryDict

from tutelage.core.errors import Conflict, invalid_field
from tutelage.domain.people.inputs import AddPerson, MakeToken
from tutelage.web.forms import Form, read_form


def test_what_was_typed_stays_beside_what_is_wrong_with_it() -> None:
    form = read_form(AddPerson, QueryDict("name=Aroha&email=nowhere&csrfmiddlewaretoken=x"))

    assert form.given is None
    assert form.status == 422
    assert (form.value("name"), form.value("email")) == ("Aroha", "nowhere")
    assert form["email"].errors == ("This is not an e-mail address, as in name@example.org.",)
    assert form["name"].errors == ()


def test_an_empty_field_counts_as_absent() -> None:
    form = read_form(MakeToken, QueryDict("name=laptop&days="))

    assert form.given == MakeToken(name="laptop")
    assert form.status == 200


def test_what_a_service_refuses_is_shown_with_its_field() -> None:
    form = read_form(AddPerson, QueryDict("name=Aroha&email=a@example.org"))
    form.add(invalid_field("email", "Somebody has it."))

    assert form.given is None
    assert form.error("email") == "Somebody has it."
    assert form.said == "Somebody has it."


def test_a_refusal_without_a_field_is_said_at_the_top() -> None:
    form: Form[AddPerson] = Form.of(name="Aroha", email=None)
    form.add(Conflict("The slot is taken."))

    assert (form.said, form.status, form.errors) == ("The slot is taken.", 409, {})
    assert form.value("email") == ""


def test_a_field_sent_more_than_once_is_a_list() -> None:
    form = read_form(AddPerson, QueryDict("name=Aroha&email=a@example.org&step[]=one&step[]="))

    assert form.value("step") == ["one", ""]
