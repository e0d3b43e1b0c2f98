"""What stands in the log, and what must not."""

import io
import json
import logging

import pytest

from tutelage.config.logging import formatter, masked_path


class Captured:
    """A logger of its own, written to memory by the product's formatter."""

    def __init__(self, *, terminal: bool) -> None:
        self._stream = io.StringIO()
        target = logging.StreamHandler(self._stream)
        target.setFormatter(formatter(terminal=terminal))
        self.log = logging.getLogger("test")
        self.log.handlers = [target]
        self.log.propagate = False

    @property
    def text(self) -> str:
        return self._stream.getvalue()


SECRETS = [
    ("GET /j/%s?from=mail", "s3cr3t-token"),
    ("GET /j/x?code=%s", "s3cr3t-token"),
    ("GET https://example.org/j/%s", "s3cr3t-token"),
    ("Not Found: /calendar/%s.ics", "s3cr3t-token"),
    ("Not Found: /setup/%s", "s3cr3t-token"),
    ("Not Found: /account/password/reset/key/%s/", "1-s3cr3t"),
    ("Not Found: /account/confirm-email/%s/", "s3cr3t-token"),
    ("Authorization: Bearer %s", "s3cr3t.token"),
    ("{'authorization': 'Token %s'}", "s3cr3t-token"),
    ("sent with Bearer %s", "s3cr3t.token=="),
    ("Cookie: login=%s; csrf=abc", "s3cr3t-token"),
    ("Set-Cookie: __Host-login=%s; Path=/", "s3cr3t-token"),
    ("POST /x?access_token=%s&a=1", "s3cr3t-token"),
    ('{"password": "%s"}', "s3cr3t-word"),
    ("Invalid HTTP_HOST header: 'tut_%s.example'", "s3cr3t-token"),
    ("passcode=%s", "s3cr3t-word"),
    ("client_secret: %s", "s3cr3t-word"),
    ("postgresql://tutelage:%s@db.example.org/tutelage", "s3cr3t-word"),
]


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(("message", "secret"), SECRETS)
def test_a_secret_does_not_reach_the_log(message: str, secret: str, terminal: bool) -> None:
    captured = Captured(terminal=terminal)
    captured.log.warning(message, secret)
    captured.log.error("failed", exc_info=ValueError(message % secret))

    assert "s3cr3t" not in captured.text
    assert captured.text.count("\n") == 2


def test_without_the_mask_each_of_them_would() -> None:
    for message, secret in SECRETS:
        captured = Captured(terminal=False)
        captured.log.handlers[0].setFormatter(logging.Formatter())
        captured.log.warning(message, secret)
        assert "s3cr3t" in captured.text


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x00", "\x1b[2J", "\x85", "\u2028"])
@pytest.mark.parametrize("terminal", [True, False])
def test_what_a_client_sends_cannot_begin_a_line_of_its_own(sign: str, terminal: bool) -> None:
    captured = Captured(terminal=terminal)
    captured.log.warning("Not Found: %s", f"/a{sign}2026 error forged")

    assert len(captured.text.splitlines()) == 1
    assert "\x1b" not in captured.text
    assert "\x00" not in captured.text


def test_of_a_job_it_is_said_how_it_ended_and_not_that_it_begins(
    caplog: pytest.LogCaptureFixture,
) -> None:
    worker = logging.getLogger("procrastinate.worker.worker")
    worker.info("Starting job", extra={"action": "start_job"})
    worker.info("Stopped worker", extra={"action": "stopped_worker"})
    logging.getLogger("procrastinate.worker").info("Job ended", extra={"action": "job_success"})

    assert [record.message for record in caplog.records] == ["Stopped worker", "Job ended"]


def test_a_line_for_programs_is_json() -> None:
    captured = Captured(terminal=False)
    captured.log.warning("Not Found: %s", "/ü")
    line = json.loads(captured.text)

    assert (line["event"], line["level"], line["logger"]) == ("Not Found: /ü", "warning", "test")
    assert line["timestamp"].endswith("Z")


def test_a_line_for_people_begins_with_what_happened() -> None:
    captured = Captured(terminal=True)
    captured.log.warning("Something happened.")

    assert " warning Something happened. logger=test" in captured.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/j/abc", "/j/…"),
        ("/j/abc/join", "/j/…/join"),
        ("/sessions/018f", "/sessions/018f"),
        ("/jam/sessions", "/jam/sessions"),
        ("/", "/"),
    ],
)
def test_the_path_of_a_request_is_shown_without_what_opens_something(path: str, shown: str) -> None:
    assert masked_path(path) == shown
