"""What a person drew on the map of a draft: read with suspicion, then kept whole or not at all."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, cast

import shapely
from django.conf import settings
from django.contrib.gis.geos import GeometryCollection, GEOSException, GEOSGeometry, MultiPolygon, Polygon
from django.contrib.gis.geos.base import GEOSBase
from django.db import models, transaction
from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from sectors.boundaries.files.shapes import mended_unchanged
from sectors.boundaries.publication import lock_boundaries
from sectors.models import Boundary, BoundaryRelease, District, Sector

# The most detailed of Denmark's 2,149 parishes has some 300 corners.
MAX_CORNERS_PER_SECTOR = 20_000
# A part of a covered sector below this many square degrees (about one square metre) is drawing accuracy.
SLIVER_DEGREES2 = 1.4e-10

Ring = list[tuple[FiniteFloat, FiniteFloat]]
Coordinates = Annotated[list[list[Ring]], Field(min_length=1)]
RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ChangedArea(_Strict):
    """A sector of the draft, by primary key, with its new multipolygon (degrees, EPSG:4326)."""

    sector: RowNumber
    coordinates: Coordinates


class NewSector(_Strict):
    """A sector that the draft did not draw; its ground is taken out of the sectors that it covers."""

    number: RowNumber
    name: Annotated[str, Field(max_length=150, pattern=r"^\S[^\x00-\x1f\x7f]*$")]
    district: RowNumber
    coordinates: Coordinates


class Drawing(_Strict):
    """What differs from the areas of that `version`."""

    version: str
    changed: list[ChangedArea] = []
    added: list[NewSector] = []
    removed: list[RowNumber] = []


class Problem(BaseModel):
    """A sentence for the person who drew, and the place it speaks of, if any (degrees, EPSG:4326)."""

    sentence: str
    lon: float | None = None
    lat: float | None = None


class DrawingRefused(Exception):  # what happened to the person, not a fault of the program
    """Nothing of the drawing was kept. `is_conflict`: somebody else was faster."""

    def __init__(self, *problems: Problem, is_conflict: bool = False) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems
        self.is_conflict = is_conflict


def read_drawing(body: bytes) -> Drawing:
    """Read what the map page sent. Raises DrawingRefused for anything that such a page does not send."""
    try:
        return Drawing.model_validate_json(body)
    except ValidationError as error:
        sentence = gettext("The drawing could not be read. Reload the page and draw again.")
        raise DrawingRefused(Problem(sentence=sentence)) from error


def areas_version(release: BoundaryRelease) -> str:
    """Return a fingerprint of the areas of `release`: two saves of the same draft are told apart by it."""
    digest = models.Func(
        "area",
        function="ST_AsEWKB",
        template="md5(%(function)s(%(expressions)s))",
        output_field=models.TextField(),
    )
    rows = release.boundaries.order_by("sector_id").annotate(digest=digest).values_list("sector_id", "digest")
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


@transaction.atomic
def save_drawing(release: BoundaryRelease, drawing: Drawing) -> str:
    """Keep `drawing` in the draft `release` and return the new version of its areas.

    Raises DrawingRefused, and then nothing has changed. The station's row is locked, as publishing does, so
    that a draft is not redrawn while it is being published.
    """
    lock_boundaries(release.station)
    release.refresh_from_db()
    _refuse_stale(release, drawing)
    boundaries = {boundary.sector_id: boundary for boundary in release.boundaries.select_related("sector")}
    problems: list[Problem] = []
    _remove(boundaries, drawing, problems)
    _redraw(boundaries, drawing, problems)
    for sector in drawing.added:
        _add(release, boundaries, sector, problems)
    if problems:
        raise DrawingRefused(*problems)
    return areas_version(release)


def _refuse_stale(release: BoundaryRelease, drawing: Drawing) -> None:
    if not release.is_draft:
        sentence = gettext("“%(release)s” has been published, so its boundaries stay as they are.")
        raise DrawingRefused(Problem(sentence=sentence % {"release": release}), is_conflict=True)
    if areas_version(release) != drawing.version:
        sentence = gettext(
            "This draft was saved in another window, or by somebody else, after you opened it. Your drawing "
            "is not saved, but still here. Open the draft in a second window to see what changed, then "
            "reload this page and draw on top of that."
        )
        raise DrawingRefused(Problem(sentence=sentence), is_conflict=True)


def _foreign() -> Problem:
    return Problem(
        sentence=gettext("A sector of the drawing does not belong to this draft. Reload the page.")
    )


def _remove(boundaries: dict[int, Boundary], drawing: Drawing, problems: list[Problem]) -> None:
    for pk in drawing.removed:
        if pk not in boundaries:
            problems.append(_foreign())
            continue
        boundaries.pop(pk).delete()


def _redraw(boundaries: dict[int, Boundary], drawing: Drawing, problems: list[Problem]) -> None:
    for drawn in drawing.changed:
        boundary = boundaries.get(drawn.sector)
        if boundary is None:
            problems.append(_foreign())
            continue
        area = _area(drawn.coordinates, str(boundary.sector), problems)
        if area is not None:
            boundary.area = area
            boundary.save(update_fields=["area"])


def _add(
    release: BoundaryRelease, boundaries: dict[int, Boundary], drawn: NewSector, problems: list[Problem]
) -> None:
    area = _area(drawn.coordinates, f"{drawn.number} {drawn.name}", problems)
    if area is None:
        return
    sector = _sector_for(release, boundaries, drawn, problems)
    if sector is None:
        return
    for other in boundaries.values():
        _take_out(other, area, sector, problems)
    boundaries[sector.pk] = Boundary.objects.create(release=release, sector=sector, area=area)


def _sector_for(
    release: BoundaryRelease, boundaries: dict[int, Boundary], drawn: NewSector, problems: list[Problem]
) -> Sector | None:
    """Return the sector of that number, which keeps its identity from earlier releases, or make it."""
    district = District.objects.filter(station=release.station_id, pk=drawn.district).first()
    if district is None:
        problems.append(Problem(sentence=gettext("Choose one of the station's local police districts.")))
        return None
    known = Sector.objects.filter(station=release.station_id, number=drawn.number).first()
    if known is None:
        return Sector.objects.create_numbered(district=district, number=drawn.number, name=drawn.name)
    if known.pk in boundaries:
        sentence = gettext("This draft draws sector %(sector)s already. Take another number.")
    elif known.name != drawn.name:
        sentence = gettext(
            "The number belongs to sector %(sector)s of earlier boundaries. Give it that name to bring it "
            "back, or take another number."
        )
    else:
        return known
    problems.append(Problem(sentence=sentence % {"sector": known}))
    return None


def _take_out(boundary: Boundary, area: MultiPolygon, sector: Sector, problems: list[Problem]) -> None:
    """Leave of a sector what the new one does not cover."""
    if not boundary.area.intersects(area) or boundary.area.touches(area):
        return
    rest = boundary.area.difference(area)
    parts = [part for part in _polygons(rest) if part.area > SLIVER_DEGREES2]
    if not parts:
        sentence = gettext(
            "%(new)s would cover the whole of %(old)s. Remove that one first, or draw smaller."
        )
        problems.append(Problem(sentence=sentence % {"new": sector, "old": boundary.sector}))
        return
    boundary.area = MultiPolygon(*parts, srid=4326)
    boundary.save(update_fields=["area"])


def _polygons(geometry: GEOSBase) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry]
    if isinstance(geometry, GeometryCollection):
        return [polygon for part in geometry for polygon in _polygons(part)]
    return []


def _area(coordinates: list[list[Ring]], sector: str, problems: list[Problem]) -> MultiPolygon | None:
    """Build a valid multipolygon within the bounds of the service, or say what is wrong with it."""
    problem = _shape_problem(coordinates, sector)
    if problem is None:
        area = MultiPolygon(*(Polygon(*rings) for rings in coordinates), srid=4326)
        kept = area if area.valid else _repaired(area)
        if kept is not None:
            return kept
        problem = _crossing(area, sector)
    problems.append(problem)
    return None


def _repaired(area: MultiPolygon) -> MultiPolygon | None:
    """Mend a border that touches or crosses itself by a hair: less than about a square metre changes.

    Real borders have slivers of centimetres, whose two sides cross when one is moved by the width of a pencil.
    A crossing that somebody drew encloses more; it is theirs to mend.
    """
    mended = mended_unchanged(cast("shapely.MultiPolygon", shapely.from_wkb(bytes(area.wkb))), share=0)
    if mended is None:
        return None
    parts = [part for part in mended.geoms if part.area > SLIVER_DEGREES2]
    if not parts:
        return None
    kept = GEOSGeometry(memoryview(shapely.MultiPolygon(parts).wkb), srid=4326)
    return cast("MultiPolygon", kept)


def _shape_problem(coordinates: list[list[Ring]], sector: str) -> Problem | None:
    rings = [ring for polygon in coordinates for ring in polygon]
    corners = sum(map(len, rings))
    if corners > MAX_CORNERS_PER_SECTOR:
        sentence = gettext("%(sector)s has %(count)s corners; %(limit)s is the most that is accepted.")
        return Problem(
            sentence=sentence % {"sector": sector, "count": corners, "limit": MAX_CORNERS_PER_SECTOR}
        )
    if not all(coordinates) or any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        sentence = gettext("The outline of %(sector)s needs at least three corners.")
        return Problem(sentence=sentence % {"sector": sector})
    outside = next((corner for ring in rings for corner in ring if not _is_served(*corner)), None)
    if outside:
        sentence = gettext(
            "A corner of %(sector)s lies outside the part of the world that this site is made for, at "
            "latitude %(lat)s, longitude %(lon)s. Move it back."
        )
        return Problem(sentence=sentence % {"sector": sector, "lat": outside[1], "lon": outside[0]})
    return None


def _is_served(lon: float, lat: float) -> bool:
    west, south, east, north = settings.SERVICE_BOUNDS
    return west <= lon <= east and south <= lat <= north


def _crossing(area: MultiPolygon, sector: str) -> Problem:
    try:
        reason = area.valid_reason
    except GEOSException:
        reason = ""
    place = re.search(r"\[(\S+) (\S+)\]", reason)
    sentence = gettext("The outline of %(sector)s crosses or touches itself. Move the corner where it does.")
    lon, lat = (float(number) for number in place.groups()) if place else (None, None)
    return Problem(sentence=sentence % {"sector": sector}, lon=lon, lat=lat)
