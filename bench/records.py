"""What was measured, kept between runs: a part that is taken again replaces its older figures."""

from pathlib import Path

import msgspec

from bench.verdict import Section


def read(path: Path) -> list[Section]:
    return msgspec.json.decode(path.read_bytes(), type=list[Section]) if path.exists() else []


def keep(path: Path, taken: Section) -> None:
    """That a part failed is kept under the part's own name, until it is taken again."""
    known = {each.name: each for each in [*read(path), taken] if each.name != taken.part}
    path.write_bytes(msgspec.json.encode(list(known.values())))


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)
