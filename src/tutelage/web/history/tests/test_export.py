"""A history taken away: what the filters show, in order, and no cell is a formula."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.services import rate_session
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import NextStep
from tutelage.domain.sessions.tests.builders import make_pair, make_user
from tutelage.web.history import export
from tutelage.web.history.tests.test_history import ADDRESS, make_held, read

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 18, 20, tzinfo=UTC)
DANGER = '=HYPERLINK("http://example.org")'


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(
        mentor=make_user(name="=Samuel"), mentee=make_user(zone="Pacific/Auckland", name="Aroha")
    )
    client.force_login(made.mentee)
    return made


def fetch(client: Client, query: str) -> bytes:
    reply: Any = client.get(f"{ADDRESS}/export?{query}")
    assert reply.status_code == 200
    assert "attachment" in reply["Content-Disposition"]
    content: bytes = reply.content
    return content


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_a_row_says_what_a_card_says_on_the_clocks_of_the_reader(
    client: Client, pair: Mentorship
) -> None:
    session = make_held(pair, "Café\nand more", starts_at=START, minutes=58)
    NextStep.objects.create(session=session, text="Print it")
    rate_session(actor=pair.mentee, session_id=session.pk, given=GiveRating(stars=4))
    rate_session(actor=pair.mentor, session_id=session.pk, given=GiveRating(stars=5))

    [row] = read_csv(fetch(client, "format=csv"))

    assert (row["Date"], row["Start"], row["Time zone"]) == (
        "2026-03-19",
        "09:00",
        "Pacific/Auckland",
    )
    assert (row["Minutes"], row["Status"], row["Mentee"]) == ("58", "Completed", "Aroha")
    assert (row["Outcomes"], row["Next steps"]) == ("Café\nand more", "Print it")
    assert (row["Your rating"], row["Their rating"], row["Id"]) == ("4", "5", str(session.pk))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(client: Client, pair: Mentorship, form: str) -> None:
    make_held(pair, DANGER)

    content = fetch(client, f"format={form}")
    if form == "csv":
        [row] = [list(each.values()) for each in read_csv(content)]
    else:
        _head, cells = load_workbook(BytesIO(content)).worksheets[0].iter_rows()
        assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
        row = [str(cell.value) for cell in cells]

    assert f"'{DANGER}" in row
    assert "'=Samuel" in row


def test_a_workbook_keeps_numbers_as_numbers(client: Client, pair: Mentorship) -> None:
    make_held(pair, "With a \x0b in it", minutes=45)

    [sheet] = load_workbook(BytesIO(fetch(client, "format=xlsx"))).worksheets

    head, row = sheet.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert told["Minutes"] == 45
    assert told["Outcomes"] == "With a  in it"


def test_the_filters_hold_for_the_file_as_for_the_page(client: Client, pair: Mentorship) -> None:
    make_held(pair, "The interview guide")
    make_held(pair, "Something else")

    assert "/jam/sessions/export?q=interview&amp;format=csv" in read(client, "?q=interview&page=1")
    [row] = read_csv(fetch(client, "q=interview&format=csv"))
    assert row["Outcomes"] == "The interview guide"


def test_strangers_take_nothing_of_others_away(client: Client, pair: Mentorship) -> None:
    make_held(pair)
    client.force_login(make_user())

    assert read_csv(fetch(client, "format=csv")) == []


def test_a_file_has_a_limit_and_not_a_statement_for_each_row(
    client: Client,
    pair: Mentorship,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(30):
        make_held(pair, starts_at=now().replace(year=2025))
    monkeypatch.setattr(export, "MOST", 25)

    with django_assert_max_num_queries(4):
        rows = read_csv(fetch(client, "format=csv&limit=2"))

    assert len(rows) == 25


@pytest.mark.parametrize("query", ["format=pdf", "format=csv&min_rating=9", "colour=red"])
def test_a_bad_value_is_refused_in_words(client: Client, pair: Mentorship, query: str) -> None:
    assert client.get(f"{ADDRESS}/export?{query}").status_code == 422
