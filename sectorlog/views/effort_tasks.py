"""The tasks of a joint effort: give them to people, change them, do them in one tap."""

from __future__ import annotations

import uuid as uuids
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.reads import offered, shown
from officers.models import User
from sectorlog.effort_planning import finish, give, reopen, station_of
from sectorlog.forms.efforts import TaskForm
from sectorlog.models import Effort, EffortTask
from sectorlog.permissions import can_update_effort
from sectorlog.views.efforts import (
    detail_page,
    effort_to_change,
    own_sector,
    refuse_closed,
    visible_effort,
)


@require_http_methods(["GET", "HEAD", "POST"])
def task_add(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Add a task and tell who has it; whoever reloads the page of a refusal is led back to the effort."""
    effort = effort_to_change(request, uuid)
    if request.method != "POST":
        return redirect("sectorlog:effort_detail", uuid)
    form = TaskForm(request.POST, effort=effort, instance=EffortTask(effort=effort))
    form.station = station_of(effort)
    is_valid = form.is_valid()
    if effort.closed_at:
        refuse_closed(form)
    elif is_valid:
        if not _is_there(form.instance):
            give(form.save(), by=cast("User", request.user))
        messages.success(request, _("The task stands in the plan."))
        return redirect("sectorlog:effort_detail", uuid)
    return detail_page(request, effort, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def task_update(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Change a task, or with `remove` take it out of the plan; 409 if somebody else changed it meanwhile."""
    user = cast("User", request.user)
    task = _task(uuid)
    effort = effort_to_change(request, task.effort.uuid)
    is_sent = request.method == "POST"
    if effort.closed_at and not is_sent:
        return redirect("sectorlog:effort_detail", effort.uuid)
    # As it is now that nobody else can change the plan.
    task = _task(uuid)
    if is_sent and "remove" in request.POST and not effort.closed_at:
        task.delete()
        messages.success(request, _("The task is taken out of the plan."))
        return redirect("sectorlog:effort_detail", effort.uuid)
    had_it = task.who_id
    form = TaskForm(request.POST if is_sent else None, effort=effort, instance=task)
    form.station = station_of(effort)
    is_valid = is_sent and form.is_valid()
    if is_sent and effort.closed_at:
        refuse_closed(form)
    elif is_valid:
        give(form.save(), by=user, instead_of=had_it)
        messages.success(request, _("The task is saved."))
        return redirect("sectorlog:effort_detail", effort.uuid)
    shown(request, [effort, task])
    offered(request, form)
    context = {"form": form, "effort": effort, "task": task, "sector": own_sector(request, effort)}
    status = HTTPStatus.CONFLICT if is_sent and effort.closed_at else form.refusal_status
    return render(request, "sectorlog/effort_task.html", context, status=status)


@require_POST
def task_done(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Mark a task as done, or with `reopen` take that back: whose task it is, and who may change the effort."""
    user = cast("User", request.user)
    task = _task(uuid)
    effort = visible_effort(user, task.effort.uuid)
    if task.who_id != user.pk and not can_update_effort(user, effort) and effort.closed_at is None:
        raise Http404
    if effort.closed_at:
        messages.error(request, _("The effort is closed: its plan stays as it is."))
    elif "reopen" in request.POST:
        reopen(task)
        messages.success(request, _("The task is open again."))
    else:
        finish(task, by=user)
        messages.success(request, _("Done. Thank you."))
    # Whom the task alone had shown the effort reads it no longer.
    is_seen = Effort.objects.visible_to(user).filter(pk=effort.pk).exists()
    if not is_seen or (request.POST.get("back") == "start" and effort.closed_at is None):
        return redirect("sectorlog:log_home")
    return redirect("sectorlog:effort_detail", effort.uuid)


def _task(uuid: uuids.UUID) -> EffortTask:
    found: EffortTask = get_object_or_404(EffortTask.objects.select_related("effort", "who"), uuid=uuid)
    return found


def _is_there(task: EffortTask) -> bool:
    """Whether the plan has this very task already: sent twice, written once."""
    return EffortTask.objects.filter(
        effort=task.effort, what=task.what, who=task.who, unit=task.unit, due_on=task.due_on, done_at=None
    ).exists()
