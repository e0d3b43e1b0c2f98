"""The history of one's sessions: searched, narrowed, and read page by page."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from tutelage.core.paging import COUNTED, Pagination
from tutelage.core.text import words_of
from tutelage.domain.feedback.queries import find_ratings
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.queries import get_mentorship, list_mentorships_of
from tutelage.domain.sessions.queries import count_logged, list_history
from tutelage.web import words
from tutelage.web.forms import read_form
from tutelage.web.history import filters as narrowing
from tutelage.web.history.cards import cards_of
from tutelage.web.history.filters import HistoryFilters
from tutelage.web.requests import WebRequest
from tutelage.web.words import STATUSES

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship


@require_safe
def history_list(request: WebRequest) -> HttpResponse:
    """The page, or for HTMX the part of it that a filter changes."""
    form = read_form(HistoryFilters, request.GET)
    pairs = list_mentorships_of(actor=request.user, person=request.user)
    pair = _chosen(request.user, pairs, form.given.mentorship if form.given else None)
    shown = {
        "form": form,
        "asked": {name: form.value(name) for name in narrowing.NARROWING},
        "pairs": [(str(each.uid), narrowing.pair_label(each, request.user)) for each in pairs],
        "statuses": [(code.value, STATUSES[code].word) for code in narrowing.SHOWN],
        "log_address": _log_address(pairs),
        "count": "",
        "is_narrowed": any(request.GET.get(name) for name in narrowing.NARROWING),
    }
    if form.given:
        shown |= _found(request.user, form.given)
        shown["chips"] = narrowing.chips(form.given, request.GET, pair)
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "history/_found.html", shown, status=form.status)
        return push_url(response, request.path + narrowing.address(request.GET.dict()))
    shown["sums"] = _sums(request.user)
    return render(request, "history/list.html", shown, status=form.status)


def _found(reader: "User", given: HistoryFilters) -> dict[str, object]:
    page = list_history(actor=reader, filters=given)
    ratings = find_ratings(actor=reader, session_ids=[row.pk for row in page.rows])
    return {
        "cards": cards_of(page.rows, reader, ratings, sought=words_of(given.q)),
        "page": page.pagination,
        "count": _count(page.pagination),
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


def _chosen(
    reader: "User", pairs: list["Mentorship"], mentorship_id: UUID | None
) -> "Mentorship | None":
    if mentorship_id is None:
        return None
    own = next((each for each in pairs if each.uid == mentorship_id), None)
    return own or get_mentorship(actor=reader, mentorship_id=mentorship_id)


def _log_address(pairs: list["Mentorship"]) -> str:
    """Where "Log session" leads: straight to the only pair, or to the choice of one."""
    active = [each for each in pairs if each.status == PairStatus.ACTIVE]
    if len(active) == 1:
        return reverse("logs:pair", args=[active[0].uid])
    return reverse("logs:choose") if active else ""
