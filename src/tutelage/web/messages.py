"""What templates say, for Babel, which reads Python by itself; see babel.cfg."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO, Final

from django.utils.translation.template import templatize

# `templatize` turns every tag for translation into a call, and masks all else.
_TEXT = r"""u?((?:'(?:[^'\\]|\\.)*')|(?:"(?:[^"\\]|\\.)*"))"""
_CALL: Final = re.compile(
    rf"\b(ngettext|npgettext|pgettext|gettext|_)\({_TEXT}(?:,\s*{_TEXT})?(?:,\s*{_TEXT})?"
)
Message = tuple[int, str, str | tuple[str, ...], list[str]]


def extract_template(
    file: BinaryIO,
    keywords: Mapping[str, object],
    comment_tags: Collection[str],
    options: Mapping[str, str],
) -> Iterator[Message]:
    """Babel's protocol: line, function, its texts, and comments, of which we take none."""
    source = templatize(file.read().decode())
    for number, line in enumerate(source.splitlines(), start=1):
        for call in _CALL.finditer(line):
            texts = tuple(ast.literal_eval(text) for text in call.groups()[1:] if text)
            function = "gettext" if call[1] == "_" else call[1]
            yield number, function, texts if len(texts) > 1 else texts[0], []
