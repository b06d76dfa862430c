"""Bringing a boundary file into a station: sectors matched by number, and a draft release that draws them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from sectors.boundaries.checks import Report, area_text, check_release, place_text
from sectors.boundaries.files import BoundaryFileError, DrawnArea, FieldNames, read_boundaries
from sectors.boundaries.files.shapes import polygons_of
from sectors.boundaries.publication import lock_boundaries, publish
from sectors.boundaries.slivers import trimmed
from sectors.models import Boundary, BoundaryRelease, District, Sector, Station
from sectors.spelling import slug_of

if TYPE_CHECKING:
    from officers.models import User


@dataclass(frozen=True)
class Reading:
    """How to read the file, where it does not say so itself."""

    epsg: int | None = None
    layer: str | None = None
    fields: FieldNames = field(default_factory=FieldNames)
    renumber_duplicates: bool = False
    cut_overlaps: bool = False


@dataclass(frozen=True)
class Imported:
    """The release made, what the checks found in it, and what was said about the file on the way."""

    release: BoundaryRelease
    report: Report
    notes: list[str]
    new_sectors: int


def import_boundaries(
    path: Path,
    station: Station,
    *,
    name: str = "",
    reading: Reading = Reading(),  # frozen
    activate: bool = False,
    activate_at: datetime.datetime | None = None,
    by: User | None = None,
    progress: Callable[[str], None] = lambda sentence: None,
) -> Imported:
    """Import the file at `path` as a release of `station`: a draft, or with `activate` published.

    All of it or nothing. Raises BoundaryFileError when the file cannot be taken, PublicationRefused when it
    can but the checks refuse to publish it.
    """
    drawn = read_boundaries(
        path, epsg=reading.epsg, layer=reading.layer, fields=reading.fields, progress=progress
    )
    notes = list(drawn.notes)
    with transaction.atomic():
        lock_boundaries(station)
        areas = _numbered_once(drawn.areas, station, notes, renumber=reading.renumber_duplicates)
        areas = _without_slivers(areas, notes, all_overlaps=reading.cut_overlaps)
        progress(gettext("Storing the sectors …"))
        sectors, new_sectors = _sectors(areas, station, notes)
        release = BoundaryRelease.objects.create(
            station=station,
            name=name[:100] or _usual_name(path),
            source=_written(path.name)[:200],
            created_by=by,
        )
        _draw(release, areas, sectors)
        progress(gettext("Checking overlaps, gaps and neighbours …"))
        report = (
            publish(release, at=activate_at, by=by) if activate else check_release(release, at=activate_at)
        )
    return Imported(release, report, notes, new_sectors)


def _usual_name(path: Path) -> str:
    return f"{_written(path.stem)[:80]} {timezone.localdate():%Y-%m-%d}"


def _written(file_name: str) -> str:
    """Return a file's name as text that the database takes: the file system allows any bytes."""
    return file_name.encode(errors="replace").decode()


# --- One area for each number -------------------------------------------------------------------


def _numbered_once(
    areas: list[DrawnArea], station: Station, notes: list[str], *, renumber: bool
) -> list[DrawnArea]:
    """Merge what has the same number and name; refuse, or renumber, what has the same number alone."""
    by_number: dict[int, list[DrawnArea]] = {}
    for area in areas:
        by_number.setdefault(area.number, []).append(area)
    known = dict(station.sectors.values_list("number", "name"))
    taken = {*by_number, *known}
    result = []
    for number, group in sorted(by_number.items()):
        first, *others = _merged(group, known.get(number), notes)
        result.append(first)
        if others and not renumber:
            raise BoundaryFileError(_duplicate(number, [first, *others]), option="--renumber-duplicates")
        for other in others:
            free = _number_for(other, number, by_number, known, taken)
            taken.add(free)
            notes.append(
                gettext("“%(name)s” has the number of another sector, %(number)s; it was given %(free)s.")
                % {"name": other.name, "number": number, "free": free}
            )
            result.append(replace(other, number=free))
    return sorted(result, key=lambda area: area.number)


def _merged(group: list[DrawnArea], known_name: str | None, notes: list[str]) -> list[DrawnArea]:
    """Return one area for each name in `group`, the one whom the station knows by this number first."""
    by_name: dict[str, list[DrawnArea]] = {}
    for area in group:
        by_name.setdefault(area.name.casefold(), []).append(area)
    if len(by_name) == 2 and "" in by_name:
        by_name = {"": group}
    merged = [_joined(parts, notes) for parts in by_name.values()]
    return sorted(merged, key=lambda area: area.name != known_name)


def _joined(parts: list[DrawnArea], notes: list[str]) -> DrawnArea:
    first = next((part for part in parts if part.name), parts[0])
    if len(parts) == 1:
        return first
    notes.append(
        gettext("Sector %(sector)s is drawn in %(count)s features; they were joined into one.")
        % {"sector": first, "count": len(parts)}
    )
    union = shapely.union_all([part.area for part in parts])
    return replace(first, area=polygons_of(union, str(first)))


def _duplicate(number: int, areas: list[DrawnArea]) -> str:
    sentence = gettext(
        "The number %(number)s stands for different sectors: %(names)s. Give each its own number in the "
        "file, or let the later ones have the next free number."
    )
    return sentence % {"number": number, "names": ", ".join(f"“{area.name}”" for area in areas[:10])}


def _number_for(
    area: DrawnArea, number: int, in_file: dict[int, list[DrawnArea]], known: dict[int, str], taken: set[int]
) -> int:
    """Return the number that this name was given in an earlier import, else the next free one."""
    earlier = (old for old, name in known.items() if name == area.name and old not in in_file)
    free = next(next_one for next_one in range(number + 1, number + len(taken) + 2) if next_one not in taken)
    return next(earlier, free)


def _without_slivers(areas: list[DrawnArea], notes: list[str], *, all_overlaps: bool) -> list[DrawnArea]:
    cut = trimmed([area.area for area in areas], all_overlaps=all_overlaps)
    if cut.slivers:
        sentence = ngettext(
            "%(count)s overlap thinner than half a metre (%(area)s) was cut from the sector with the higher "
            "number.",
            "%(count)s overlaps thinner than half a metre (%(area)s) were cut from the sectors with the "
            "higher number.",
            len(cut.slivers),
        )
        whole = area_text(sum(piece.area_m2 for piece in cut.slivers))
        notes.append(sentence % {"count": len(cut.slivers), "area": whole})
    sentence = gettext("%(area)s at %(place)s, which “%(loser)s” drew too, was given to “%(keeper)s”.")
    notes.extend(
        sentence
        % {
            "area": area_text(piece.area_m2),
            "place": place_text(piece.lon, piece.lat),
            "loser": areas[piece.loser],
            "keeper": areas[piece.keeper],
        }
        for piece in cut.larger
    )
    for area, shape in zip(areas, cut.areas, strict=True):
        if shape.is_empty:
            sentence = gettext("Sector %(sector)s lies within others; nothing of it is left. Draw it again.")
            raise BoundaryFileError(sentence % {"sector": area})
    return [replace(area, area=shape) for area, shape in zip(areas, cut.areas, strict=True)]


# --- Sectors and districts ----------------------------------------------------------------------


def _sectors(areas: list[DrawnArea], station: Station, notes: list[str]) -> tuple[dict[int, Sector], int]:
    """Return the station's sectors by number, those that are new made; the others keep name and district."""
    known = {sector.number: sector for sector in station.sectors.select_related("district")}
    districts = _Districts(station)
    new_sectors = 0
    for area in areas:
        if area.number in known:
            _compare(known[area.number], area, notes)
            continue
        name = area.name or gettext("Sector %(number)s") % {"number": area.number}
        if not area.name:
            notes.append(gettext("Feature without a name: it is called “%(name)s”.") % {"name": name})
        known[area.number] = Sector.objects.create_numbered(
            district=districts.named(area.district), number=area.number, name=name
        )
        new_sectors += 1
    return known, new_sectors


def _compare(sector: Sector, area: DrawnArea, notes: list[str]) -> None:
    """Say where the file calls a sector otherwise: it keeps its name, which its citizens know."""
    if area.name and area.name != sector.name:
        sentence = gettext("Sector %(sector)s is called “%(name)s” in the file; it keeps its name.")
        notes.append(sentence % {"sector": sector, "name": area.name})
    if area.district and slug_of(area.district)[:60] != sector.district.slug:
        sentence = gettext(
            "Sector %(sector)s lies in the district “%(name)s” in the file; it stays in “%(district)s”."
        )
        notes.append(sentence % {"sector": sector, "name": area.district, "district": sector.district})


class _Districts:
    """The station's districts by name; one that is not there is made."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.by_slug = {district.slug: district for district in station.districts.all()}

    def named(self, name: str | None) -> District:
        """Return the district of this name; without a name the only district, or one called as the station."""
        if name is None and len(self.by_slug) == 1:
            return next(iter(self.by_slug.values()))
        name = name or self.station.name
        slug = slug_of(name)[:60] or "district"
        if slug not in self.by_slug:
            self.by_slug[slug] = District.objects.create(station=self.station, name=name, slug=slug)
        return self.by_slug[slug]


def _draw(release: BoundaryRelease, areas: list[DrawnArea], sectors: dict[int, Sector]) -> None:
    Boundary.objects.bulk_create(
        [
            Boundary(
                release=release,
                sector=sectors[area.number],
                area=cast("MultiPolygon", GEOSGeometry(memoryview(area.area.wkb), srid=4326)),
            )
            for area in areas
        ],
        batch_size=500,
    )
