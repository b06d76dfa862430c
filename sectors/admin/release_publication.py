"""Publishing a release: choose the instant, read what will happen, confirm. And taking it back."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext

from sectors.admin.editor_page import moves_context
from sectors.admin.release_state import predecessor, release_url
from sectors.boundaries.checks import check_release
from sectors.boundaries.drawing import areas_version
from sectors.boundaries.publication import PublicationRefused, lock_boundaries, publish, unschedule
from sectors.forms import ConfirmationForm, PublicationForm
from sectors.instants import instant_text
from sectors.models import BoundaryRelease
from sectors.permissions import can_publish_release

if TYPE_CHECKING:
    from officers.models import User
    from sectors.admin.releases import BoundaryReleaseAdmin


def publish_view(pages: BoundaryReleaseAdmin, request: HttpRequest, release: BoundaryRelease) -> HttpResponse:
    """GET asks for the instant, or with it shows what will happen; POST does it."""
    if not can_publish_release(cast("User", request.user), release):
        raise PermissionDenied
    if not release.is_draft:
        sentence = gettext("“%(release)s” has been published already.")
        messages.error(request, sentence % {"release": release})
        return HttpResponseRedirect(release_url(release))
    if request.method == "POST":
        return _publish(pages, request, release)
    form = PublicationForm(request.GET or None)
    if not form.is_valid():
        return _page(pages, request, release, "publish.html", form=form)
    return _confirmation(pages, request, release, form.cleaned_data["at"], asked=request.GET)


def _publish(pages: BoundaryReleaseAdmin, request: HttpRequest, release: BoundaryRelease) -> HttpResponse:
    chosen = PublicationForm(request.POST)
    if not chosen.is_valid():
        return _page(pages, request, release, "publish.html", form=chosen)
    at = chosen.cleaned_data["at"]
    has_gaps = check_release(release, at=at).gap_count > 0
    form = ConfirmationForm(request.POST, has_gaps=has_gaps)
    if not form.is_valid():
        return _confirmation(pages, request, release, at, form=form)
    try:
        _publish_as_seen(release, at, form.cleaned_data["version"], cast("User", request.user))
    except PublicationRefused as refusal:
        messages.error(request, str(refusal))
        release.refresh_from_db()
        if release.is_draft:
            return _confirmation(pages, request, release, at, asked=request.POST)
        return HttpResponseRedirect(release_url(release))
    messages.success(request, _success_text(release))
    return HttpResponseRedirect(release_url(release))


@transaction.atomic
def _publish_as_seen(
    release: BoundaryRelease, at: datetime.datetime | None, version: str, user: User
) -> None:
    """Publish what the person was shown, and nothing that somebody drew in the meantime."""
    lock_boundaries(release.station)
    if areas_version(release) != version:
        raise PublicationRefused(
            gettext("This draft was redrawn while you read this page. Look again at what will happen now.")
        )
    publish(release, at=at, by=user)


def _success_text(release: BoundaryRelease) -> str:
    instant = instant_text(release.period.lower if release.period else timezone.now())
    if release.state == "scheduled":
        sentence = gettext("Published: “%(release)s” comes into force on %(instant)s.")
    else:
        sentence = gettext("Published: “%(release)s” came into force on %(instant)s.")
    return sentence % {"release": release, "instant": instant}


def _confirmation(
    pages: BoundaryReleaseAdmin,
    request: HttpRequest,
    release: BoundaryRelease,
    at: datetime.datetime | None,
    *,
    form: ConfirmationForm | None = None,
    asked: Any = None,
) -> HttpResponse:
    report = check_release(release, at=at)
    if form is None:
        initial = {name: asked.get(name, "") for name in ("when", "day", "time")}
        initial["version"] = areas_version(release)
        form = ConfirmationForm(initial=initial, has_gaps=report.gap_count > 0)
    context = {
        "form": form,
        "instant_text": instant_text(at) if at else "",
        "report": report,
        **moves_context(release, predecessor(release, at)),
    }
    return _page(pages, request, release, "publish_confirm.html", **context)


def _page(
    pages: BoundaryReleaseAdmin, request: HttpRequest, release: BoundaryRelease, template: str, **context: Any
) -> HttpResponse:
    title = gettext("Publish “%(release)s”") % {"release": release}
    is_refused = context["form"].is_bound and not context["form"].is_valid()
    status = 422 if is_refused and request.method == "POST" else 200
    return pages.page(request, template, status=status, release=release, title=title, **context)


def unschedule_view(
    pages: BoundaryReleaseAdmin, request: HttpRequest, release: BoundaryRelease
) -> HttpResponse:
    """GET asks whether the release shall be taken back to a draft, POST does it."""
    if not can_publish_release(cast("User", request.user), release):
        raise PermissionDenied
    if request.method != "POST":
        title = gettext("Take back “%(release)s”") % {"release": release}
        begins = instant_text(release.period.lower) if release.period else ""
        return pages.page(request, "unschedule.html", release=release, title=title, begins=begins)
    try:
        unschedule(release, by=cast("User", request.user))
    except PublicationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        sentence = gettext("“%(release)s” is a draft again and does not come into force.")
        messages.success(request, sentence % {"release": release})
    return HttpResponseRedirect(release_url(release))
