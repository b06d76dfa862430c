"""Joint efforts: the list, one effort with its plan, planning, changing and closing one."""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import offered, shown
from officers.models import User
from sectorlog.effort_planning import answers_for, close, station_of, tell_heads
from sectorlog.forms.efforts import EffortForm, EvaluationForm, TaskForm
from sectorlog.models import Effort, LogEntry
from sectorlog.permissions import can_plan_effort, can_read_log, can_update_effort
from sectors.models import Sector, Station

# Of those that are over a page; of an effort's entries the latest.
OVER_A_PAGE, LATEST_ENTRIES = 20, 20


@require_safe
def effort_list(request: HttpRequest) -> HttpResponse:
    """Show the efforts that the account sees: those that run or are planned, and page by page those that are over."""
    user = cast("User", request.user)
    seen = (
        Effort.objects.visible_to(user)
        .annotate(planned=Count("tasks"), finished=Count("tasks", filter=Q(tasks__done_at__isnull=False)))
        .prefetch_related("sectors", "units")
    )
    running = list(seen.running().order_by("begins_on", "pk"))
    over = Paginator(seen.exclude(closed_at=None).order_by("-closed_at", "-pk"), OVER_A_PAGE)
    page = over.get_page(request.GET.get("page"))
    shown(request, [*running, *page], sectors=_sectors_of([*running, *page]))
    context = {
        "running": running,
        "page": page,
        "may_plan": can_plan_effort(user),
        "today": timezone.localdate(),
    }
    return render(request, "sectorlog/effort_list.html", context)


@require_safe
def effort_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show one effort: goal, who takes part, the plan, the entries of logs that the account reads, evaluation."""
    return detail_page(request, visible_effort(cast("User", request.user), uuid))


@require_http_methods(["GET", "HEAD", "POST"])
def effort_create(request: HttpRequest) -> HttpResponse:
    """Plan an effort: responsible officers for their sectors, heads for theirs, together with any others."""
    user = cast("User", request.user)
    if not can_plan_effort(user):
        raise Http404
    own = [pk for pk in user.standing.responsible if len(user.standing.responsible) == 1]
    initial = {"begins_on": timezone.localdate(), "sectors": own}
    sent = request.POST if request.method == "POST" else None
    form = EffortForm(sent, user=user, instance=Effort(created_by=user), initial=initial)
    form.station = Station.objects.filter(pk__in=user.standing.home).first()
    if request.method == "POST" and form.is_valid():
        if (before := _sent_before(form, user)) is None:
            before = form.save()
            tell_heads(before, form.added, by=user)
        messages.success(request, _("The effort is planned. Give its tasks to people now."))
        return redirect("sectorlog:effort_detail", before.uuid)
    _say_offered(request, form)
    return render(request, "sectorlog/effort_form.html", {"form": form}, status=form.refusal_status)


@require_http_methods(["GET", "HEAD", "POST"])
def effort_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change what is planned; 409 if somebody else did meanwhile, or closed it."""
    user = cast("User", request.user)
    effort = effort_to_change(request, uuid)
    is_sent = request.method == "POST"
    if effort.closed_at and not is_sent:
        return redirect("sectorlog:effort_detail", uuid)
    form = EffortForm(request.POST if is_sent else None, user=user, instance=effort)
    form.station = station_of(effort)
    is_valid = is_sent and form.is_valid()
    if is_sent and effort.closed_at:
        refuse_closed(form)
    elif is_valid:
        form.save()
        tell_heads(effort, form.added, by=user)
        messages.success(request, _("The effort is saved."))
        # Who took their last sector out reads it no longer.
        if not Effort.objects.visible_to(user).filter(pk=effort.pk).exists():
            return redirect("sectorlog:effort_list")
        return redirect("sectorlog:effort_detail", uuid)
    shown(request, effort, sectors=_sectors_of([effort]))
    _say_offered(request, form)
    status = HTTPStatus.CONFLICT if effort.closed_at else form.refusal_status
    return render(request, "sectorlog/effort_form.html", {"form": form, "effort": effort}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def effort_close(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Close the effort with an evaluation; 409 with what was typed if somebody else closed it meanwhile."""
    effort = effort_to_change(request, uuid)
    is_sent = request.method == "POST"
    if effort.closed_at and not is_sent:
        return redirect("sectorlog:effort_detail", uuid)
    form = EvaluationForm(request.POST if is_sent else None)
    form.station = station_of(effort)
    is_valid = is_sent and form.is_valid()
    if is_sent and effort.closed_at:
        refuse_closed(form)
    elif is_valid:
        close(effort, form.cleaned_data["evaluation"], by=cast("User", request.user))
        messages.success(request, _("The effort is closed."))
        return redirect("sectorlog:effort_detail", uuid)
    shown(request, effort, sectors=_sectors_of([effort]))
    context = {
        "form": form,
        "effort": effort,
        "sector": own_sector(request, effort),
        "open_tasks": effort.tasks.filter(done_at=None).count(),
    }
    status = HTTPStatus.CONFLICT if effort.closed_at else 422 if form.errors else 200
    return render(request, "sectorlog/effort_close.html", context, status=status)


def visible_effort(user: User, uuid: uuids.UUID) -> Effort:
    seen = Effort.objects.visible_to(user).prefetch_related("sectors__district", "units")
    found: Effort = get_object_or_404(seen, uuid=uuid)
    return found


def effort_to_change(request: HttpRequest, uuid: uuids.UUID) -> Effort:
    """Return the effort that the account may change while it runs, locked if it is about to. Raises Http404.

    It may be closed by now: the caller says so.
    """
    user = cast("User", request.user)
    effort = visible_effort(user, uuid)
    if not any(answers_for(user, sector) for sector in effort.sectors.all()):
        raise Http404
    if request.method == "POST":
        Effort.objects.select_for_update().get(pk=effort.pk)
        effort = visible_effort(user, uuid)
    return effort


def detail_page(request: HttpRequest, effort: Effort, *, form: TaskForm | None = None) -> HttpResponse:
    """Show the effort, with the form of a new task or with the one that was refused."""
    user = cast("User", request.user)
    may_update = can_update_effort(user, effort)
    tasks = list(effort.tasks.select_related("who", "unit", "done_by").order_by("done_at", "due_on", "pk"))
    entries = _entries(user, effort)
    shown(request, [effort, *tasks, *entries], sectors=_sectors_of([effort]))
    form = form or (TaskForm(effort=effort) if may_update else None)
    if form:
        offered(request, form)
    context = {
        "effort": effort,
        "tasks": [
            (task, effort.closed_at is None and (may_update or task.who_id == user.pk)) for task in tasks
        ],
        "entries": entries,
        "form": form,
        "may_update": may_update,
        "readable": [one for one in effort.sectors.all() if can_read_log(user, one)],
        "sector": own_sector(request, effort),
        "writable": [one for one in effort.sectors.all() if one.pk in user.standing.sectors],
        "today": timezone.localdate(),
    }
    status = form.refusal_status if form and form.is_bound else 200
    if form and form.is_bound and effort.closed_at:
        status = HTTPStatus.CONFLICT
    return render(request, "sectorlog/effort_detail.html", context, status=status)


def own_sector(request: HttpRequest, effort: Effort) -> Sector | None:
    """Return one of the effort's sectors that the account works in: where a matter of source handling would go."""
    mine = cast("User", request.user).standing.sectors
    return next((sector for sector in effort.sectors.all() if sector.pk in mine), None)


def refuse_closed(form: BaseForm) -> None:
    form.add_error(
        None,
        _(
            "Somebody else closed this effort meanwhile. What you typed still stands here: copy what is needed."
        ),
    )


def _entries(user: User, effort: Effort) -> list[LogEntry]:
    found: QuerySet[LogEntry] = LogEntry.objects.visible_to(user).filter(effort=effort)
    return list(found.select_related("sector", "author").order_by("-happened_at", "-pk")[:LATEST_ENTRIES])


def _sectors_of(efforts: list[Effort]) -> set[int]:
    return {sector.pk for effort in efforts for sector in effort.sectors.all()}


def _sent_before(form: EffortForm, user: User) -> Effort | None:
    """Return the running effort of the same title that the account planned today: sent twice, planned once."""
    same: dict[str, Any] = {
        name: form.cleaned_data[name] for name in ("title", "goal", "begins_on", "ends_on")
    }
    return Effort.objects.filter(
        created_by=user, created_at__date=timezone.localdate(), closed_at=None, **same
    ).first()


def _say_offered(request: HttpRequest, form: EffortForm) -> None:
    offered(request, form)
    shown(request, list(form.fields["sectors"].queryset))  # type: ignore[attr-defined]  # a field of choices
