"""No file that is uploaded breaks anything; what cannot be read is refused at the field."""

import bz2
import gzip
import io
import tarfile
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.tests.builders import make_file
from tutelage.domain.people.tests.builders import make_admin

ROW = ("mentor@example.org", "mentee@example.org", "2026-01-07", "10:00", 60, "", "Read a draft")
PLAIN = make_file(ROW)
MEGABYTES = 200
pytestmark = pytest.mark.django_db


def zipped(name: str, *, size: int = 0, times: int = 1) -> bytes:
    """A workbook as far as its first bytes tell; a few kilobytes that would be `size` megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            with archive.open(f"{number or ''}{name}", "w") as entry:
                for _ in range(max(size, 1)):
                    entry.write(b"0" * 1_000_000)
    return packed.getvalue()


def tarred() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../etc/passwd"))
    return packed.getvalue()


UNREADABLE = {
    "0 bytes": b"",
    "only a mark of the encoding": b"\xef\xbb\xbf",
    "a zip bomb that calls itself a workbook": zipped("xl/workbook.xml", size=MEGABYTES),
    "a workbook of a thousand parts": zipped("xl/sheet.xml", times=1_000),
    "a path out of the archive": zipped("../../../../etc/passwd"),
    "gzip": gzip.compress(PLAIN),
    "a gzip bomb": gzip.compress(b"0" * 50_000_000),
    "bzip2": bz2.compress(PLAIN),
    "a tar with a path out of it": tarred(),
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 1_000,
    "a program": b"\x7fELF" + bytes(range(256)) * 10,
    "NUL in a cell": PLAIN.replace(b"draft", b"dra\x00ft"),
    "NULs only": b"\x00" * 10_000,
    "half a surrogate in UTF-16": "a,b\nc,d".encode("utf-16") + b"\x00\xd8",
    "a line of five megabytes": PLAIN + b"x" * 5_000_000,
    "a million cells in a row": PLAIN + b",y" * 1_000_000,
    "a quotation mark that is never closed": PLAIN + b'"' + b"y,\n" * 100_000,
    "more than may be sent": b"z" * 10_485_761,
}
READABLE = {
    "markup for a page": make_file((*ROW[:6], "<script>alert(1)</script>")),
    "a formula": make_file((*ROW[:6], "=HYPERLINK(A1)")),
    "control characters": make_file((*ROW[:6], "\x07\x1b[2J\u202e")),
    "not quite UTF-8": PLAIN.replace(b"draft", b"dr\xe4ft"),
    "days that are none": make_file((*ROW[:2], "0001-01-01", "24:00", "9" * 400, "?", "")),
    "names of columns twice": make_file(ROW, header=("Mentor e-mail",) * 7),
    "XML with entities": b'<!DOCTYPE a [<!ENTITY b "bb">]>\n<a>&b;</a>\n',
}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_admin())
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(admin: Client, name: str) -> None:
    file = SimpleUploadedFile("sessions.xlsx", UNREADABLE[name])

    reply = admin.post("/import", {"file": file})

    assert reply.status_code == 422
    assert b'id="file-error"' in reply.content
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("name", READABLE)
def test_a_file_that_can_be_read_is_shown_as_text_whatever_is_in_it(
    admin: Client, name: str
) -> None:
    sent = admin.post("/import", {"file": SimpleUploadedFile("sessions.csv", READABLE[name])})
    if sent.status_code == 422:
        return
    there = sent["Location"]
    page = admin.get(there).content.decode()
    mapped = admin.post(there, {"version": "1", "mentor": "0", "mentee": "1", "date": "2"})

    assert sent.status_code == 302
    assert "<script>alert" not in page
    assert mapped.status_code in {302, 422}
    assert admin.get(there.removesuffix("/columns")).status_code in {200, 302}


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "../../etc/passwd",
        "a\x00b.csv",
        "x" * 5_000 + ".csv",
        "\u202efdp.csv",
        "CON",
        "é" * 200,
    ],
)
def test_the_name_of_a_file_is_only_ever_a_name(admin: Client, name: str) -> None:
    edge = "edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = f"{head}Content-Type: text/csv\r\n\r\n".encode() + PLAIN + f"\r\n--{edge}--\r\n".encode()

    reply = admin.generic("POST", "/import", body, f"multipart/form-data; boundary={edge}")

    assert reply.status_code in {302, 400, 422}
    if batch := ImportBatch.objects.first():
        assert len(batch.file_name) <= 200
        assert "/" not in batch.file_name
        assert "\x00" not in batch.file_name
