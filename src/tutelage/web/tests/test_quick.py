"""The quick tags say what Django's own say."""

from uuid import UUID

import pytest
from django.template import engines
from django.template.base import NodeList
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tutelage.web.templatetags.quick import Address, Words

KEY = UUID("01890000-0000-7000-8000-000000000001")


def _nodes(source: str) -> NodeList:
    nodes: NodeList = engines["django"].from_string(source).template.nodelist  # type: ignore[attr-defined]  # of Django's own
    return nodes


def _said(source: str, **given: object) -> str:
    return engines["django"].from_string(source).render(given)


def test_a_text_is_said_in_the_language_that_is_spoken() -> None:
    page = engines["django"].from_string('{% translate "Home" %}')
    said = []
    for language in ("en", "es", "en"):
        with translation.override(language):
            said.append(page.render())
    assert said == ["Home", "Inicio", "Home"]
    assert isinstance(_nodes('{% translate "Home" %}')[0], Words)


def test_a_text_can_be_kept_under_a_name() -> None:
    page = '{% for _n in "ab" %}{% translate "Home" as word %}[{{ word }}]{% endfor %}'
    with translation.override("es"):
        assert _said(page) == "[Inicio][Inicio]"


@pytest.mark.parametrize(
    "source",
    [
        "{% translate word %}",
        '{% translate "home"|title %}',
        '{% translate "Home" noop %}',
        '{% translate "Home" context "hour" %}',
        '{% translate "100%" %}',
    ],
)
def test_what_is_not_plain_is_as_django_says_it(source: str) -> None:
    plain = source.replace("{% translate", "{% trans")  # Django's own name for it, left alone
    with translation.override("es"):
        assert _said(source, word="Home") == _said(plain, word="Home")


def test_an_address_is_the_one_that_reverse_says() -> None:
    assert isinstance(_nodes('{% url "home" %}')[0], Address)
    assert _said('{% url "home" %}') == "/"
    page = '{% url "sessions:detail" key %}'
    other = UUID(int=KEY.int + 1)
    assert _said(page, key=KEY) == reverse("sessions:detail", args=[KEY])
    assert _said(page, key=other) == reverse("sessions:detail", args=[other])
    assert _said(page, key=str(KEY)) == reverse("sessions:detail", args=[KEY])
    assert _said('{% url "home" as where %}[{{ where }}]') == "[/]"


def test_an_address_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        _said('{% url "nowhere" %}')
    with pytest.raises(NoReverseMatch):
        _said('{% url "sessions:detail" key %}', key="no id")
    assert _said('{% url "nowhere" as where %}[{{ where }}]') == "[]"
