"""Somebody goes through everything that has to do with secrets, on a real server."""

import re
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from tests.guessing.guessers import PASSWORD, RESET, Browser, make_person

from tutelage.config.tests.serving import Served
from tutelage.core.clock import now
from tutelage.domain.meetings.models import PersonalLink
from tutelage.domain.meetings.queries import token_of
from tutelage.domain.meetings.services import set_meeting_link, set_usual_room
from tutelage.domain.people.models import User
from tutelage.domain.people.services import make_setup_token
from tutelage.domain.people.tests.builders import make_admin
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.services.offering import schedule_session
from tutelage.domain.scheduling.tests.builders import wish
from tutelage.domain.sessions.models import Session

LINK: Final = "https://meet.example.org/sentinel-main"
BACKUP: Final = "https://meet.example.org/sentinel-backup"
USUAL: Final = "https://meet.example.org/sentinel-usual"
WRONG: Final = "sentinel-wrong-password"
NEW: Final = "sentinel-new-password"
TYPED: Final = "sentinel-of-what-was-typed"
FORGED: Final = "forged-line"


def tell(server: Served, home: Path) -> dict[str, str]:
    """Each secret of the story, by its name."""
    mentor, mentee = make_person(), make_person()
    session = _prepare(mentor, mentee)
    secrets = {"link": LINK, "backup": BACKUP, "usual": USUAL, "wrong": WRONG, "new": NEW}
    secrets |= {"password": PASSWORD, "typed": TYPED, "setup": make_setup_token() or ""}
    secrets |= _second_step(mentor)
    with Browser(server) as browser:
        secrets |= _through_the_door(browser, mentee, home)
        secrets |= _with_a_token(browser, session)
        secrets |= _by_personal_link(browser, session, mentee)
        secrets |= {"login": browser.client.cookies["login"], "csrf": browser.secret}
        _badly(browser, secrets)
    return secrets


def _prepare(mentor: User, mentee: User) -> Session:
    pair = make_pair(mentor=mentor, mentee=mentee)
    set_usual_room(actor=mentor, link=USUAL)
    soon = now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    slot = wish(pair, soon).slot
    session = schedule_session(actor=make_admin(), mentorship=pair, slot=slot, title="")
    set_meeting_link(actor=mentor, session_id=session.pk, link=LINK, backup=BACKUP)
    return session


def _second_step(person: User) -> dict[str, str]:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    codes = RecoveryCodes.activate(person)
    return {"totp": secret, "code": codes.get_unused_codes()[0]}


def _through_the_door(browser: Browser, person: User, home: Path) -> dict[str, str]:
    browser.sign_in(person.email, WRONG)
    browser.sign_in(f"{TYPED}@example.org", WRONG)
    browser.post(RESET, {"email": person.email})
    mails = "".join(file.read_text() for file in (home / "mails").glob("*"))
    found = re.search(r"/account/password/reset/key/(\S+)/", mails.replace("=\n", ""))
    assert found, mails
    key = found[1].removeprefix("3D")
    there = browser.client.get(f"/account/password/reset/key/{key}/").headers["Location"]
    browser.post(there, {"password1": NEW, "password2": NEW})
    assert browser.sign_in(person.email, NEW).status_code == 302
    browser.post("/account/reauthenticate/", {"password": WRONG})
    return {"reset link": key.partition("-")[2]}


def _with_a_token(browser: Browser, session: Session) -> dict[str, str]:
    sent = {"name": "Script", "scope": "write", "days": "90"}
    page = browser.post("/settings/tokens", sent).text
    [token] = set(re.findall(r"tut_[\w-]{43}", page))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
    made = browser.client.post(
        "/api/tokens",
        json={"name": "b"},
        headers={"X-CSRFToken": browser.secret, "Idempotency-Key": "t"},
    )
    joined = browser.client.post(f"/api/sessions/{session.pk}/join", headers=headers)
    assert joined.json()["url"] == LINK
    browser.client.get("/api/me", headers={"Authorization": f"Bearer {token}x"})
    browser.client.get(f"/api/me?token={token}", headers=headers)
    browser.client.put(
        "/api/me", json={"name": TYPED, "zone": token, "locale": ""}, headers=headers
    )
    return {"token": token, "second token": made.json()["token"]}


def _by_personal_link(browser: Browser, session: Session, person: User) -> dict[str, str]:
    link = PersonalLink.objects.get(participant__session=session, participant__user=person)
    token = token_of(link.participant_id, link.version)
    assert browser.client.get(f"/j/{token}").status_code == 200
    assert LINK in browser.post(f"/j/{token}", {}).text
    browser.client.get(f"/j/{token}x")
    browser.client.get(f"/j/{token}/more?from={token}")
    browser.client.put(f"/j/{token}")
    return {"personal link": token}


def _badly(browser: Browser, secrets: dict[str, str]) -> None:
    """Requests that are refused, some of them loudly, with secrets where they do not belong."""
    token, key = secrets["token"], secrets["reset link"]
    for path in (
        f"/nowhere%0d%0a{FORGED}%0a", f"/nowhere%E2%80%A8{FORGED}", f"/setup/{secrets['setup']}x",
        f"/calendar/{token}.ics", f"/account/password/reset/key/1-{key}/", f"/?password={WRONG}",
        f"/account/confirm-email/{key}/", f"/api/sessions/{token_hex(3)}?token={token}",
    ):  # fmt: skip
        browser.client.get(path)
    for name, value in (
        ("Host", f"{token}.example"), ("Authorization", f"Basic {token}"),
        ("Cookie", f"login={token}; csrf={key}"), ("Referer", f"http://localhost/j/{token}"),
        ("User-Agent", f"{token}\t{FORGED}"), ("Content-Type", f"text/plain; charset={token}"),
    ):  # fmt: skip
        browser.client.post(
            "/account/login/", headers={name: value}, content=b"password=" + WRONG.encode()
        )
