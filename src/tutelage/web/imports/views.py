"""Bringing in a spreadsheet, in two steps: its columns, then what would become of its rows."""

import csv
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from pydantic import TypeAdapter

from tutelage.core.errors import DomainError, invalid_field
from tutelage.core.paging import Paged
from tutelage.domain.imports import policies, queries
from tutelage.domain.imports.inputs.mapping import RowFilters
from tutelage.domain.imports.lifecycle import MAX_BYTES, BatchState, DayOrder, Fate, Unit
from tutelage.domain.imports.services.running import start_import
from tutelage.domain.imports.services.staging import (
    discard_import,
    list_strange_words,
    map_import,
    stage_import,
)
from tutelage.web.forms import Form, read_form, seen_version, show_form
from tutelage.web.imports import columns
from tutelage.web.imports.columns import ColumnsForm
from tutelage.web.params import read
from tutelage.web.requests import WebRequest
from tutelage.web.words import zone_groups

if TYPE_CHECKING:
    from tutelage.domain.imports.models import ImportBatch

_pages = TypeAdapter(Paged)
_rows = TypeAdapter(RowFilters)
_READABLE = {BatchState.RUNNING, BatchState.DONE, BatchState.FAILED}


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: WebRequest) -> HttpResponse:
    """The imports so far, and the upload of another file."""
    policies.can_import(request.user).require()
    form: Form[ColumnsForm] = Form.of()
    if request.method == "POST":
        try:
            return redirect("imports:columns", _upload(request).uid)
        except DomainError as error:
            form.add(error)
    found = queries.list_imports(actor=request.user, asked=read(_pages, request.GET))
    return show_form(request, "imports/list.html", form, found=found)


def _upload(request: WebRequest) -> "ImportBatch":
    file = request.FILES.get("file")
    if file is None:
        raise invalid_field("file", _("Choose a file first."))
    content = file.read(MAX_BYTES + 1)
    return stage_import(actor=request.user, file_name=file.name or "", content=content)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """Step one: what the columns hold. It leads to what would become of the rows."""
    batch = queries.get_import(actor=request.user, batch_id=batch_id)
    if batch.state in _READABLE:
        return redirect("imports:detail", batch.uid)
    form, strange = columns.form_of(batch), list[str]()
    if request.method == "POST":
        form = read_form(ColumnsForm, request.POST)
        if form.given:
            given = form.given
            try:
                map_import(
                    actor=request.user,
                    batch_id=batch_id,
                    given=given.mapping,
                    seen_version=given.version,
                )
            except DomainError as error:
                form.add(error)
                form.values = {**form.values, "version": batch.version}
                strange = list_strange_words(batch, given.mapping)
            else:
                return redirect("imports:detail", batch.uid)
    shown = {
        "batch": batch,
        "groups": columns.groups(form),
        "places": columns.places(batch),
        "words": columns.words(form, strange),
        "first_rows": queries.list_first_rows(batch),
        "zones": zone_groups(),
        "orders": [("", _("Find it in the file")), *DayOrder.choices],
        "units": Unit.choices,
    }
    return show_form(request, "imports/columns.html", form, **shown)


@require_safe
def import_detail(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """Step two: what would become of each row. Later, what became of it."""
    batch = queries.get_import(actor=request.user, batch_id=batch_id)
    if batch.state == BatchState.STAGED and batch.mapped_at is None:
        return redirect("imports:columns", batch.uid)
    asked = read(_rows, request.GET)
    shown = {
        "batch": batch,
        "asked": asked,
        "window": queries.list_rows(batch, asked),
        "fates": _fates(batch),
    }
    return render(request, "imports/detail.html", shown)


@require_safe
def import_progress(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """How far it is; once it is over, the whole page is to be read anew."""
    batch = queries.get_import(actor=request.user, batch_id=batch_id)
    if not request.htmx:
        return redirect("imports:detail", batch.uid)
    if batch.state != BatchState.RUNNING:
        return HttpResponseClientRefresh()
    return render(request, "imports/_progress.html", {"batch": batch})


@require_POST
def import_start(request: WebRequest, batch_id: UUID) -> HttpResponse:
    seen = seen_version(request.POST) or 0
    start_import(actor=request.user, batch_id=batch_id, seen_version=seen)
    return redirect("imports:detail", batch_id)


@require_POST
def import_discard(request: WebRequest, batch_id: UUID) -> HttpResponse:
    discard_import(actor=request.user, batch_id=batch_id)
    messages.success(request, _("The file was discarded. Nothing of it was imported."))
    return redirect("imports:list")


@require_safe
def import_refused(request: WebRequest, batch_id: UUID) -> HttpResponse:
    """The refused rows as a file, to be mended and imported again."""
    batch = queries.get_import(actor=request.user, batch_id=batch_id)
    mark = "\ufeff"  # tells Excel that it is UTF-8
    response = HttpResponse(mark, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="refused.csv"'
    csv.writer(response).writerows(queries.iterate_refused(batch))
    return response


def _fates(batch: "ImportBatch") -> list[tuple[str, str, int]]:
    """What there is to choose from: a fate, its word, and how many rows have it."""
    counts = {
        Fate.WAITING: batch.waiting_count,
        Fate.CREATED: batch.created_count,
        Fate.UNCHANGED: batch.unchanged_count,
        Fate.REFUSED: batch.refused_count,
    }
    every = ("", _("All"), batch.rows_count)
    return [every, *((fate.value, str(fate.label), n) for fate, n in counts.items() if n)]
