"""Each name that is banned from a place is written there on purpose, and has to be found."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SERVICE: Final = "domain/sessions/services/planning.py"
BANS: Final = {
    "HTTP in a domain": (SERVICE, "from django.http import HttpResponse"),
    "a signal in a domain": (SERVICE, "from django.db.models.signals import post_save"),
    "a template in a domain": (SERVICE, "from django.template import Template"),
    "an address in a domain": (SERVICE, "from django.urls import reverse"),
    "the time from elsewhere than the clock": (
        SERVICE,
        "from django.utils import timezone\nAT = timezone.now()",
    ),
    "the time of the standard library": (
        SERVICE,
        "from datetime import UTC, datetime\nAT = datetime.now(UTC)",
    ),
    "zones that are wrong around clock changes": (SERVICE, "from dateutil import tz"),
    "a call to the outside": (SERVICE, "import httpx"),
    "a call to the outside past the guarded one": ("integrations/zoom.py", "import httpx"),
}
# What else ruff is trusted with: by the number of its rule, a way to break it.
TRUSTED: Final = {
    "DTZ001": "from datetime import datetime\nAT = datetime(2026, 1, 1)",
    "DTZ007": "from datetime import datetime\nAT = datetime.strptime('1', '%d')",
    "DTZ011": "from datetime import date\nTODAY = date.today()",
    "S108": "PLACE = '/tmp/tutelage'",
    "S110": "try:\n    f()\nexcept Exception:\n    pass",
    "S113": "import requests\nrequests.get('https://example.org')",
    "S308": "from django.utils.safestring import mark_safe\nmark_safe(text)",
    "S324": "import hashlib\nhashlib.md5(b'')",
    "S501": "import httpx\nhttpx.get('https://example.org', verify=False)",
    "S602": "import subprocess\nsubprocess.run(name, shell=True)",
    "S608": "QUERY = f'SELECT * FROM session WHERE id = {number}'",
    "S611": "from django.db.models.expressions import RawSQL\nRawSQL(f'{name}', [])",
    "S701": "import jinja2\njinja2.Environment(autoescape=False)",
}


def banned(path: str, code: str) -> list[str]:
    """The bans that the linter finds broken by that code in that place."""
    command = [sys.executable, "-m", "ruff", "check", "--select=TID251", "--output-format=json"]
    report = subprocess.run(
        [*command, f"--stdin-filename=src/tutelage/{path}", "-"],
        input=f"{code}\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return [found["message"] for found in json.loads(report.stdout)]


@pytest.mark.parametrize(("path", "code"), BANS.values(), ids=BANS)
def test_a_banned_name_is_found_and_the_way_out_is_told(path: str, code: str) -> None:
    [message] = banned(path, code)

    assert "is banned" in message


def test_the_places_made_for_them_may_use_them() -> None:
    assert banned("web/home/views.py", BANS["HTTP in a domain"][1]) == []
    assert banned("integrations/http.py", BANS["a call to the outside"][1]) == []
    assert banned("core/clock.py", BANS["the time from elsewhere than the clock"][1]) == []


@pytest.mark.parametrize("rule", TRUSTED)
def test_what_ruff_is_trusted_with_is_found(rule: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--output-format=json"]
    report = subprocess.run(
        [*command, "--stdin-filename=src/tutelage/domain/sessions/planted.py", "-"],
        input=f"{TRUSTED[rule]}\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert rule in {found["code"] for found in json.loads(report.stdout)}
