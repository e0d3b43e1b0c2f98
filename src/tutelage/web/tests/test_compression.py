"""Pages go over the wire compressed; answers of the API as they are."""

import gzip

import pytest
from django.test import Client

from tutelage.domain.people.tests.builders import make_token, make_user

pytestmark = pytest.mark.django_db
TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_sent_compressed_to_who_takes_it(client: Client) -> None:
    plain = client.get("/account/login/")
    packed = client.get("/account/login/", headers=TAKES_GZIP)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert b"</html>" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2


def test_an_answer_of_the_api_keeps_its_length(client: Client) -> None:
    token = {"Authorization": f"Bearer {make_token(make_user())}"}
    answer = client.get("/api/sessions", headers={**token, **TAKES_GZIP})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
