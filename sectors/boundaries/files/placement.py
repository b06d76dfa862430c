"""Whether areas lie where they can: on the Earth, where the site serves, not swapped, not metres."""

from __future__ import annotations

import numpy
import shapely
from django.conf import settings
from django.utils.translation import gettext

from sectors.boundaries.files.crs import in_degrees, likely_epsg, reference, served
from sectors.boundaries.files.errors import BoundaryFileError


def placed(shapes: numpy.ndarray, labels: list[str], epsg: int) -> numpy.ndarray:
    """Return `shapes` in degrees (EPSG:4326). Raises BoundaryFileError that says what is wrong with which."""
    _refuse_endless(shapes, labels)
    if reference(epsg).geographic:
        _refuse_off_the_globe(shapes, labels, epsg)
    in_place = in_degrees(shapes, epsg)
    _refuse_endless(in_place, labels)
    for shape, label, bounds in zip(shapes, labels, shapely.bounds(in_place), strict=True):
        if not served(*bounds):
            raise BoundaryFileError(_elsewhere(shape, label, epsg, bounds), option="--crs EPSG:…")
    return in_place


def _refuse_endless(shapes: numpy.ndarray, labels: list[str]) -> None:
    """Refuse positions that are not finite numbers (NaN, infinity)."""
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    broken = numpy.flatnonzero(~numpy.isfinite(coordinates).all(axis=1))
    if len(broken):
        sentence = gettext("%(sector)s has a coordinate that is not a finite number. Draw it again.")
        raise BoundaryFileError(sentence % {"sector": labels[owners[broken[0]]]})


def _refuse_off_the_globe(shapes: numpy.ndarray, labels: list[str], epsg: int) -> None:
    for label, (west, south, east, north) in zip(labels, shapely.bounds(shapes), strict=True):
        if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 180:
            continue
        likely = likely_epsg(west, south)
        if likely:
            sentence = gettext(
                "The coordinates of %(sector)s are metres, but the file says degrees (EPSG:%(epsg)s). "
                "Probably they are EPSG:%(likely)s: give that as the coordinate system."
            )
            values = {"sector": label, "epsg": epsg, "likely": likely}
            raise BoundaryFileError(sentence % values, option=f"--crs EPSG:{likely}")
        sentence = gettext(
            "%(sector)s has coordinates out of range for degrees (%(x)s, %(y)s). "
            "Give the EPSG number of the coordinate system that they are in."
        )
        values = {"sector": label, "x": f"{west:.2f}", "y": f"{south:.2f}"}
        raise BoundaryFileError(sentence % values, option="--crs EPSG:…")


def _elsewhere(shape: shapely.Geometry, label: str, epsg: int, bounds: numpy.ndarray) -> str:
    values = {"sector": label, "epsg": epsg, "place": f"{bounds[0]:.4f}, {bounds[1]:.4f}"}
    if _fits_swapped(shape, epsg):
        sentence = gettext(
            "%(sector)s has its two coordinates in the wrong order (longitude and latitude, or easting and "
            "northing, are swapped). Export the file with x (longitude, easting) first."
        )
        return sentence % values
    sentence = gettext(
        "%(sector)s lies at longitude, latitude %(place)s, outside the area that this site serves "
        "(%(bounds)s). If EPSG:%(epsg)s is the wrong coordinate system, give the right one."
    )
    return sentence % {**values, "bounds": ", ".join(f"{side:g}" for side in settings.SERVICE_BOUNDS)}


def _fits_swapped(shape: shapely.Geometry, epsg: int) -> bool:
    swapped = shapely.transform(shape, lambda coordinates: coordinates[:, ::-1])
    try:
        [in_place] = in_degrees(numpy.array([swapped]), epsg)
    except BoundaryFileError:
        return False
    return served(*in_place.bounds)
