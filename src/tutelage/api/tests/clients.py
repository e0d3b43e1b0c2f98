"""A caller of the API, and what its errors look like."""

from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from tutelage.api.root import api
from tutelage.domain.people.lifecycle import Scope
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_token

JSON = "application/json"


class ApiClient(Client):
    """Sends JSON with a token, as a stranger's program would."""

    def __init__(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        super().__init__(enforce_csrf_checks=True, headers=headers)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        call = getattr(super(), method)
        if method == "get":
            return call(f"/api{path}", headers=headers)
        return call(f"/api{path}", body, JSON, headers=headers)


def client_of(user: User, scope: Scope = Scope.WRITE) -> ApiClient:
    return ApiClient(make_token(user, scope))


def assert_problem(reply: Any, status: int, code: str, *fields: str) -> None:
    assert reply["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert (reply.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert {error["field"] for error in problem["errors"]} == set(fields)


def assert_is(body: Any, name: str) -> None:
    """It is what the API's document says of it."""
    schema = {"$ref": f"#/components/schemas/{name}", **api.get_openapi_schema()}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(body)
