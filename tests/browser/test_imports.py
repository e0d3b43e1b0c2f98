"""A coordinator brings in a spreadsheet, in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.domain.imports.lifecycle import BatchState
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.services.running import advance_import
from tutelage.domain.imports.tests.builders import bring_in, stage
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

SHEET = """\
Kaiārahi programme 2024–2026;;;;;;;;
;;;;;;;;
Mentor e-mail;Mentee e-mail;Date;Start;Duration (min);Status;Notes;Next steps;Mentor rating
samuel@example.org;aroha@example.org;05/03/2024;09:00;60;Held;"Read chapter 2;
agreed on the outline";Draft the guide;5
samuel@example.org;aroha@example.org;19/03/2024;09:00;1:30;fand statt;Interview guide;;4
samuel@example.org;xiaoming@example.org;21/03/2024;16:15;45;Cancelled;小明 was ill;;
samuel@example.org;xiaoming@example.org;28/03/2024;16:15;45;no-show (mentee);;;
samuel@exampel.org;xiaoming@example.org;04/04/2024;16:15;45;Held;A slip in the address;;
zoe@example.org;aroha@example.org;31/02/2025;10:00;60;Held;There is no such day;;
zoe@example.org;aroha@example.org;07/05/2025;10:00;60;Held;Met in Wellington;;3
"""


@pytest.fixture
def admin() -> User:
    samuel = make_user(email="samuel@example.org", name="Dr. Samuel Oyelaran")
    aroha = make_user(email="aroha@example.org", name="Aroha Ngata-Williams")
    make_pair(mentor=samuel, mentee=aroha)
    make_pair(mentor=samuel, mentee=make_user(email="xiaoming@example.org", name="王小明"))
    make_user(email="zoe@example.org", name="Zoë Nuñez de la Vega y Castellanos-Montgomery")
    return make_admin(name="Åsa Ó Súilleabháin", zone="Pacific/Auckland")


def upload(page: Page) -> None:
    page.get_by_label("Spreadsheet, saved as CSV").set_input_files(
        {"name": "sessions.csv", "mimeType": "text/csv", "buffer": SHEET.encode("utf-16")}
    )
    page.get_by_role("button", name="Upload file").click()


def map_columns(page: Page) -> None:
    """The guess is right, but for one word that nobody could know, and a pair that is missing."""
    expect(page.get_by_label("Mentor’s e-mail")).to_have_value("0")
    page.get_by_label("Make the pairs that are not here yet").check()
    page.get_by_role("button", name="Show what becomes of each row").click()
    page.get_by_label("“fand statt”").select_option(label="It was held")
    page.get_by_role("button", name="Show what becomes of each row").click()


def test_a_spreadsheet_becomes_sessions(as_person: AsPerson, admin: User, inspect: Inspect) -> None:
    def check(step: str) -> None:
        page.wait_for_load_state()  # a click does not wait for the style sheet
        inspect(page, f"importing-{step}")

    page = as_person(admin).go("/import")
    check("begun")
    upload(page)
    check("columns")
    map_columns(page)

    expect(page.get_by_text("5 sessions would be imported")).to_be_visible()
    expect(page.get_by_text("1 pair would be made")).to_be_visible()
    expect(page.get_by_text("Tuesday 5 March 2024, 09:00")).to_be_visible()
    expect(page.get_by_text("There is no such day: 31/02/2025.")).to_be_visible()
    check("foretold")
    page.get_by_role("button", name="Import 5 sessions").click()

    expect(page.get_by_text("0 of 7 rows are done")).to_be_visible()
    check("running")
    advance_import(ImportBatch.objects.get().uid)
    expect(page.get_by_text("5 sessions were imported")).to_be_visible()
    check("done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download refused rows").click()
    assert "samuel@exampel.org" in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="Refused 2").click()
    expect(page.get_by_role("row")).to_have_count(3)

    page.get_by_role("link", name="All 7").click()
    page.get_by_role("link", name="Open the session of row 4").click()
    expect(page.get_by_text("agreed on the outline")).to_be_visible()


def test_it_works_without_scripts(as_person: AsPerson, admin: User) -> None:
    page = as_person(admin, java_script_enabled=False).go("/import")
    upload(page)
    map_columns(page)
    page.get_by_role("button", name="Import 5 sessions").click()
    advance_import(ImportBatch.objects.get().uid)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("5 sessions were imported")).to_be_visible()


def test_it_works_by_keyboard_alone(as_person: AsPerson, admin: User) -> None:
    batch = stage(admin, SHEET.encode(), make_pairs=True, words={"fand statt": "completed"})
    page = as_person(admin).go(f"/import/{batch.uid}")
    button = page.get_by_role("button", name="Import 5 sessions")
    for _press in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar", name="Rows that are done")).to_be_visible()
    assert ImportBatch.objects.get().state == BatchState.RUNNING


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_page_of_it_fits_its_window(
    as_person: AsPerson,
    admin: User,
    inspect: Inspect,
    width: int,
) -> None:
    visit = as_person(admin, width=width)
    inspect(visit.go("/import"), "import-empty")
    done = bring_in(admin, SHEET.encode(), make_pairs=True, words={"fand statt": "completed"})
    words = {"fand statt": "completed"}
    staged = stage(admin, SHEET.encode().replace(b"2024;", b"2023;"), words=words)
    for label, path in {
        "import-list": "/import",
        "import-columns": f"/import/{staged.uid}/columns",
        "import-foretold": f"/import/{staged.uid}",
        "import-done": f"/import/{done.uid}",
    }.items():
        inspect(visit.go(path), label)
    assert Session.objects.count() == done.created_count
