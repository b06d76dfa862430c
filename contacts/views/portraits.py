"""The officers' portraits, for everybody, while a public page shows them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts import outage
from contacts.views.public import open_to_everybody
from officers.models import Portrait
from officers.responsibility import is_shown
from sectors import division

SIZES = ("small", "medium", "large")
# The address names the picture's content, so what it answers never changes.
YEAR_SECONDS = 365 * 24 * 3600


@open_to_everybody
@require_safe
def portrait(request: HttpRequest, digest: str, size: str) -> HttpResponse:
    """Answer the portrait with this digest as a JPEG square; 404 unless its officer is on a public page now."""
    shown = {sector.id for sector in division.current().sectors}
    if size not in SIZES or not is_shown(digest, shown):
        raise Http404(_("There is no such picture."))
    try:
        picture = Portrait.objects.filter(digest=digest).values_list(size, flat=True).first()
    except outage.OUTAGE:
        return HttpResponse(status=503, headers={"Retry-After": str(outage.RETRY_AFTER_SECONDS)})
    if picture is None:
        raise Http404(_("There is no such picture."))
    keep = {"Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable"}
    return HttpResponse(bytes(picture), content_type="image/jpeg", headers=keep)
