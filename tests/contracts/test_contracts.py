"""Each contract about imports is broken on purpose, in a copy, and has to be named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[2]


class Breach(NamedTuple):
    """A line that nobody may write there, and the words by which it is reported."""

    path: str
    line: str
    contract: str
    named: str


BREACHES: Final = {
    "a service that knows a page": Breach(
        "domain/sessions/services/planning.py",
        "from tutelage.web import words",
        "Layers: command line > config > delivery and integrations > domain > core",
        "tutelage.domain.sessions.services.planning -> tutelage.web.words",
    ),
    "a core that knows the domain": Breach(
        "core/policy.py",
        "from tutelage.domain.people import lifecycle",
        "Layers: command line > config > delivery and integrations > domain > core",
        "tutelage.core.policy -> tutelage.domain.people.lifecycle",
    ),
    "a new top folder": Breach(
        "helpers/__init__.py",
        "",
        "Layers: command line > config > delivery and integrations > domain > core",
        "- tutelage.helpers",
    ),
    "people who know sessions": Breach(
        "domain/people/queries.py",
        "from tutelage.domain.sessions import lifecycle",
        "Domains: later ones may know earlier ones, never the reverse",
        "tutelage.domain.people.queries -> tutelage.domain.sessions.lifecycle",
    ),
    "queries that call services": Breach(
        "domain/programs/queries.py",
        "from tutelage.domain.programs import services",
        "Inside a domain: jobs > services > queries > policies > models > words",
        "tutelage.domain.programs.queries -> tutelage.domain.programs.services",
    ),
    "a drawer for anything in a domain": Breach(
        "domain/people/utils.py",
        "",
        "Inside a domain: jobs > services > queries > policies > models > words",
        "- tutelage.domain.people.utils",
    ),
    "a domain that knows the API's framework": Breach(
        "domain/programs/services.py",
        "import ninja",
        "The domain knows no web framework",
        "tutelage.domain.programs.services -> ninja",
    ),
    "an endpoint that reaches for rows": Breach(
        "api/people.py",
        "from tutelage.domain.people.models import User",
        "Pages and endpoints reach rows only through queries and services",
        "tutelage.api.people -> tutelage.domain.people.models",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product beside its rules, to be spoilt."""
    folder = tmp_path_factory.mktemp("copy")
    unread = shutil.ignore_patterns("__pycache__", "templates", "static", "styles", "locale")
    shutil.copytree(ROOT / "src", folder / "src", ignore=unread)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> str:
    """What the contracts say of that copy. Columns: lines of a report are cut at them."""
    report = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if report.returncode == 0 else f"{report.stdout}{report.stderr}"


@pytest.fixture(scope="module")
def said_before(copy: Path) -> str:
    return lint(copy)


@pytest.mark.parametrize("breach", BREACHES.values(), ids=BREACHES)
def test_a_broken_contract_is_named_with_the_line_that_breaks_it(
    copy: Path, said_before: str, breach: Breach
) -> None:
    spoilt = copy / "src" / "tutelage" / breach.path
    kept = spoilt.read_text() if spoilt.exists() else None
    spoilt.parent.mkdir(exist_ok=True)
    spoilt.write_text(f"{kept or ''}\n{breach.line}\n")
    try:
        said = lint(copy)
    finally:
        _mend(spoilt, kept)

    assert f"{breach.contract} BROKEN" in said
    assert breach.named in said
    assert breach.named not in said_before


def _mend(spoilt: Path, kept: str | None) -> None:
    if kept is not None:
        spoilt.write_text(kept)
    elif spoilt.name == "__init__.py":
        shutil.rmtree(spoilt.parent)
    else:
        spoilt.unlink()
