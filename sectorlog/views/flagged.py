"""What is shared with a unit, for its contact in the sectors: read only, a reason first, each read logged."""

from __future__ import annotations

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import ReadEntry
from audit.reads import shown, shows_nothing_personal
from officers.models import User
from sectorlog.entries.sharing import shared_with
from sectorlog.forms.exports import SayWhyForm
from sectorlog.models import Challenge, LogEntry, Party

PAGE_SIZE = 25
REASON = "flagged_reason"


def _entries(user: User) -> QuerySet[Any]:
    shared = LogEntry.objects.flagged_to(user, timezone.now())
    return (
        shared.select_related("sector__district", "author", "form_version__template", "flagged_for")
        .prefetch_related("groups", "parties", "challenges", "addenda__author")
        .order_by("-happened_at", "-pk")
    )


def _challenges(user: User) -> QuerySet[Any]:
    shared = Challenge.objects.flagged_to(user, timezone.now())
    return (
        shared.select_related("sector__district", "flagged_for")
        .prefetch_related("groups", "parties", "notes__author")
        .order_by("closed_at", "-opened_at", "-pk")
    )


def _parties(user: User) -> QuerySet[Any]:
    shared = Party.objects.flagged_to(user, timezone.now()).current()
    return (
        shared.select_related("sector__district", "flagged_for")
        .prefetch_related("groups", "contacts")
        .order_by("name", "pk")
    )


KINDS: dict[str, Callable[[User], QuerySet[Any]]] = {
    "entries": _entries,
    "challenges": _challenges,
    "parties": _parties,
}
NAMES = {"entries": _("Entries"), "challenges": _("Challenges"), "parties": _("Parties of interest")}


@never_cache
@require_safe
def flagged_list(request: HttpRequest) -> HttpResponse:
    """Show what is shared with the account's unit in its sectors, one kind at a time."""
    user = _contact_or_404(request)
    if not (reason := request.session.get(REASON)):
        return redirect("sectorlog:flagged_reason")
    kind = request.GET.get("show", "entries")
    if kind not in KINDS:
        raise Http404
    page = Paginator(KINDS[kind](user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows, answered = shared_with(user, list(page))
    named = {*answered, *(one for row in rows for one in row.named)}
    _note(request, kind, page, named, reason)
    context = {
        "kind": kind,
        "names": NAMES.items(),
        "page": page,
        "rows": rows,
        "reason": reason,
        "template": f"sectorlog/includes/flagged_{kind}.html",
    }
    return render(request, "sectorlog/flagged.html", context)


@never_cache
@shows_nothing_personal
@require_http_methods(["GET", "HEAD", "POST"])
def flagged_reason(request: HttpRequest) -> HttpResponse:
    """Ask why. It holds until the account logs out, or gives another reason."""
    _contact_or_404(request)
    form = SayWhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session[REASON] = form.cleaned_data["reason"]
        return redirect("sectorlog:flagged_list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sectorlog/flagged_reason.html", {"form": form}, status=status)


def _contact_or_404(request: HttpRequest) -> User:
    """Return the account, if it is a unit's contact in a sector now."""
    user = cast("User", request.user)
    if not user.standing.liaison:
        raise Http404
    return user


def _note(request: HttpRequest, kind: str, page: Page[Any], named: Collection[Any], reason: str) -> None:
    """Say what the page shows and why; of an empty one, in which sectors nothing is shared."""
    rows = list(page)
    if not rows:
        nothing_of: QuerySet[Any] = KINDS[kind](cast("User", request.user))
        sectors = cast("User", request.user).standing.liaison
        shown(request, nothing_of.none(), sectors=sectors, purpose=reason)
        return
    shown(request, rows, purpose=reason)
    if named:
        shown(request, named, verb=ReadEntry.Verb.LISTED, purpose=reason)
