"""Which column of an address file holds what: the names that are in common use, and those that the caller gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sectors.address_register.errors import AddressFileError
from sectors.spelling import compact, search_key

FIELDS = ("street", "number", "letter", "postcode", "city", "longitude", "latitude")
NEEDED = ("street", "number", "longitude", "latitude")
COORDINATES = ("longitude", "latitude")
WGS84 = 4326
# UTM zone 32 north on ETRS89: the Danish address register's own coordinates.
ETRS89_UTM32 = 25832

# Plain English and OpenAddresses, the Danish register, its neighbours, OpenStreetMap.
_NAMES: dict[str, tuple[str, ...]] = {
    "street": (
        "street",
        "street name",
        "road",
        "road name",
        "thoroughfare",
        "thoroughfare name",
        "vejnavn",
        "vej",
        "gadenavn",
        "adresseringsvejnavn",
        "gatunamn",
        "gatenavn",
        "adressenavn",
        "addr:street",
    ),
    "number": (
        "number",
        "house number",
        "house no",
        "street number",
        "building number",
        "no",
        "husnr",
        "husnummer",
        "hus nr",
        "nummer",
        "gatunummer",
        "addr:housenumber",
    ),
    "letter": ("letter", "house letter", "bogstav", "husbogstav", "bokstav", "addr:houseletter"),
    "postcode": (
        "postcode",
        "post code",
        "postal code",
        "zip",
        "zip code",
        "postnr",
        "postnummer",
        "addr:postcode",
    ),
    "city": (
        "city",
        "town",
        "post town",
        "locality",
        "postnrnavn",
        "postdistrikt",
        "by",
        "bynavn",
        "postort",
        "poststed",
        "addr:city",
    ),
    "longitude": ("longitude", "lon", "lng", "long", "wgs84koordinat_længde", "længdegrad", "longitud", "x"),
    "latitude": ("latitude", "lat", "wgs84koordinat_bredde", "breddegrad", "latitud", "y"),
}
_ETRS89_NAMES = {"longitude": ("etrs89koordinat_øst",), "latitude": ("etrs89koordinat_nord",)}


@dataclass(frozen=True, slots=True)
class Columns:
    """The file's column for each field that it has, and the EPSG code of its coordinates."""

    names: Mapping[str, str]
    srid: int


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Read "street=vejnavn" and the like. Raises AddressFileError."""
    mapping = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or field not in FIELDS or not column:
            raise AddressFileError(
                _("“%(pair)s” is no mapping. Write for example street=vejnavn; the fields are %(fields)s.")
                % {"pair": pair, "fields": ", ".join(FIELDS)}
            )
        mapping[field] = column
    return mapping


def recognise(
    found: list[str], mapping: Mapping[str, str], *, srid: int | None = None, has_points: bool = False
) -> Columns:
    """Tell which of the columns found holds which field.

    `srid` is the EPSG code that the caller or the file declares. `has_points`: the file has geometries, so that
    it needs no columns of coordinates. Raises AddressFileError that lists the columns found and how to map them.
    """
    by_key: dict[str, str] = {}
    for column in found:
        by_key.setdefault(_key(column), column)
    names = {field: _mapped(field, column, found) for field, column in mapping.items()}
    for field in FIELDS:
        _first_known(names, by_key, field, _NAMES[field])
    declared = srid or WGS84
    if not has_points and not all(field in names for field in COORDINATES):
        for field in COORDINATES:
            names.pop(field, None)
            _first_known(names, by_key, field, _ETRS89_NAMES[field])
        declared = srid or ETRS89_UTM32
    needed = [field for field in NEEDED if not (has_points and field in COORDINATES)]
    _refuse_missing([field for field in needed if field not in names], found)
    if not ("postcode" in names or "city" in names):
        _refuse_missing(["postcode"], found)
    return Columns(names, declared)


def _first_known(
    names: dict[str, str], by_key: Mapping[str, str], field: str, known: tuple[str, ...]
) -> None:
    for name in known:
        if field not in names and _key(name) in by_key:
            names[field] = by_key[_key(name)]


def _mapped(field: str, column: str, found: list[str]) -> str:
    if column in found:
        return column
    raise AddressFileError(
        _("The file has no column “%(column)s” to take the %(field)s from. Its columns are: %(found)s.")
        % {"column": column[:60], "field": field, "found": _listed(found)}
    )


def _refuse_missing(missing: list[str], found: list[str]) -> None:
    if missing:
        raise AddressFileError(
            _(
                "No column is known to hold: %(missing)s. The file's columns are: %(found)s. "
                "Say which is which, for example --map %(example)s=COLUMN."
            )
            % {"missing": ", ".join(missing), "found": _listed(found), "example": missing[0]}
        )


def _listed(found: list[str]) -> str:
    shown = [column[:40] for column in found[:40]]
    return ", ".join(shown) + (" …" if len(found) > len(shown) else "")


def _key(column: str) -> str:
    return compact(search_key(column[:200]))
