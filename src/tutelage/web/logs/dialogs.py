"""A form that lies over the page it was opened from, or is a page where there is no script."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, reswap, retarget

from tutelage.web.forms import Form, show_form
from tutelage.web.requests import WebRequest


def show(request: WebRequest, name: str, form: Form[Any], **context: object) -> HttpResponse:
    """The dialog for HTMX, or the page; a refused form takes its own place again."""
    if not request.htmx:
        return show_form(request, f"logs/{name}.html", form, **context)
    response = show_form(request, f"logs/_{name}_dialog.html", form, **context)
    return reswap(retarget(response, "#dialog"), "innerHTML")


def saved(request: WebRequest, message: str, to: str, *given: object) -> HttpResponse:
    """Say so, and go on: from a dialog to the page below it, which knows of the change now."""
    messages.success(request, message)
    return HttpResponseClientRefresh() if request.htmx else redirect(reverse(to, args=given))


def lead_away(request: WebRequest, message: str, to: str, *given: object) -> HttpResponse:
    """There is no form to show; the page that is opened instead says why."""
    messages.info(request, message)
    address = reverse(to, args=given)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
