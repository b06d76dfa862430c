"""A chart of a figure as a picture; its table stands on the figure's page."""

from __future__ import annotations

from typing import cast

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from audit.reads import shows_nothing_personal
from officers.models import User
from overview.charts.kept import digest_of, drawn
from overview.charts.sheets import SHEETS
from overview.figures import Chart
from overview.figures.catalogue import FIGURES, figure_of
from overview.figures.paging import page_of
from overview.figures.periods import UnknownPeriod, period_of
from overview.permissions import can_see_figures
from overview.scope import in_figures, scope_of

# A browser asks each time whether the picture still holds, so that nobody sees it whose rights have ended.
KEEP = "private, no-cache"


@require_safe
@shows_nothing_personal
@csp_replace({"default-src": [NONE], "base-uri": [NONE], "form-action": [NONE], "frame-ancestors": [NONE]})
def chart(request: HttpRequest) -> HttpResponse:
    """Answer one of a figure's charts, counted from 0, as SVG: `?figure=&where=&period=&page=&chart=&width=`."""
    user = cast("User", request.user)
    if not can_see_figures(user):
        raise Http404
    asked_for = _chart(user, request.GET.dict())
    width = request.GET.get("width", "wide")
    if asked_for is None or width not in SHEETS:
        raise Http404
    headers = {"ETag": f'"{digest_of(asked_for, width)}"', "Cache-Control": KEEP}
    unchanged = get_conditional_response(request, etag=headers["ETag"])
    if unchanged is not None:
        unchanged["Cache-Control"] = KEEP
        return unchanged
    return HttpResponse(drawn(asked_for, width), content_type="image/svg+xml", headers=headers)


def _chart(user: User, asked: dict[str, str]) -> Chart | None:
    """Return the chart that is asked for, None if there is none. Raises Http404 for others' places."""
    number = asked.get("chart", "0")
    # Two digits at most: what is longer is no number of a chart, and may be too long to read as one.
    if asked.get("figure") not in FIGURES or not (number.isascii() and number.isdigit() and len(number) < 3):
        return None
    scope = scope_of(user, asked.get("where", ""), in_figures(user))
    try:
        period = period_of(asked.get("period", ""), timezone.localdate())
    except UnknownPeriod:
        return None
    pairs = page_of(figure_of(asked["figure"], scope, period), asked.get("page"))[0].pairs
    return pairs[int(number)][0] if int(number) < len(pairs) else None
