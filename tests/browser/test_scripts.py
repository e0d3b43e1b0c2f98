"""Words that would be scripts stand in every field people write, and every page is opened.

Once without the content security policy, so that it hides no mistake, and once with it.
"""

import os
from typing import Any, Final

import pytest
from django.db import connection
from playwright.sync_api import Page
from tests.browser.conftest import AsPerson, Visit
from tests.erasure.test_erasing import GONE, INVENTORY, NOT_FREE
from tests.permissions.table import Row, rows
from tests.permissions.world import World, build_world

SCRIPTS: Final = (  # each tells its own number when it runs
    "<script>fired({n})</script>",
    "<img src=x onerror=fired({n})>",
    '"><svg onload=fired({n})>',
    "'><video><source onerror=fired({n})></video>",
    "</textarea><img src=x onerror=fired({n})>",
    "</title><img src=x onerror=fired({n})>",
    '<input autofocus onfocus="fired({n})">',
    "<details open ontoggle=fired({n})>",
    '<iframe srcdoc="<script>parent.fired({n})</script>"></iframe>',
    '<form><button formaction="javascript:fired({n})" id=press>',
    '<a href="javascript:fired({n})" id=press>a</a>',
    '<style onload="fired({n})"></style>',
)
NUMBERED: Final = [text.replace("{n}", str(number)) for number, text in enumerate(SCRIPTS)]
# Short fields have room for one: that which leaves an attribute, and runs between tags as well.
# The deep form puts each of them there.
ROUNDS: Final = range(len(NUMBERED)) if os.environ.get("DEEP") else (2,)
CODES: Final = {*NOT_FREE, "zone", "locale", "session_data", "name_folded", "key", "data"}
DANGEROUS: Final = """[...document.querySelectorAll("[href],[src],[action],[formaction]")].flatMap(
    at => ["href", "src", "action", "formaction"].map(name => at.getAttribute(name) ?? ""))
    .filter(address => /^\\s*(javascript|vbscript|data:text)/i.test(address))"""


def columns() -> dict[tuple[str, str], int]:
    """What the inventory of personal data says people write, and how much fits into it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, coalesce(character_maximum_length, 5000)"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying')"
        )
        there = {(table, column): room for table, column, room in cursor.fetchall()}
    named = [(table, column) for table, column, _fate in GONE.findall(INVENTORY.read_text())]
    return {
        each: there[each]
        for each in named
        if each in there and each[1] not in CODES and not each[1].endswith("encrypted")
    }


def write_everywhere(number: int) -> set[str]:
    """Fill each such column of all rows; says where there was a row to fill."""
    filled = set()
    with connection.cursor() as cursor:
        for (table, column), room in columns().items():
            text = " ".join(NUMBERED) if room >= 1_000 else NUMBERED[number]
            assert len(text) <= room, column
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s', [text])  # noqa: S608  # our own page
            if cursor.rowcount:
                filled.add(f"{table}.{column}")
    return filled


def pages(world: World, actor: str) -> list[str]:
    """Each page that the table of permissions lets somebody read."""

    def is_page(row: Row) -> bool:
        fits = row.method == "GET" and row.answers[actor] == "200"
        return fits and not row.is_api and not row.pattern.endswith((".csv", "/export"))

    return sorted({row.path(world.names) for row in rows() if is_page(row)})


def listen(visit: Visit) -> list[Any]:
    fired: list[Any] = []

    def note(told: Any) -> None:  # the library asks for a function of Python's own
        fired.append(told)

    visit.context.expose_function("fired", note)
    visit.page.on("dialog", lambda dialog: dialog.dismiss())
    return fired


def walk(visit: Visit, paths: list[str], fired: list[Any]) -> dict[str, Any]:
    """Open each page, let what would run do so, and say where something did."""
    found: dict[str, Any] = {}
    for path in paths:
        page = visit.go(path)
        page.wait_for_timeout(50)
        if wrong := fired + page.evaluate(DANGEROUS):
            found[path] = list(wrong)
            fired.clear()
    return found


@pytest.mark.parametrize("number", ROUNDS)
@pytest.mark.parametrize("actor", ["mentee", "mentor", "admin"])
def test_no_word_of_anybody_is_run_even_without_the_policy(
    as_person: AsPerson, actor: str, number: int
) -> None:
    world = build_world()
    filled = write_everywhere(number)
    visit = as_person(world.people[actor], bypass_csp=True)

    assert len(filled) > 15, filled
    assert walk(visit, pages(world, actor), listen(visit)) == {}


def test_with_the_policy_nothing_is_even_tried(as_person: AsPerson) -> None:
    world = build_world()
    write_everywhere(2)
    visit = as_person(world.people["mentee"])

    paths = pages(world, "mentee")
    assert len(paths) > 20
    assert walk(visit, paths, listen(visit)) == {}
    assert visit.violations == []


def test_each_of_them_would_be_noticed_where_it_is_not_escaped(as_person: AsPerson) -> None:
    visit = as_person(bypass_csp=True)
    fired = listen(visit)
    for number, script in enumerate(NUMBERED):
        page = visit.go("/account/login/")
        _plant(page, script)
        for button in page.locator("#press").all():
            button.click(no_wait_after=True)
        page.wait_for_timeout(200)
        assert number in fired or page.evaluate(DANGEROUS), script


def _plant(page: Page, script: str) -> None:
    page.set_content(f"<title>a</title><body><p>{script}</p></body>")
