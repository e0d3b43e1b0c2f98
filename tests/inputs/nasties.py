"""What people, programs and attackers send where a name, a number or a day is expected."""

from typing import Final
from urllib.parse import quote_plus

LONG: Final = 1_000_000
_ID: Final = "00000000-0000-0000-0000-000000000000"

# As text: in addresses, headers and forms, and between quotes in JSON.
TEXTS: Final[dict[str, str]] = {
    "nothing": "",
    "blanks": " \u00a0\u3000\t ",
    "NUL": "a\x00b",
    "bell, escape, delete": "\x07\x1b[2J\x7f",
    "C1 controls": "\x85\x9b",
    "a line, and a header after it": "a\r\nX-Injected: 1",
    "line and paragraph separators": "a\u2028b\u2029c",
    "lone surrogate": "a\ud800b",
    "surrogates the wrong way round": "\udc00\ud800",
    "right to left override": "\u202egnp.exe",
    "isolates that never end": "\u2066\u2067\u2068",
    "zero width": "\u200b\u200d\ufeff",
    "not a character": "\ufffe\uffff\U0010ffff",
    "a thousand accents on one letter": "e" + "\u0301" * 1_000,
    "a family": "👩‍👩‍👧‍👦" * 50,
    "a letter that folds to three": "\ufb03" * 200,
    "a dotless i": "ıİſK",
    "a megabyte": "x" * LONG,
    "a megabyte of words": "ab " * (LONG // 3),
    "201 signs": "y" * 201,
    "10 001 signs": "z" * 10_001,
    "-1": "-1",
    "0": "0",
    "-0": "-0",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "2^64": str(2**64),
    "5 000 digits": "9" * 5_000,
    "1e308": "1e308",
    "1e400": "1e400",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "hexadecimal": "0x1F",
    "digits with a line under them": "1_0",
    "Arabic digits": "١٢",
    "wide digits": "１２：３０",
    "a fraction": "5.5",
    "true": "true",
    "null": "null",
    "a list": "[1]",
    "an object": '{"a": 1}',
    "year 0": "0000-01-01",
    "year 1": "0001-01-01",
    "year 1, as an instant": "0001-01-01T00:00:00+14:00",
    "year 9999": "9999-12-31",
    "year 9999, as an instant": "9999-12-31T23:59:59-12:00",
    "year 9999, on a clock": "9999-12-31T23:59",
    "year 10 000": "10000-01-01T00:00",
    "30 February": "2027-02-30",
    "30 February, on a clock": "2027-02-30T10:00",
    "month 13": "2027-13-01",
    "+14:00": "2027-07-01T12:00:00+14:00",
    "+99:99": "2027-07-01T12:00:00+99:99",
    "24:00": "24:00",
    "24:00 of a day": "2027-07-01T24:00",
    "leap second": "2016-12-31T23:59:60Z",
    "second 61 of a clock": "23:59:61",
    "seconds since 1970": "1893456000",
    "no zone": "Etc/../../etc/passwd",
    "a folder as zone": "America",
    "a path": "../../../../etc/passwd",
    "percent signs": "%00%s%n%x%",
    "a format": "{0.__class__}{{7*7}}${7*7}",
    "quotes": "'\"`;--",
    "SQL": "') OR 1=1; DROP TABLE person; --",
    "a pattern": "(((((a+)+)+)+)+)$%_\\",
    "markup": "</textarea><script>alert(1)</script><!--",
    "a formula": "=1+1",
    "the id of nobody": _ID,
    "an id in braces": f"{{{_ID}}}",
    "two addresses": "a@example.org\nb@example.org",
    "an address with a comma": "a@example.org,b@example.org",
    "a script as link": "javascript:alert(1)",
    "a broken link": "http://[::1",
    "a link to nowhere": "https://" + "a." * 500 + "org",
}

# As they stand in JSON, where another type is expected.
RAW: Final[dict[str, str]] = {
    "null": "null",
    "true": "true",
    "-1": "-1",
    "0": "0",
    "a fraction": "1.5",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "-2^63-1": str(-(2**63) - 1),
    "5 000 digits": "9" * 5_000,
    "1e308": "1e308",
    "1e400": "1e400",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "an empty list": "[]",
    "a list of lists": "[[[]]]",
    "an empty object": "{}",
    "an object": '{"__class__": 1, "": 2}',
    "the same key twice": '{"a": 1, "a": 2}',
    "a list of 100 000": f"[{','.join('1' * 100_000)}]",
    "an object of 10 000": "{" + ",".join(f'"k{n}":{n}' for n in range(10_000)) + "}",
    "lists 10 000 deep": "[" * 10_000 + "]" * 10_000,
    "objects 10 000 deep": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "half a surrogate": r'"\ud800"',
    "an escaped NUL": r'"a\u0000b"',
}

# What has broken things before: no place goes without these, even where the others take turns.
ALWAYS: Final = {"NUL", "2^63", "lone surrogate", "year 9999, on a clock"}


def quoted(text: str) -> str:
    """For an address or a form; half a surrogate as the three bytes that would stand for it."""
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def in_header(text: str) -> str | None:
    """As a header carries it, if a server would let it pass at all."""
    if any(sign in text for sign in "\x00\r\n"):
        return None
    return text.encode("utf-8", "surrogatepass").decode("latin-1").strip()


def shown(value: str) -> str:
    """For a report: half a surrogate could not even be printed."""
    return ascii(value if len(value) < 60 else f"{value[:40]}… ({len(value)} signs)")
