"""People over HTTP, for administrators."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from tutelage.api.requests import ApiRequest
from tutelage.api.shapes import MeOut, Pagination
from tutelage.domain.feedback.queries import AVERAGE_FROM, find_averages
from tutelage.domain.people import queries, services
from tutelage.domain.people.inputs import AddPerson, PeopleFilters
from tutelage.domain.programs.queries import get_known_person

router = Router(tags=["people"])


class AverageOut(Schema):
    stars: float | None = Field(description="From `shown_from` opened ratings on.")
    number: int
    shown_from: int


class PeoplePage(Schema):
    people: list[MeOut]
    pagination: Pagination


@router.get("", response=PeoplePage)
def list_people(request: ApiRequest, filters: Query[PeopleFilters]) -> object:
    """List everybody, newest first; `q` seeks in names and e-mails."""
    page = queries.list_people(actor=request.auth, asked=filters)
    return {"people": page.rows, "pagination": page.pagination}


@router.post("", response={201: MeOut})
def post_person(request: ApiRequest, body: AddPerson, response: HttpResponse) -> object:
    """Add a person. They set a password by way of *Forgotten?* on the login page."""
    person = services.add_person(actor=request.auth, given=body)
    response["Location"] = f"/api/people/{person.uid}"
    return Status(201, person)


@router.get("/{person_id}/rating", response=AverageOut)
def get_average(request: ApiRequest, person_id: UUID) -> object:
    """What others thought of sessions with somebody you know: oneself, or one of your pairs."""
    person = get_known_person(actor=request.auth, uid=person_id)
    average = find_averages([person.pk])[person.pk]
    return {"stars": average.stars, "number": average.number, "shown_from": AVERAGE_FROM}


@router.get("/{person_id}", response=MeOut)
def get_person(request: ApiRequest, person_id: UUID) -> object:
    """Read one person."""
    return queries.get_person(actor=request.auth, uid=person_id)
