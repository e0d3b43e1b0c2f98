"""Home: what comes next, and what waits for the reader."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutelage.web.home.board import read_board, read_next
from tutelage.web.requests import WebRequest


@require_safe
def home_show(request: WebRequest) -> HttpResponse:
    return render(request, "home/show.html", {"board": read_board(request.user)})


@require_safe
def next_show(request: WebRequest) -> HttpResponse:
    """The card of the next session alone, so that its door opens without a reload."""
    return render(request, "home/_next.html", {"next": read_next(request.user)})
