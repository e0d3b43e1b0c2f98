"""The page of all settings, made from the one module that reads them."""

from typing import Final

from tutelage.config.environment import Environment, is_secret

_HEAD: Final = """\
# Settings

All of them come from the environment. Each can also be given as `NAME_FILE`, the path of a file
that holds the value: the way for those marked secret. A value that cannot be is refused with the
reason before anything starts (exit code 2). This page is the output of `tutelage settings`.

| name | what it is | default | example |
|---|---|---|---|
"""


def document() -> str:
    return _HEAD + "".join(f"{_row(name)}\n" for name in Environment.model_fields)


def _row(name: str) -> str:
    field = Environment.model_fields[name]
    example = str((field.examples or [""])[0])
    # A tuple that is empty is as little of a default as an empty text.
    default = f"`{field.default}`" if field.default not in ("", ()) else ""
    secret = " *Secret.*" if is_secret(name) else ""
    shown = example if "`" in example else f"`{example}`"
    return f"| `{name.upper()}` | {field.description}{secret} | {default} | {shown} |"
