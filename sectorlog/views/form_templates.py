"""Uniform forms for their heads: which there are, what their versions say, new ones, adapted and retired ones."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from sectorlog.forms.form_templates import NewForm, PlaceForm, PositionForm
from sectorlog.models import FormTemplate, FormVersion
from sectorlog.permissions import can_change_form, can_read_forms
from sectorlog.uniform_forms import publishing as form_publishing
from sectorlog.uniform_forms.design import changes
from sectorlog.uniform_forms.preview import preview_of
from sectorlog.uniform_forms.publishing import Place, can_be_adapted_at, places_of

if TYPE_CHECKING:
    from officers.models import User

SHOWN_VERSIONS = 50


@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """List the forms that there are: the first set, those of the stations, those of the districts."""
    user = cast("User", request.user)
    versions = FormVersion.objects.defer("fields").order_by("-number")
    templates = list(_readable(user).prefetch_related(Prefetch("versions", versions)))
    shown(request, templates)
    own = {(one.station_id, one.district_id, one.slug) for one in templates}
    places = places_of(user)
    rows = [_row(user, template, places, own) for template in templates]
    context = {
        "sets": _sets(rows),
        "can_draw_up": bool(places),
    }
    return render(request, "sectorlog/form_list.html", context)


def _readable(user: User) -> QuerySet[FormTemplate]:
    """Return the forms that `user` may look at. Raises Http404 where forms are no business of theirs."""
    if not can_read_forms(user):
        raise Http404
    seen = FormTemplate.objects.visible_to(user).select_related("station", "district")
    return seen.order_by("station__name", "district__name", "position", "slug")


def _row(user: User, template: FormTemplate, places: Sequence[Place], own: set[Any]) -> dict[str, Any]:
    versions = list(template.versions.all())
    in_force = next((version for version in versions if version.published_at), None)
    draft = next((version for version in versions if not version.published_at), None)
    can_adapt = in_force is not None and any(
        _is_wider(template, place)
        and (place.station.pk, getattr(place.district, "pk", None), template.slug) not in own
        for place in places
    )
    return {
        "template": template,
        "version": in_force or draft,
        "in_force": in_force,
        "draft": draft,
        "can_change": can_change_form(user, template),
        "can_adapt": can_adapt,
    }


def _is_wider(template: FormTemplate, place: Place) -> bool:
    of_station = template.station_id == place.station.pk and template.district_id is None
    return template.station_id is None or (of_station and place.district is not None)


def _sets(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return the rows by the place that they are for; the first set, which has none, comes last."""
    sets: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        sets.setdefault(row["template"].district or row["template"].station, []).append(row)
    return sorted(sets.items(), key=lambda found: found[0] is None)


@require_http_methods(["GET", "HEAD", "POST"])
def form_add(request: HttpRequest) -> HttpResponse:
    """Draw up a new form: for whom, its name, its purpose; its fields come next."""
    user = cast("User", request.user)
    if not (places := places_of(user)):
        raise Http404
    nothing_personal(request)
    form = NewForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_bound and form.is_valid():
        if problem := form_publishing.taken_name(form.chosen, form.name):
            form.add_error("name_en" if "en" in form.name else "name_da", problem)
        else:
            template = form_publishing.drawn_up(form.chosen, form.name, form.purpose, by=user)
            return redirect("sectorlog:form_draft", template.uuid)
    return render(request, "sectorlog/form_add.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def form_detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a form with its versions and what each has different from the one before."""
    template = readable_form(request, uuid)
    return detail_page(request, template)


def readable_form(request: HttpRequest, uuid: uuids.UUID) -> FormTemplate:
    """Return the form, noted as shown. Raises Http404 for one that the account may not look at."""
    template = get_object_or_404(_readable(cast("User", request.user)), uuid=uuid)
    shown(request, template)
    return template


def changeable_form(request: HttpRequest, uuid: uuids.UUID) -> FormTemplate:
    """Return the form. Raises Http404 for one that the account may not change."""
    template = readable_form(request, uuid)
    if not can_change_form(cast("User", request.user), template):
        raise Http404
    return template


def detail_page(request: HttpRequest, template: FormTemplate, position: Form | None = None) -> HttpResponse:
    user = cast("User", request.user)
    versions = list(template.versions.select_related("published_by").order_by("-number")[:SHOWN_VERSIONS])
    before = [*versions[1:], None]
    published = [version for version in versions if version.published_at]
    places = [place for place in places_of(user) if can_be_adapted_at(template, place)]
    context = {
        "template": template,
        "version": next(iter(published or versions), None),
        "in_force": next(iter(published), None),
        "draft": next((version for version in versions if not version.published_at), None),
        "history": [
            (one, changes(earlier, one), earlier) for one, earlier in zip(versions, before, strict=True)
        ],
        "compared": _compared(request, versions),
        "can_change": can_change_form(user, template),
        "can_adapt": bool(places and published),
        "position_form": position or PositionForm(initial={"position": template.position}),
    }
    status = 422 if position is not None and position.errors else 200
    return render(request, "sectorlog/form_detail.html", context, status=status)


def _compared(request: HttpRequest, versions: Sequence[FormVersion]) -> dict[str, Any] | None:
    """Return what differs between the two versions whose numbers the address gives, if it does."""
    known = {str(version.number): version for version in versions}
    one, other = (known.get(request.GET.get(end, "")) for end in ("from", "to"))
    if one is None or other is None:
        return None
    return {"before": one, "after": other, "changes": changes(one, other)}


@require_safe
def form_preview(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show a version as officers see it: the one of the number in the address, the draft, or what is in force."""
    template = readable_form(request, uuid)
    versions = {str(version.number): version for version in template.versions.order_by("number")}
    latest = next(reversed(versions.values()), None)
    if (version := versions.get(request.GET.get("version", ""), latest)) is None:
        raise Http404
    context = {
        "template": template,
        "version": version,
        "form": preview_of(version),
        "can_change": can_change_form(cast("User", request.user), template),
    }
    return render(request, "sectorlog/form_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def form_adapt(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Copy a form of the first set, or of the station, into a draft of one's own that will stand for it."""
    user, template = cast("User", request.user), readable_form(request, uuid)
    version = form_publishing.in_force(template)
    places = [place for place in places_of(user) if can_be_adapted_at(template, place)]
    if version is None or not places_of(user):
        raise Http404
    if not places:
        messages.info(request, _("You have a form of your own in the place of this one."))
        return redirect("sectorlog:form_list")
    form = PlaceForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_bound and form.is_valid():
        own = form_publishing.adapted(template, form.chosen, by=user)
        return redirect("sectorlog:form_draft", own.uuid)
    context = {"template": template, "version": version, "form": form}
    return render(request, "sectorlog/form_adapt.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def form_position(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Say where the form stands among those that officers choose from (POST)."""
    template = changeable_form(request, uuid)
    if request.method != "POST":
        return redirect("sectorlog:form_detail", uuid)
    form = PositionForm(request.POST)
    if not form.is_valid():
        return detail_page(request, template, form)
    template.position = form.cleaned_data["position"]
    template.save(update_fields=["position"])
    messages.success(request, _("The place in the list is saved."))
    return redirect("sectorlog:form_detail", uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def form_retire(request: HttpRequest, uuid: uuids.UUID, *, is_retired: bool) -> HttpResponse:
    """Offer the form no more, or again (POST)."""
    template = changeable_form(request, uuid)
    if request.method == "POST":
        form_publishing.retire(template, is_retired)
        if is_retired:
            words = _("The form is retired: it is offered no more. What was written with it stays as it is.")
        else:
            words = _("The form is back.")
        messages.success(request, words)
    return redirect("sectorlog:form_detail", uuid)
