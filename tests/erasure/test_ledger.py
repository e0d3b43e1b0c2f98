"""Who was erased stays so, whatever brings the database back: a ledger outside it says who."""

import stat
from pathlib import Path

import pytest

from tutelage.config.environment import Environment, read
from tutelage.core.errors import NotFound
from tutelage.domain.erasure.services.erasing import erase_person
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_user
from tutelage.ops import erasing

pytestmark = pytest.mark.django_db


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    return read({"TUTELAGE_HOME": str(tmp_path / "home")})


def come_back(person: User) -> None:
    """As if a backup from before the erasure had been restored, by whatever means."""
    User.objects.filter(pk=person.pk).update(
        erased_at=None, name="Ben", email="ben@example.org", is_active=True
    )


def test_somebody_erased_who_comes_back_is_erased_again(env: Environment) -> None:
    ben, ana = make_user(name="Ben", email="ben@example.org"), make_user(name="Ana")
    erasing.erase(env, "ben@example.org")
    come_back(ben)

    assert erasing.keep_erased(env) == 1
    assert erasing.keep_erased(env) == 0

    assert User.objects.get(pk=ben.pk).name == "Former member"
    assert User.objects.get(pk=ana.pk).name == "Ana"


def test_without_the_ledger_or_its_salt_nobody_would_know(env: Environment) -> None:
    ben = make_user(email="ben@example.org")
    erasing.erase(env, "ben@example.org")
    come_back(ben)
    (env.home.keys / "erasure_salt").write_text("of another installation")
    assert erasing.keep_erased(env) == 0

    env.home.erased.unlink()
    assert erasing.keep_erased(env) == 0
    assert User.objects.get(pk=ben.pk).name == "Ben"


def test_the_ledger_says_nobodys_name_and_is_its_owners_alone(env: Environment) -> None:
    ben = make_user(email="ben@example.org")
    said = erasing.erase(env, "ben@example.org")

    text = env.home.erased.read_text()
    assert len(text.split()) == 1
    assert not {"ben", str(ben.uid), ben.uid.hex} & set(text.lower().split())
    assert stat.S_IMODE(env.home.erased.stat().st_mode) == 0o600
    assert "BACKUPS TAKEN BEFORE" in said
    with pytest.raises(NotFound):
        erasing.erase(env, "ben@example.org")


def test_who_was_erased_elsewhere_is_noted_here(env: Environment, tmp_path: Path) -> None:
    ben = make_user()
    erase_person(ben.pk)

    erasing.keep_erased(env)
    come_back(ben)
    copy = tmp_path / "copy"
    env.home.erased.rename(copy)
    erasing.add_from(env, copy)

    assert erasing.keep_erased(env) == 1
