"""The catalogue of target groups, for heads: add one for the station, rename, retire and bring back one's own."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.reads import shows_nothing_personal
from officers.models import User
from sectorlog.forms.groups import GroupAddForm, GroupNameForm
from sectorlog.groups import catalogue
from sectorlog.models import TargetGroup


@shows_nothing_personal
@require_http_methods(["GET", "HEAD", "POST"])
def group_catalogue(request: HttpRequest) -> HttpResponse:
    """Show the groups of the stations that one heads (as head of a district too), and take a new one."""
    user = cast("User", request.user)
    stations = catalogue.stations_to_add_to(user)
    if not stations.exists():
        raise Http404
    form = GroupAddForm(request.POST if request.method == "POST" else None, stations=stations)
    if request.method == "POST" and form.is_valid():
        group = catalogue.add(form.cleaned_data["name"], form.cleaned_data["station"])
        messages.success(request, _("%(group)s is a target group of your sectors now.") % {"group": group})
        return redirect("sectorlog:group_catalogue")
    own = catalogue.groups_kept_by(user).select_related("station").order_by("station", "position", "name")
    context = {
        "of_handbook": TargetGroup.objects.filter(station=None),
        "own": [group for group in own if group.retired_at is None],
        "retired": [group for group in own if group.retired_at],
        "form": form,
        "several": len(stations) > 1,
    }
    return render(request, "sectorlog/group_catalogue.html", context, status=422 if form.errors else 200)


@shows_nothing_personal
@require_http_methods(["GET", "HEAD", "POST"])
def group_rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Rename a group that a head added; 409 if somebody else did meanwhile."""
    group = _kept(request, slug)
    form = GroupNameForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The group is called %(group)s now.") % {"group": group})
        return redirect("sectorlog:group_catalogue")
    context = {"form": form, "group": group}
    return render(request, "sectorlog/group_rename.html", context, status=form.refusal_status)


@shows_nothing_personal
@require_POST
def group_retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Retire a group, or with `back` bring it back."""
    group = _kept(request, slug)
    if request.POST.get("back"):
        catalogue.bring_back(group)
        messages.success(request, _("%(group)s is offered again.") % {"group": group})
    else:
        catalogue.retire(group)
        messages.success(
            request, _("%(group)s is retired. What was written about it stays.") % {"group": group}
        )
    return redirect("sectorlog:group_catalogue")


def _kept(request: HttpRequest, slug: str) -> TargetGroup:
    """Return the group of this name that the account may change, locked if it is about to. Raises Http404."""
    kept = catalogue.groups_kept_by(cast("User", request.user))
    if request.method == "POST":
        kept = kept.select_for_update()
    found: TargetGroup = get_object_or_404(kept, slug=slug)
    return found
