"""Shapefile: a .shp with its siblings, or a .zip with them.

Read by GDAL, its format forced, from a private copy that has neither the coordinate system (see `crs`) nor
any other file that GDAL would look at by itself.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from ctypes import c_char_p
from pathlib import Path, PurePosixPath

import numpy
import shapely
from django.contrib.gis.gdal import DataSource, Driver, GDALException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.prototypes import ds as gdal
from django.utils.encoding import DjangoUnicodeDecodeError
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from sectors.boundaries.files.crs import epsg_of_wkt
from sectors.boundaries.files.errors import BoundaryFileError
from sectors.boundaries.files.raw import MAX_FEATURES, MAX_FILE_BYTES, MAX_VERTICES, RawFeature, RawFile

MAGIC = b"\x00\x00\x27\x0a"
ZIP_MAGIC = b"PK\x03\x04"
NEEDED = (".shp", ".shx", ".dbf")
_COPIED = (*NEEDED, ".cpg")
# A zip's list of members, at its end, is read whole into memory: this is some hundred members.
_MAX_LIST_BYTES = 64 * 1024
_END_OF_ZIP = struct.Struct("<4s4H2LH")


def read_shapefile(path: Path) -> RawFile:
    """Read a .shp whose siblings lie beside it. Raises BoundaryFileError."""
    siblings = {sibling.suffix.lower(): sibling for sibling in path.parent.glob(f"{_escaped(path.stem)}.*")}
    return _read(lambda suffix: _content(siblings[suffix]) if suffix in siblings else None)


def read_zipped_shapefile(path: Path) -> RawFile:
    """Read the one Shapefile in a .zip. Raises BoundaryFileError."""
    _refuse_long_list(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            return _read(lambda suffix: _unpacked(archive, members.get(suffix)))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        sentence = gettext("The zip file cannot be unpacked (%(reason)s). Make or download it again.")
        raise BoundaryFileError(sentence % {"reason": error}) from None


def _escaped(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return _capped(file.read(MAX_FILE_BYTES + 1))


def _capped(content: bytes) -> bytes:
    if len(content) > MAX_FILE_BYTES:
        sentence = gettext("The Shapefile is larger than %(limit)s MB. Simplify the borders and try again.")
        raise BoundaryFileError(sentence % {"limit": MAX_FILE_BYTES // 2**20})
    return content


def _refuse_long_list(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END_OF_ZIP.size:
        raise BoundaryFileError(gettext("The zip file is cut off. Make or download it again."))
    if _END_OF_ZIP.unpack_from(tail, at)[5] > _MAX_LIST_BYTES:
        raise BoundaryFileError(gettext("The zip file has too many files. Put one Shapefile alone into it."))


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the members of the one Shapefile by suffix. Names only choose: nothing is unpacked by name."""
    # macOS puts a ._twin of every file into a zip.
    infos = [info for info in archive.infolist() if not PurePosixPath(info.filename).name.startswith("._")]
    shapes = [info for info in infos if info.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        sentence = gettext("The zip file has %(count)s Shapefiles (.shp). Put exactly one into it.")
        raise BoundaryFileError(sentence % {"count": len(shapes)})
    stem = PurePosixPath(shapes[0].filename).with_suffix("")
    return {
        PurePosixPath(info.filename).suffix.lower(): info
        for info in infos
        if PurePosixPath(info.filename).with_suffix("") == stem
    }


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo | None) -> bytes | None:
    """Unpack one member as far as it may go, whatever size its header claims."""
    if member is None:
        return None
    if member.external_attr >> 16 & 0o170000 == 0o120000:
        raise BoundaryFileError(
            gettext("The zip file has a link instead of a file. Put the file itself into it.")
        )
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BoundaryFileError(
            gettext("The zip file is packed in an unusual way. Pack it as an ordinary zip.")
        )
    with archive.open(member) as file:
        return _capped(file.read(MAX_FILE_BYTES + 1))


def _read(content_of: Callable[[str], bytes | None]) -> RawFile:
    with tempfile.TemporaryDirectory() as folder:
        for suffix in _COPIED:
            content = content_of(suffix)
            if content is not None:
                Path(folder, f"sectors{suffix}").write_bytes(content)
            elif suffix in NEEDED:
                sentence = gettext(
                    "The Shapefile lacks its %(suffix)s file. It must lie beside the .shp file."
                )
                raise BoundaryFileError(sentence % {"suffix": suffix})
            if suffix == ".shp":
                _refuse_bad_shapes(content or b"")
        definition = content_of(".prj") or b""
        return RawFile(
            _features(Path(folder, "sectors.shp")), epsg_of_wkt(definition.decode(errors="replace"))
        )


def _refuse_bad_shapes(content: bytes) -> None:
    """Compare the length that the header states, in units of two bytes, to the file's; bound the points."""
    if content[:4] != MAGIC or len(content) < 100:
        raise BoundaryFileError(gettext("The .shp file is not a Shapefile, or it is cut off."))
    if struct.unpack_from(">i", content, 24)[0] * 2 > len(content):
        raise BoundaryFileError(gettext("The .shp file is cut off. Export or download it again."))
    bytes_per_point = 16 if struct.unpack_from("<i", content, 32)[0] == 5 else 32
    if len(content) > MAX_VERTICES * bytes_per_point + 1024 * MAX_FEATURES:
        sentence = gettext("The file has more than %(limit)s points. Simplify the borders and try again.")
        raise BoundaryFileError(sentence % {"limit": f"{MAX_VERTICES:,}"})


def _features(path: Path) -> list[RawFeature]:
    try:
        layer = _forced(path, "ESRI Shapefile")[0]
        if len(layer) > MAX_FEATURES:
            sentence = gettext("The file has %(count)s areas; %(limit)s is the most that can be imported.")
            raise BoundaryFileError(sentence % {"count": len(layer), "limit": MAX_FEATURES})
        return [
            RawFeature(place, _properties(feature), _shape(feature)) for place, feature in enumerate(layer, 1)
        ]
    except (DjangoUnicodeDecodeError, UnicodeDecodeError):
        sentence = gettext(
            "The names in the .dbf file are not in the encoding that it declares. "
            "Put a .cpg file with the word UTF-8, or its real encoding, beside it."
        )
        raise BoundaryFileError(sentence) from None
    except (GDALException, shapely.errors.ShapelyError) as error:
        sentence = gettext("The Shapefile cannot be read (%(reason)s). Export or download it again.")
        raise BoundaryFileError(sentence % {"reason": error}) from None


def _forced(path: Path, driver: str) -> DataSource:
    """Open with one driver only, so that no content can choose another (a VRT would name files and URLs)."""
    Driver.ensure_registered()
    flags = gdal.GDAL_OF_VECTOR | gdal.GDAL_OF_READONLY
    allowed = (c_char_p * 2)(driver.encode(), None)
    opened = gdal.open_ds(str(path).encode(), flags, allowed, None, None)
    return DataSource(opened, Driver(driver).ptr)


def _properties(feature: Feature) -> dict[str, object]:
    return {name: feature.get(name) for name in feature.fields}


def _shape(feature: Feature) -> BaseGeometry | None:
    try:
        geometry = feature.geom
    except GDALException:
        # An empty record has no geometry at all.
        return None
    with numpy.errstate(invalid="ignore"):
        return shapely.from_wkb(bytes(geometry.wkb))
