"""The world of the table, and one actor walking through it."""

import pytest
from tests.permissions.callers import make_callers
from tests.permissions.walking import Walk
from tests.permissions.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def walk(world: World, request: pytest.FixtureRequest) -> Walk:
    """As the actor that the test is given."""
    return Walk(world, make_callers(world)[request.param])
