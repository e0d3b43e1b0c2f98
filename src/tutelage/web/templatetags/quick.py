"""Django's `translate` and `url`, which fill pages, without doing the same work at each use.

They stand for the built-in tags in all templates, and say the same: what is not as plain as a text,
or as a page with at most one id, is left to Django.
"""

from uuid import UUID

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

from tutelage.web.addresses import address

register = template.Library()


class Words(Node):
    """A text that stands in the template: asked for once in each language."""

    def __init__(self, plain: TranslateNode) -> None:
        self.plain = plain
        self._known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        words = self._known.get(language)
        if words is None:
            words = self._known[language] = self._asked(context)
        if self.plain.asvar:
            context[self.plain.asvar] = words
            return ""
        return words

    def _asked(self, context: Context) -> str:
        rendered = self.plain.render(context)
        words: str = context[self.plain.asvar] if self.plain.asvar else rendered
        return words


class Address(Node):
    """The address of a page whose name stands in the template, with at most one id in it."""

    child_nodelists = ()

    def __init__(self, plain: URLNode, name: str, key: FilterExpression | None) -> None:
        self.plain = plain
        self.name = name
        self.key = key

    def render(self, context: Context) -> str:
        key = self.key.resolve(context) if self.key else None
        if self.key and type(key) is not UUID:
            return self.plain.render(context)
        return address(self.name, key)


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    plain = do_translate(parser, token)
    expression = plain.filter_expression
    is_text = isinstance(getattr(expression.var, "literal", None), str)
    if is_text and not (expression.filters or plain.noop or plain.message_context):
        return Words(plain)
    return plain


@register.tag
def url(parser: Parser, token: Token) -> Node:
    plain = parse_url(parser, token)
    name = plain.view_name.var
    if not isinstance(name, str) or plain.kwargs or plain.asvar or len(plain.args) > 1:
        return plain
    return Address(plain, name, plain.args[0] if plain.args else None)
