"""The areas of a release for the map page: read by GET, and for a draft saved by POST."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext

from sectors.boundaries.drawing import DrawingRefused, Problem, areas_version, read_drawing, save_drawing
from sectors.models import BoundaryRelease
from sectors.permissions import can_draw_releases

if TYPE_CHECKING:
    from officers.models import User

# Every digit that a coordinate has: a border rounded on one of its two sides would no longer be shared.
FULL_PRECISION = 15


def areas_response(request: HttpRequest, release: BoundaryRelease) -> JsonResponse:
    """Answer GET with the areas and their version, POST with the new version or with the problems found."""
    if request.method == "GET":
        return JsonResponse({"version": areas_version(release), "sectors": _sectors(release)})
    if request.method != "POST":
        sentence = gettext("Boundaries are read by GET and saved by POST.")
        response = _refusal(405, Problem(sentence=sentence))
        response["Allow"] = "GET, POST"
        return response
    if not can_draw_releases(cast("User", request.user), release):
        return _refusal(404, Problem(sentence=gettext("Only the head of the station draws its boundaries.")))
    return _save(request, release)


def _sectors(release: BoundaryRelease) -> list[dict[str, Any]]:
    boundaries = (
        release.boundaries.select_related("sector__district")
        .annotate(shape=AsGeoJSON("area", precision=FULL_PRECISION))
        .defer("area")
    )
    return [
        {
            "id": boundary.sector_id,
            "number": boundary.sector.number,
            "name": boundary.sector.name,
            "district": boundary.sector.district_id,
            "district_name": boundary.sector.district.name,
            "coordinates": json.loads(boundary.shape)["coordinates"],
        }
        for boundary in boundaries
    ]


def _save(request: HttpRequest, release: BoundaryRelease) -> JsonResponse:
    try:
        drawing = read_drawing(request.body)
    except RequestDataTooBig:
        sentence = gettext(
            "The drawing is too large to be saved at once. Import detailed boundaries from a file instead."
        )
        return _refusal(413, Problem(sentence=sentence))
    except DrawingRefused as refusal:
        return _refusal(400, *refusal.problems)
    try:
        return JsonResponse({"version": save_drawing(release, drawing)})
    except DrawingRefused as refusal:
        return _refusal(409 if refusal.is_conflict else 422, *refusal.problems)
    except IntegrityError:
        sentence = gettext("The database refused this drawing. Undo the last steps and save again.")
        return _refusal(422, Problem(sentence=sentence))


def _refusal(status: int, *problems: Problem) -> JsonResponse:
    return JsonResponse({"problems": [problem.model_dump() for problem in problems]}, status=status)
