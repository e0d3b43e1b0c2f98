"""What is made defective, and which tests have to notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "tutelage"
API: Final = "src/tutelage/api/tests"


@dataclass(frozen=True, slots=True)
class Part:
    """Modules by pattern. `least` is the share that must be caught; without one it is told."""

    name: str
    patterns: tuple[str, ...]
    wider: tuple[str, ...]  # asked about what the tests of the package itself let pass
    least: float | None = None
    most: int = 40  # defects that are drawn, if nobody says how many

    def modules(self) -> Iterator[Path]:
        for pattern in self.patterns:
            yield from sorted(SOURCE.glob(pattern))


PARTS: Final = (
    Part(
        "life cycle",
        ("domain/*/lifecycle.py",),
        (API, "src/tutelage/web", "tests/consistency/test_schema.py"),
        least=0.85,
    ),
    Part(
        "policies",
        ("core/policy.py", "domain/*/policies.py"),
        (API, "tests/permissions/test_matrix.py", "src/tutelage/web"),
        least=0.85,
    ),
    Part(
        "scheduling",
        ("domain/scheduling/slots.py", "domain/scheduling/services/*.py", "core/times.py"),
        (API, "src/tutelage/web/booking", "src/tutelage/web/sessions"),
        least=0.85,
    ),
    Part(
        "inputs",
        ("core/inputs.py", "domain/*/inputs.py", "domain/imports/inputs/*.py"),
        (API, "src/tutelage/web"),
        least=0.85,
    ),
    Part(
        "services",
        ("domain/*/services.py", "domain/*/services/*.py"),
        (API, "src/tutelage/web", "tests/erasure"),
        most=25,
    ),
)


def tests_of(module: Path) -> tuple[str, ...]:
    """Those of the package itself, which are quick; of core, those of all who lean on it."""
    package = module.relative_to(SOURCE).parts[1]
    if module.is_relative_to(SOURCE / "core"):
        return (
            "src/tutelage/core",
            "src/tutelage/domain/scheduling",
            "src/tutelage/domain/imports",
        )
    return (f"src/tutelage/domain/{package}",)
