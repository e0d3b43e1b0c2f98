"""The demo programme."""

from typing import Final

from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User

EMAIL: Final = "demo@example.org"
PASSWORD: Final = "look-around-here"  # noqa: S105  # printed for everybody who starts the demo
ACCOUNTS: Final = f"Log in as {EMAIL} with the password {PASSWORD}."


def load() -> None:
    person = User(email=EMAIL, name="Demo", role=Role.SUPERADMIN)
    person.set_password(PASSWORD)
    person.save()
