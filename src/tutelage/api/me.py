"""The caller's own account."""

from ninja import Router

from tutelage.api.requests import ApiRequest
from tutelage.api.shapes import MeOut
from tutelage.domain.people.inputs import ChangeProfile
from tutelage.domain.people.services import change_profile

router = Router(tags=["people"])


@router.get("", response=MeOut)
def get_me(request: ApiRequest) -> object:
    """Who you are here, and in which zone days are yours."""
    return request.auth


@router.put("", response=MeOut)
def put_me(request: ApiRequest, body: ChangeProfile) -> object:
    """Change your name, zone and language."""
    return change_profile(actor=request.auth, given=body)
