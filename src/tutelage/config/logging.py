"""One line per record: key=value on a terminal, JSON elsewhere. Nothing secret is in it."""

import re
import sys
from collections.abc import Mapping, MutableMapping
from logging import LogRecord
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import Processor

MASK: Final = "…"
_IN_PATHS: Final = re.compile(
    r"""(?P<before>/(?:j|calendar|setup)/|/account/(?:password/reset/key|confirm-email)/)
        [^\s/"'<>]+""",
    re.VERBOSE,
)
_IN_TEXT: Final = re.compile(
    r"""(?P<before>
            \b(?:authorization|proxy-authorization|(?:set-)?cookie)["']?\s*[:=]\s*  # header lines
        ) [^\r\n]+
      | (?P<scheme>\b(?:bearer|basic)\s+) [\w.~+/=-]+
      | (?P<named>
            \b\w*(?:password|passcode|secret|token|signature|api_?key)\w*["']?\s*[=:]\s*["']?
        ) [^\s&"',;)}]+
      | (?P<ours> \btut_ ) [\w-]+  # an API token, wherever it stands
      | (?P<userinfo>://[^\s/:@]*:) [^\s/@]+ (?=@)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SECRET_KEYS: Final = re.compile(
    r"authorization|cookie|passw|passcode|secret|token|signature|api_?key", re.IGNORECASE
)
_SET_HERE: Final = {"level", "logger", "timestamp"}  # by the processors below, whoever logs
_BREAKS: Final = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def masked_path(path: str) -> str:
    """The path without the part that by itself would open something."""
    return _IN_PATHS.sub(rf"\g<before>{MASK}", path)


def _masked(text: str) -> str:
    def cover(found: re.Match[str]) -> str:
        return f"{next(group for group in found.groups() if group is not None)}{MASK}"

    return _IN_TEXT.sub(cover, masked_path(text))


def mask(_logger: object, _method: str, record: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Cover secrets, by the name they stand under and by what they look like."""
    for key, value in record.items():
        if key in _SET_HERE:
            continue
        if _SECRET_KEYS.search(key):
            record[key] = MASK
        elif isinstance(value, str):
            record[key] = _masked(value)
        elif not (value is None or isinstance(value, bool | int | float)):
            record[key] = _masked(str(value))
    return record


def _key_values(_logger: object, _method: str, record: MutableMapping[str, Any]) -> str:
    """For people: the message first; control characters cannot break the line or the terminal."""
    first = [str(record.pop(key, "")) for key in ("timestamp", "level", "event")]
    rest = [f"{key}={_quoted(value)}" for key, value in record.items()]
    return " ".join([*first, *rest]).translate(_BREAKS)


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text}"' if " " in text else text


_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter(*, terminal: bool) -> ProcessorFormatter:
    """What every record goes through, whoever made it."""
    return ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask,
            _key_values if terminal else structlog.processors.JSONRenderer(),
        ],
    )


def _is_no_start(record: LogRecord) -> bool:
    """That a job begins is left out: how it ended, and after how long, is said as well."""
    return getattr(record, "action", "") != "start_job"


def _is_terminal(stream: TextIO = sys.stderr) -> bool:
    return stream.isatty()


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": formatter, "terminal": _is_terminal()}},
    "filters": {"without_starts": {"()": lambda: _is_no_start}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own handlers mail the admins; here everything goes one way.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # Addresses of outgoing requests hold secrets of their providers.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "procrastinate.worker.worker": {"filters": ["without_starts"]},
        "procrastinate.blueprints": {"level": "WARNING"},  # a line per start of any command
        "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
    },
}

structlog.configure(
    processors=[*_SHARED, ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
