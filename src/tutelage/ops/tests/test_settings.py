import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tutelage.config import keys
from tutelage.config.environment import Environment, WrongSetting, read
from tutelage.ops.settings_table import document

PAGE = Path(__file__).parents[4] / "docs" / "guide" / "settings.md"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "eighty", "a valid integer"),
        ("PORT", "70000", "less than or equal to 65535"),
        ("BASE_URL", "tutelage.example.org", "begin with http:// or https://"),
        ("BASE_URL", "https://example.org/tutelage", "must not have a path"),
        ("SIGNUP", "maybe", "'open' or 'closed'"),
        ("REDIS_URL", "http://cache", "redis://"),
        ("MAIL_FROM", "nobody", "an e-mail address"),
        ("HTTP_ALLOWED_NETWORKS", "10.0.0.0/8, home", "'home'"),
        ("DATABASE_URL", "mysql://", "postgresql://"),
        ("SECRET_KEY", "short", "at least 50 signs"),
        ("ENCRYPTION_KEYS", "not-a-key", "32 bytes"),
    ],
)
def test_a_wrong_value_is_refused_by_name_with_a_way_out(
    name: str, value: str, expected: str
) -> None:
    with pytest.raises(WrongSetting) as refused:
        read({name: value})

    assert str(refused.value).startswith(f"{name} is ")
    assert expected in str(refused.value)
    assert f"Mend it, for example: {name}=" in str(refused.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY", "ENCRYPTION_KEYS"])
def test_an_error_never_shows_a_secret(name: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        read({name: "mysql://hunter2"})

    assert "hunter2" not in str(refused.value)


def test_a_secret_may_come_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("correct horse\n")

    assert read({"SMTP_PASSWORD_FILE": str(path)}).smtp_password == "correct horse"


def test_a_setting_given_both_ways_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "port"
    path.write_text("8001")

    with pytest.raises(WrongSetting, match="PORT and PORT_FILE are both given"):
        read({"PORT": "8000", "PORT_FILE": str(path)})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"SMTP_PASSWORD_FILE is .*gone"):
        read({"SMTP_PASSWORD_FILE": str(tmp_path / "gone")})


def test_an_empty_variable_counts_as_not_given() -> None:
    assert read({"PORT": "", "BASE_URL": ""}) == read({})


def test_the_address_follows_the_port_unless_it_is_given() -> None:
    assert read({"PORT": "8123"}).address == "http://localhost:8123"
    assert read({"BASE_URL": "https://example.org/"}).address == "https://example.org"


def test_keys_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    env = in_home(tmp_path)

    first = keys.keys_of(env)

    assert keys.keys_of(env) == first
    assert first.secret != keys.THROWAWAY_SECRET
    made = list((tmp_path / "home" / "keys").iterdir())
    assert {path.name for path in made} == {"secret_key", "encryption_keys"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    folders = (tmp_path / "home", tmp_path / "home" / "keys")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_of_many_first_starts_at_once_all_agree_on_the_keys(tmp_path: Path) -> None:
    for attempt in range(20):
        assert len(keys_of_starts_at_once(tmp_path / str(attempt))) == 1


def test_without_the_guard_they_would_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def overwrite(self: Path, target: Path) -> None:
        target.rename(self)

    monkeypatch.setattr(Path, "hardlink_to", overwrite)

    attempts = (keys_of_starts_at_once(tmp_path / str(attempt)) for attempt in range(200))
    assert any(len(found) > 1 for found in attempts)


def test_given_keys_win_and_are_not_written_down(tmp_path: Path) -> None:
    env = in_home(tmp_path, SECRET_KEY="x" * 50, ENCRYPTION_KEYS=keys.THROWAWAY_ENCRYPTION)

    assert keys.keys_of(env).secret == "x" * 50
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("profile", ["tools", "test"])
def test_a_profile_that_keeps_nothing_writes_nothing(tmp_path: Path, profile: str) -> None:
    keys.keys_of(in_home(tmp_path, TUTELAGE_PROFILE=profile))

    assert not (tmp_path / "home").exists()


def test_the_page_of_settings_is_current() -> None:
    assert PAGE.read_text() == document(), "Run: tutelage settings > docs/guide/settings.md"


def in_home(folder: Path, **given: str) -> Environment:
    return read({"TUTELAGE_HOME": str(folder / "home"), **given})


def keys_of_starts_at_once(folder: Path) -> set[keys.Keys]:
    env, starts = in_home(folder), 8
    together = Barrier(starts)

    def start(_: int) -> keys.Keys:
        together.wait()
        return keys.keys_of(env)

    with ThreadPoolExecutor(starts) as pool:
        return set(pool.map(start, range(starts)))
