"""What waits for a head, the station's rule of publishing, and what is told to all of a station's sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.reads import nothing_personal, shown
from contacts.models import Event, Notice, PublishingRule
from contacts.permissions import can_head_station
from contacts.publishing.approving import waiting_for
from contacts.publishing.presence import lacking
from contacts.views.telling.overview import ROWS_HERE, current_events, current_notices
from sectors.models import Station

if TYPE_CHECKING:
    from officers.models import User


@require_safe
def publishing(request: HttpRequest) -> HttpResponse:
    """Show heads what waits for them and which events lack officers; a station's head what all of it tells."""
    user = cast("User", request.user)
    standing = user.standing
    if not standing.stations and not standing.districts:
        raise Http404
    now = timezone.now()
    notices, events = waiting_for(user)
    coming = Event.objects.visible_to(user).ending_after(now).filter(cancelled_at=None)
    short = list(lacking(coming.exclude(state=Event.State.WITHDRAWN)).order_by("begins_at")[:ROWS_HERE])
    stations = [_of_station(station, now) for station in Station.objects.filter(pk__in=standing.stations)]
    of_stations = [item for one in stations for item in (*one["notices"], *one["events"])]
    seen = [*notices, *events, *short, *of_stations]
    shown(request, seen, verb="listed", subject="" if seen else "contacts.notice")
    context = {"notices": notices, "events": events, "short": short, "stations": stations}
    return render(request, "contacts/telling_publishing.html", context)


def _of_station(station: Station, now: Any) -> dict[str, Any]:
    rule = PublishingRule.objects.filter(station=station).first()
    notices = Notice.objects.filter(station=station, sector=None)
    events = Event.objects.filter(station=station, sectors=None)
    return {
        "station": station,
        "needs_approval": rule is None or rule.needs_approval,
        "notices": list(current_notices(notices, now)[:ROWS_HERE]),
        "events": list(current_events(events, now)[:ROWS_HERE]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def publishing_rule(request: HttpRequest, slug: str) -> HttpResponse:
    """Set whether a head approves what officers write (POST): the station's head. It holds from now on."""
    station = get_object_or_404(Station, slug=slug)
    if not can_head_station(cast("User", request.user), station):
        raise Http404
    nothing_personal(request)
    if request.method == "POST":
        needs = request.POST.get("needs_approval")
        if needs not in ("yes", "no"):
            messages.error(request, _("Choose one of the two."))
            return redirect("contacts:publishing")
        PublishingRule.objects.update_or_create(station=station, defaults={"needs_approval": needs == "yes"})
        messages.success(
            request,
            _("From now on a head approves what officers write.")
            if needs == "yes"
            else _("From now on officers publish by themselves. What waits already still waits for you."),
        )
    return redirect("contacts:publishing")
