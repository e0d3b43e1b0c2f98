"""`tutelage import`: the same file as on the page, told on a terminal."""

from pathlib import Path

import pytest

from tutelage.core.errors import InvalidInput, NotFound
from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.tests.builders import make_file
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_pair, make_user
from tutelage.ops.import_command import Wish, bring_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two rows of a pair that is here, and one of somebody who is not."""
    make_user(email="root@example.org", role=Role.SUPERADMIN, zone="Pacific/Auckland")
    make_pair(mentor=make_user(email="ana@example.org"), mentee=make_user(email="ben@example.org"))
    rest = ["14:00", "60", "took place", "[b]=1+1[/b]"]
    rows = [[mentor, "ben@example.org", f"05/0{n}/2024", *rest] for n, mentor in enumerate(
        ("ana@example.org", "ana@example.org", "nobody@example.org"), start=3
    )]  # fmt: skip
    path = tmp_path / "sessions.csv"
    path.write_bytes(make_file(*rows))
    return path


def wish(
    *columns: str, words: tuple[str, ...] = (), refused: Path | None = None, **options: object
) -> Wish:
    return Wish("", columns, words, {"day_order": "day_first", **options}, refused)


def test_a_file_is_imported_and_what_was_refused_is_told(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = tmp_path / "refused.csv"
    assert not bring_in(file, wish(refused=refused), dry_run=False)
    told = capsys.readouterr().out
    assert "2 imported, 0 were here already, 1 refused." in told
    assert "nobody@example.org" in told
    assert Session.objects.count() == 2
    assert "nobody@example.org" in refused.read_text(encoding="utf-8-sig")

    mended = tmp_path / "mended.csv"
    mended.write_bytes(refused.read_bytes().replace(b"nobody@", b"ana@"))
    assert bring_in(mended, wish(), dry_run=False)
    assert Session.objects.count() == 3


def test_a_dry_run_leaves_nothing_behind(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not bring_in(file, wish(), dry_run=True)
    assert "2 would be imported" in capsys.readouterr().out.replace("\n", " ")
    assert not Session.objects.exists()
    assert not ImportBatch.objects.exists()


def test_words_that_are_not_explained_refuse_their_rows(file: Path) -> None:
    content = file.read_bytes().replace(b"took place", b"fand statt")
    file.write_bytes(content)
    bring_in(file, wish(), dry_run=False)
    assert set(ImportRow.objects.values_list("fate", flat=True)) == {"refused"}
    bring_in(file, wish(words=("fand statt=completed",)), dry_run=False)
    assert Session.objects.count() == 2


def test_a_column_that_is_not_there_is_named_and_nothing_stays(file: Path) -> None:
    with pytest.raises(InvalidInput, match="Mentee e-mail"):
        bring_in(file, wish("mentor=Coach"), dry_run=False)
    file.write_bytes(file.read_bytes().replace(b"Mentor e-mail", b"Somebody"))
    with pytest.raises(InvalidInput, match="which column holds: mentor"):
        bring_in(file, wish(), dry_run=False)
    assert not ImportBatch.objects.exists()
    bring_in(file, wish("mentor=Somebody"), dry_run=False)
    assert Session.objects.count() == 2


def test_without_an_administrator_it_asks_for_one(file: Path) -> None:
    with pytest.raises(NotFound, match="--as"):
        bring_in(file, Wish("who@example.org", (), (), {}, None), dry_run=False)
