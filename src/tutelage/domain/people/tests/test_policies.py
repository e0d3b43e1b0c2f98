"""Who manages people, and how mighty they may make somebody."""

from itertools import product

from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.policies import can_give_role, can_manage_people


def test_administrators_manage_people() -> None:
    assert [role for role in Role if can_manage_people(User(role=role))] == ["admin", "superadmin"]


def test_nobody_makes_somebody_mightier_than_themselves() -> None:
    given = {
        (who, role) for who, role in product(Role, Role) if can_give_role(User(role=who), role)
    }

    assert given == {("admin", "user")} | {("superadmin", role) for role in Role}
