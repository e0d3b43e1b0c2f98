"""API tokens over HTTP: one's own."""

from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from tutelage.api.idempotency import SECRET
from tutelage.api.requests import ApiRequest
from tutelage.core.errors import NotPermitted
from tutelage.domain.people import queries, services
from tutelage.domain.people.inputs import MakeToken

router = Router(tags=["tokens"])


class TokenOut(Schema):
    id: UUID = Field(alias="uid")
    name: str
    prefix: str
    scopes: list[str]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    last_used_at: AwareDatetime | None


class NewToken(Schema):
    token: str = Field(description="Shown this once.")
    about: TokenOut


class TokenList(Schema):
    tokens: list[TokenOut]


@router.get("", response=TokenList)
def list_tokens(request: ApiRequest) -> object:
    """Your newest hundred tokens, revoked ones too."""
    return {"tokens": queries.list_tokens(request.auth)}


@router.post("", response={201: NewToken}, openapi_extra=SECRET)
def post_token(request: ApiRequest, body: MakeToken) -> object:
    """Make a token; from the pages' login session only, so that no token begets another."""
    if request.headers.get("Authorization"):
        raise NotPermitted("A token cannot make tokens. Make it under Settings, API tokens.")
    row, token = services.issue_token(actor=request.auth, given=body)
    return Status(201, {"token": token, "about": row})


@router.delete("/{token_id}", response={204: None})
def delete_token(request: ApiRequest, token_id: UUID) -> object:
    """Revoke a token: it is refused from the next request on."""
    services.revoke_token(actor=request.auth, token_id=token_id)
    return Status(204, None)
