"""What the doctor says about one thing: how it is, and what mends it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    level: Literal["ok", "warn", "fail"]
    subject: str
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<5} {self.subject:<12} {self.text}"
        return f"{line}\n{'':19}Mend it: {self.remedy}" if self.remedy else line


def ok(subject: str, text: str) -> Finding:
    return Finding("ok", subject, text)


def warn(subject: str, text: str, remedy: str) -> Finding:
    return Finding("warn", subject, text, remedy)


def fail(subject: str, text: str, remedy: str) -> Finding:
    return Finding("fail", subject, text, remedy)
