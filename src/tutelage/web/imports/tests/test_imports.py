"""The pages of imports, for administrators."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.imports.inputs.tables import read_table
from tutelage.domain.imports.lifecycle import BatchState
from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.services.running import advance_import, fail_import, start_import
from tutelage.domain.imports.tests.builders import bring_in, make_file, run, stage
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> User:
    made = make_admin(zone="Pacific/Auckland")
    client.force_login(made)
    return made


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(email="ana@example.org"), mentee=make_user(email="ben@example.org")
    )


def row(date: str = "2024-03-05", status: str = "held", **given: str) -> list[object]:
    mentor = given.get("mentor", "ana@example.org")
    return [mentor, "ben@example.org", date, "14:00", "60", status, given.get("notes", "Read")]


def upload(client: Client, content: bytes, name: str = "sessions.csv") -> Any:
    return client.post("/import", {"file": SimpleUploadedFile(name, content)})


def as_sent(batch: ImportBatch, **changed: object) -> dict[str, object]:
    """What the page of the columns sends when nothing is changed."""
    columns = {name: at for name, at in batch.mapping.items() if at is not None}
    return {**columns, "usual_minutes": "60", "version": batch.version, **changed}


def test_a_file_goes_from_upload_to_sessions(client: Client, admin: User, pair: Mentorship) -> None:
    answer = upload(client, make_file(row(), row(mentor="nobody@example.org")))
    batch = ImportBatch.objects.get()
    assert answer["Location"] == f"/import/{batch.uid}/columns"
    shown = client.get(answer["Location"]).content.decode()
    assert re.search(r'<option value="0" selected>Column A: Mentor e-mail', shown)

    answer = client.post(f"/import/{batch.uid}/columns", as_sent(batch))
    assert answer["Location"] == f"/import/{batch.uid}"
    shown = client.get(answer["Location"]).content.decode()
    assert "1 session would be imported" in shown
    assert "Tuesday 5 March 2024, 14:00" in shown
    assert "Nobody here has the e-mail nobody@example.org" in shown
    assert not Session.objects.exists()

    batch.refresh_from_db()
    answer = client.post(f"/import/{batch.uid}/start", {"version": batch.version})
    assert "0 of 2 rows are done" in client.get(answer["Location"]).content.decode()
    while advance_import(batch.uid).goes_on:
        pass
    shown = client.get(answer["Location"]).content.decode()
    assert "1 session was imported" in shown
    assert f"/sessions/{Session.objects.get().pk}" in shown


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04", "CSV UTF-8"), (b"", "submitted"), (b"a,b\n", "no row below")],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(
    client: Client, admin: User, content: bytes, said: str
) -> None:
    answer = upload(client, content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_without_a_file_one_is_asked_for(client: Client, admin: User) -> None:
    answer = client.post("/import")
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_what_is_open_is_asked_for_and_what_was_chosen_stays(
    client: Client, admin: User, pair: Mentorship
) -> None:
    upload(client, make_file(row("05/03/2024", "fand statt")))
    batch = ImportBatch.objects.get()
    path = f"/import/{batch.uid}/columns"

    answer = client.post(path, as_sent(batch, usual_minutes="45", title="6"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "“fand statt”" in shown
    assert 'value="45"' in shown
    assert re.search(r'name="title".*?<option value="6" selected>', shown, re.DOTALL)

    words = {"words[]": ["completed:fand statt"]}
    answer = client.post(path, as_sent(batch, **words))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="day_order-error"' in shown
    assert '<option value="completed:fand statt" selected>' in shown

    answer = client.post(path, as_sent(batch, day_order="day_first", **words))
    assert answer.status_code == 302
    assert "5 March 2024" in client.get(answer["Location"]).content.decode()
    shown = client.get(path).content.decode()
    assert '<option value="completed:fand statt" selected>' in shown


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mentor": ""}, "mentor"),
        ({"mentee": "0"}, "mentee"),
        ({"date": "99"}, "date"),
        ({"usual_minutes": "2"}, "usual_minutes"),
        ({"usual_zone": "Mars/Olympus"}, "usual_zone"),
        ({"usual_time": "soon"}, "usual_time"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_at_its_field(
    client: Client, admin: User, pair: Mentorship, changed: dict[str, str], field: str
) -> None:
    upload(client, make_file(row()))
    batch = ImportBatch.objects.get()
    answer = client.post(f"/import/{batch.uid}/columns", as_sent(batch, **changed))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()


def test_a_page_that_is_behind_is_told_so(client: Client, admin: User, pair: Mentorship) -> None:
    batch = stage(admin, make_file(row()))
    answer = client.post(f"/import/{batch.uid}/columns", as_sent(batch, version=1, title="6"))
    assert answer.status_code == 412
    shown = answer.content.decode()
    assert re.search(r'name="title".*?<option value="6" selected>', shown, re.DOTALL)
    assert 'name="version" value="2"' in shown  # having been told, one may go on
    assert client.post(f"/import/{batch.uid}/start", {"version": 1}).status_code == 412
    assert client.post(f"/import/{batch.uid}/start", {"version": "x"}).status_code == 412
    assert client.post(f"/import/{batch.uid}/start", {"version": "9" * 5_000}).status_code == 412

    run(admin, batch)
    assert client.post(f"/import/{batch.uid}/start", {"version": 3}).status_code == 409
    assert client.post(f"/import/{batch.uid}/discard").status_code == 409
    assert client.get(f"/import/{batch.uid}/columns").status_code == 302


def test_a_file_that_was_not_imported_can_be_discarded(
    client: Client, admin: User, pair: Mentorship
) -> None:
    batch = stage(admin, make_file(row()))
    assert client.post(f"/import/{batch.uid}/discard")["Location"] == "/import"
    assert not ImportRow.objects.exists()


def test_nobody_but_administrators_imports(client: Client, pair: Mentorship) -> None:
    batch = stage(make_admin(), make_file(row()))
    client.force_login(pair.mentor)
    assert client.get("/import").status_code == 403
    assert upload(client, make_file(row())).status_code == 403
    for path in ("", "/columns", "/progress", "/refused.csv"):
        assert client.get(f"/import/{batch.uid}{path}").status_code == 404
    for path in ("/start", "/discard"):
        assert client.post(f"/import/{batch.uid}{path}").status_code == 403
    assert ImportBatch.objects.get().state == BatchState.STAGED


def test_progress_is_a_part_of_the_page_until_it_is_over(
    client: Client, admin: User, pair: Mentorship
) -> None:
    dates = [(now() - timedelta(days=9_00 - n)).date().isoformat() for n in range(250)]
    batch = stage(admin, make_file(*[row(date) for date in dates]))
    start_import(actor=admin, batch_id=batch.uid)
    advance_import(batch.uid)
    shown = client.get(f"/import/{batch.uid}/progress", headers={"HX-Request": "true"})
    assert '<progress class="progress" value="200" max="250"' in " ".join(
        shown.content.decode().split()
    )
    advance_import(batch.uid)
    over = client.get(f"/import/{batch.uid}/progress", headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true"
    assert client.get(f"/import/{batch.uid}/progress").status_code == 302


def test_an_import_that_stopped_offers_to_go_on(
    client: Client, admin: User, pair: Mentorship
) -> None:
    batch = stage(admin, make_file(row()))
    start_import(actor=admin, batch_id=batch.uid)
    fail_import(batch.uid)
    shown = client.get(f"/import/{batch.uid}").content.decode()
    assert "stopped by a fault of ours" in shown
    assert client.post(f"/import/{batch.uid}/start", {"version": 3}).status_code == 302
    assert advance_import(batch.uid).settled == 1


def test_refused_rows_come_back_as_a_file_without_formulas(
    client: Client, admin: User, pair: Mentorship
) -> None:
    formula = '=HYPERLINK("http://example.org")'
    batch = bring_in(admin, make_file(row(mentor="nobody@example.org", notes=formula), row()))
    content = client.get(f"/import/{batch.uid}/refused.csv").content
    header, cells = csv.reader(StringIO(content.decode("utf-8-sig")))
    assert header[:3] == ["Row", "What is wrong", "Mentor e-mail"]
    assert cells[0] == "2"
    assert "Nobody here has the e-mail" in cells[1]
    assert cells[-1] == f"'{formula}"
    assert read_table(content).rows[0][1][-1] == formula


def test_the_mended_file_of_refused_rows_can_be_imported(
    client: Client, admin: User, pair: Mentorship
) -> None:
    batch = bring_in(admin, make_file(row(mentor="ana@exampel.org")))
    content = client.get(f"/import/{batch.uid}/refused.csv").content
    bring_in(admin, content.replace(b"exampel", b"example"))
    assert Session.objects.count() == 1


@pytest.mark.parametrize("count", [2, 120])
def test_pages_of_imports_cost_the_same_however_long_the_file(
    client: Client,
    admin: User,
    pair: Mentorship,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    dates = [(now() - timedelta(days=900 - n)).date().isoformat() for n in range(count)]
    batch = bring_in(admin, make_file(*[row(date) for date in dates]))
    for path in ("/import", f"/import/{batch.uid}", f"/import/{batch.uid}?fate=created&after=50"):
        with django_assert_max_num_queries(8):
            assert client.get(path).status_code == 200


def test_a_bad_question_about_rows_is_refused(
    client: Client, admin: User, pair: Mentorship
) -> None:
    batch = stage(admin, make_file(row()))
    assert client.get(f"/import/{batch.uid}?fate=lost").status_code == 422
    assert client.get(f"/import/{batch.uid}?after=-1").status_code == 422
