"""Each route answers each actor as the reviewed table says, and no route is without a row."""

import pytest
from tests.permissions.callers import ACTORS
from tests.permissions.table import routes, rows
from tests.permissions.walking import Walk

from tutelage.config.asgi import Web


def test_each_route_has_a_row_and_each_row_a_route() -> None:
    named = {row.route for row in rows()}

    assert routes() - named == set(), "These have no row in matrix.yaml."
    assert named - routes() == set(), "These are in matrix.yaml, and nowhere else."


def test_what_is_served_beside_django_is_known() -> None:
    """Streams answer whom they may by tests of their own; health tells everybody the same."""
    assert set(Web()._routes) == {"/events", "/healthz", "/readyz"}


@pytest.mark.parametrize("walk", ACTORS, indirect=True)
def test_an_actor_is_answered_as_the_table_says(walk: Walk) -> None:
    assert walk.unexpected(rows()) == {}


@pytest.mark.parametrize("walk", ACTORS, indirect=True)
def test_what_one_may_not_know_of_is_answered_as_what_does_not_exist(walk: Walk) -> None:
    assert walk.telling(rows()) == {}


@pytest.mark.parametrize("walk", ["mentor", "superadmin"], indirect=True)
def test_no_page_takes_a_method_that_it_has_no_row_for(walk: Walk) -> None:
    """Those of the library take a PUT as a POST, which needs the same token against forgery."""
    ours = [row for row in rows() if not row.pattern.startswith(("/api/", "/account/"))]
    pages = {row.pattern: row for row in ours}
    taken = {
        f"{method} {pattern}": reply.status_code
        for pattern, row in pages.items()
        for method in ("PUT", "PATCH", "DELETE")
        for reply in [walk.caller.ask(method, row.path(walk.world.names))]
        if reply.status_code != 405
    }

    assert taken == {}
