"""The address that a mentor gives away: what it shows to those who have not logged in."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tutelage.core.errors import NotFound
from tutelage.domain.scheduling.queries import get_bookable
from tutelage.web.booking.views import book_show, month_of
from tutelage.web.requests import WebRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def book_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show open hours to everybody; what is by invitation is for those who have logged in."""
    if request.user.is_authenticated:
        return book_show(cast("WebRequest", request), person_id)
    try:
        bookable = get_bookable(actor=None, person_id=person_id)
    except NotFound:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return redirect_to_login(request.get_full_path())
    shown = month_of(request, bookable, bookable.policy.zone)
    response = render(request, "book/open.html", shown)
    response["X-Robots-Tag"] = "noindex"
    return response
