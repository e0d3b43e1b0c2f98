"""The history of one's sessions: searched, narrowed, read page by page, and taken away."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import push_url
from pydantic import TypeAdapter

from tutelage.core.paging import COUNTED, Pagination
from tutelage.core.text import words_of
from tutelage.domain.feedback.queries import list_all_history, list_history
from tutelage.domain.people.queries import find_users
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.queries import OwnPair, get_mentorship, list_own_names
from tutelage.domain.sessions.queries import count_logged
from tutelage.web import words
from tutelage.web.forms import read_form
from tutelage.web.history import export, parts
from tutelage.web.history import filters as narrowing
from tutelage.web.history.cards import cards_of
from tutelage.web.history.export import ExportQuery
from tutelage.web.history.filters import HistoryQuery, Names
from tutelage.web.params import read
from tutelage.web.requests import WebRequest

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

_export_query = TypeAdapter(ExportQuery)


@require_safe
def history_list(request: WebRequest) -> HttpResponse:
    """The page, or for HTMX the part of it that a filter changes."""
    form = read_form(HistoryQuery, request.GET)
    pairs = list_own_names(request.user)
    people = narrowing.people_of(pairs)
    log_address = _log_address(pairs)
    exports = parts.exports_of(request.GET)
    as_table = form.value("view") == "table"
    shown = {
        "form": form,
        "log_address": log_address,
        "count": "",
        "sought": form.value("q"),
        "is_narrowed": any(form.value(name) for name in narrowing.NARROWING),
        "as_table": as_table,
        "views": parts.views_of(request.GET, as_table=as_table),
        "exports": exports,
    }
    if form.given:
        names = _names(request.user, form.given, pairs, people)
        shown |= _found(request.user, form.given)
        shown["chips"] = narrowing.chips(form.given, request.GET, names)
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "history/_found.html", shown, status=form.status)
        return push_url(response, request.path + narrowing.address(request.GET.dict()))
    shown["bar"] = parts.bar_of(form, people)
    shown["head"] = parts.head_of(_sums(request.user), log_address, exports)
    return render(request, "history/list.html", shown, status=form.status)


@require_safe
def history_export(request: WebRequest) -> HttpResponse:
    """All that the filters show, as a file."""
    given = read(_export_query, request.GET)
    lines = list_all_history(actor=request.user, filters=given, limit=export.MOST)
    return export.file_of(lines, request.user, given.format)


def _found(reader: "User", given: HistoryQuery) -> dict[str, object]:
    lines, page = list_history(actor=reader, filters=given)
    return {
        "cards": cards_of(lines, reader, sought=words_of(given.q)),
        "page": page,
        "count": _count(page),
    }


def _count(page: Pagination) -> str:
    if page.total >= COUNTED:
        return _("%(count)d sessions or more") % {"count": COUNTED}
    return ngettext("%(count)d session", "%(count)d sessions", page.total) % {"count": page.total}


def _sums(reader: "User") -> str:
    """How much there was so far: of oneself, since nobody works with all sessions at once."""
    number, time = count_logged(reader)
    if not number:
        return ""
    text = ngettext(
        "%(count)d session held, %(time)s in all.",
        "%(count)d sessions held, %(time)s in all.",
        number,
    )
    return text % {"count": number, "time": words.minutes(round(time.total_seconds() / 60))}


def _names(
    reader: "User", given: HistoryQuery, pairs: list[OwnPair], people: list[tuple[str, str]]
) -> Names:
    """A pair or a person in the address may be of others, if the reader may know of them."""
    person = narrowing.name_of(given.person, people)
    if given.person and reader.is_admin and not person:
        found = find_users([given.person]).get(given.person)
        person = found.name if found else ""
    return Names(person, _pair_name(reader, pairs, given.mentorship))


def _pair_name(reader: "User", pairs: list[OwnPair], mentorship_id: UUID | None) -> str:
    if mentorship_id is None:
        return ""
    own = next((each.other_name for each in pairs if each.uid == mentorship_id), None)
    return own or narrowing.pair_label(
        get_mentorship(actor=reader, mentorship_id=mentorship_id), reader
    )


def _log_address(pairs: list[OwnPair]) -> str:
    """Where "Log session" leads: straight to the only pair, or to the choice of one."""
    active = [each for each in pairs if each.status == PairStatus.ACTIVE]
    if len(active) == 1:
        return reverse("logs:pair", args=[active[0].uid])
    return reverse("logs:choose") if active else ""
