"""The pages of the log: one's own for everybody, all of it or a sample for who may, its health for administrators."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit import export, health, recording
from audit.forms import LogForm, ReasonForm, kinds
from audit.models import Change, Place, ReadEntry
from audit.permissions import AuditScope, can_view_log_health, scope_of
from audit.reads import nothing_personal, shown, shows_nothing_personal

if TYPE_CHECKING:
    from officers.models import User

PAGE_SIZE = 50
REASON = "audit_reason"


@never_cache
@shows_nothing_personal
@require_safe
def own_log(request: HttpRequest) -> HttpResponse:
    """Show an account what is logged of itself, without the values: they may be none of its business any more."""
    is_changes = request.GET.get("log") == "changes"
    model = Change if is_changes else ReadEntry
    entries = model.objects.filter(actor_id=cast("User", request.user).pk)
    page = entries.page(PAGE_SIZE + 1, after=_place(request))
    for entry in page if is_changes else ():
        entry.before = entry.after = None
    scope = scope_of(cast("User", request.user))
    context = {"log": "changes" if is_changes else "reads", "scope": scope, **_page_context(request, page)}
    return render(request, "audit/own_log.html", context)


@never_cache
@require_safe
def log_list(request: HttpRequest) -> HttpResponse:
    """Show the part of the log that was asked for, once a reason was given. Both are logged."""
    scope = _scope_or_404(request)
    if not (reason := request.session.get(REASON)):
        return redirect("audit:reason_give")
    form = LogForm(request.GET, scope)
    page: list[Any] = []
    if form.is_valid():
        page = form.entries().page(PAGE_SIZE + 1, after=_place(request))
        numbers = [entry.pk for entry in page[:PAGE_SIZE]]
        shown(
            request, numbers, verb=ReadEntry.Verb.LISTED, subject=form.label, purpose=_purpose(reason, form)
        )
    else:
        nothing_personal(request)
    context = {"form": form, "reason": reason, "scope": scope, **_page_context(request, page)}
    context["log"] = form.cleaned_data.get("log", "reads")
    return render(request, "audit/log_list.html", context)


@never_cache
@require_safe
def log_export(request: HttpRequest) -> HttpResponseBase:
    """Send what was asked for as CSV. That it was exported is logged before the first line leaves, and which entries
    before they do."""
    scope = _scope_or_404(request)
    form = LogForm(request.GET, scope)
    if not (reason := request.session.get(REASON)) or not form.is_valid():
        return redirect("audit:log_list")
    log = form.cleaned_data["log"]
    purpose = _purpose(reason, form)
    shown(request, [], verb=ReadEntry.Verb.EXPORTED, subject=form.label, purpose=purpose)
    name = f"{log}-{form.cleaned_data['since']}-{form.cleaned_data['until']}.csv"

    def note(page: list[Any]) -> None:
        numbers = [entry.pk for entry in page]
        shown(request, numbers, verb=ReadEntry.Verb.EXPORTED, subject=form.label, purpose=purpose)
        recording.of(request).write()

    return StreamingHttpResponse(
        export.lines(form.entries(), log, note),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@shows_nothing_personal
@require_http_methods(["GET", "HEAD", "POST"])
def reason_give(request: HttpRequest) -> HttpResponse:
    """Ask why the log is read. It holds until the account logs out, or gives another one."""
    _scope_or_404(request)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session[REASON] = form.cleaned_data["reason"]
        return redirect("audit:log_list")
    return render(request, "audit/reason_give.html", {"form": form})


@never_cache
@shows_nothing_personal
@require_safe
def health_show(request: HttpRequest) -> HttpResponse:
    """Show how the log is, nothing of what it says."""
    if not can_view_log_health(cast("User", request.user)):
        raise Http404
    return render(
        request, "audit/health_show.html", {"logs": health.logs(), "is_guarded": health.is_guarded()}
    )


def _scope_or_404(request: HttpRequest) -> AuditScope:
    scope = scope_of(cast("User", request.user))
    if not scope.reads:
        raise Http404
    return scope


def _purpose(reason: str, form: LogForm) -> str:
    return f"{reason} [{form.summary()}]"


def _page_context(request: HttpRequest, page: list[Any]) -> dict[str, Any]:
    """Return the entries to show, and where the next page begins, if there is one."""
    entries, names = page[:PAGE_SIZE], kinds()
    for entry in entries:
        entry.kind = names.get(entry.subject, entry.subject or _("a page that does not say what it shows"))
    last = entries[-1] if len(page) > PAGE_SIZE else None
    query = request.GET.copy()
    if last:
        query["after"] = f"{last.at.timestamp():.6f}-{last.pk}"
    return {
        "entries": entries,
        "next_query": query.urlencode() if last else "",
        "query": _without_place(request),
    }


def _without_place(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    return query.urlencode()


def _place(request: HttpRequest) -> Place | None:
    """Return where the page begins. Raises SuspiciousOperation (400) for what no link of ours says."""
    if not (text := request.GET.get("after")):
        return None
    try:
        at, _dash, number = text.partition("-")
        return datetime.datetime.fromtimestamp(float(at), timezone.get_default_timezone()), int(number)
    except (ValueError, OverflowError, OSError) as error:
        raise SuspiciousOperation("after") from error
