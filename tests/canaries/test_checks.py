"""Each part of `make check` is shown a fault that it must report, by the very command it runs.

A check that reads the wrong folder, or none, says that all is well. So each runs over a small
project of our rules with one file planted; without that file it has to pass.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[2]
UNREAD: Final = shutil.ignore_patterns(
    "__pycache__", "tests", "static", "styles", "templates", "locale"
)
# mypy asks Django's settings of us; it is not to read the product for them.
SETTINGS: Final = """import importlib

globals().update(vars(importlib.import_module("tutelage.config.settings")))
"""


class Fault(NamedTuple):
    """What is added to a file, and the words by which it is reported; `whole` needs the product."""

    path: str
    text: str
    said: str
    whole: bool = False


FAULTS: Final = {
    "check-locks": Fault("pyproject.toml", "", "is not what pyproject.toml says"),
    "check-format": Fault("src/tutelage/planted.py", "x = {  'a':1 }\n", "would be reformatted"),
    "check-lint": Fault("src/tutelage/planted.py", "import os\n", "F401"),
    "check-templates": Fault(
        "src/tutelage/web/templates/planted.html", '<img src="a.png">\n', "H013"
    ),
    "check-types": Fault(
        "src/planted.py", 'AGE: int = "seven"\n', "Incompatible types in assignment"
    ),
    "check-migrations": Fault(
        "src/tutelage/domain/programs/models.py",
        'Program.add_to_class("planted", models.TextField(default=""))\n',
        "Add field planted to program",
        whole=True,
    ),
    "check-messages": Fault(
        "src/tutelage/locale/es/LC_MESSAGES/django.po",
        'msgid "coffee"\nmsgstr "café"\n',
        "can't decode",
        whole=True,
    ),
    "check-security": Fault(
        "src/tutelage/planted.py",
        "import hashlib\n\nMARK = hashlib.md5(b'a').hexdigest()\n",
        "B324",
    ),
    "check-deploy": Fault(
        "src/tutelage/config/settings.py",
        "SECURE_CONTENT_TYPE_NOSNIFF = False\n",
        "security.W006",
        whole=True,
    ),
}
ELSEWHERE: Final = {"check-contracts": "tests/contracts/test_contracts.py"}


def checks() -> set[str]:
    """The parts of `make check`, as the Makefile has them."""
    found = re.search(r"^CHECKS := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert found is not None
    return set(found[1].replace("\\\n", " ").split())


def project(folder: Path, *, whole: bool) -> Path:
    """Our rules, with as much of the product as a check needs to run at all."""
    for name in ("Makefile", "pyproject.toml", "manage.py", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for part in ("src", "tests", "bench"):
        (folder / part).mkdir()
        (folder / part / "plain.py").touch()
    (folder / "tests" / "settings.py").write_text(SETTINGS)
    if whole:
        shutil.copytree(ROOT / "src", folder / "src", ignore=UNREAD, dirs_exist_ok=True)
        catalogues = "src/tutelage/locale"
        shutil.copytree(ROOT / catalogues, folder / catalogues)
    (folder / "src/tutelage/web/static").mkdir(parents=True)
    for made in ("src/tutelage/web/templates", "src/tutelage/domain/notifications/templates"):
        (folder / made).mkdir(parents=True)
        (folder / made / "plain.html").write_text("<p>Plain</p>\n")
    return folder


def make(folder: Path, check: str) -> subprocess.CompletedProcess[str]:
    """Without building the environment: it is the one that these tests run in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    places = f"{folder / 'src'}:{ROOT / 'src'}:{ROOT}"
    return subprocess.run(
        [shutil.which("make") or "make", "--old-file=for-development", check],
        cwd=folder,
        env={**kept, "PYTHONPATH": places, "TUTELAGE_HOME": str(folder / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def plant(folder: Path, fault: Fault) -> None:
    path = folder / fault.path
    if path.name == "pyproject.toml":
        path.write_text(path.read_text().replace('"psycopg[binary]"', '"psycopg[binary]>=3"'))
        return
    with path.open("a", encoding="latin-1") as file:  # which no file of ours is written in
        file.write(fault.text)


@pytest.mark.parametrize("check", FAULTS)
def test_a_check_passes_what_is_right_and_reports_the_fault(check: str, tmp_path: Path) -> None:
    fault = FAULTS[check]
    folder = project(tmp_path, whole=fault.whole)

    before = make(folder, check)
    plant(folder, fault)
    after = make(folder, check)

    assert before.returncode == 0, before.stdout
    assert after.returncode != 0
    assert fault.said in after.stdout
    assert fault.said not in before.stdout


def test_no_check_is_without_its_fault() -> None:
    assert checks() == FAULTS.keys() | ELSEWHERE.keys()
    assert all((ROOT / path).exists() for path in ELSEWHERE.values())
