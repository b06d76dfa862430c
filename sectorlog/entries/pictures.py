"""Pictures of an entry: written anew, upright, no larger than is needed to see what they show, without metadata.

What a telephone notes in a picture, where and when it was taken and by which device, is not kept.
"""

from __future__ import annotations

import io
import threading
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from officers.jpeg_scans import is_one_scan, scans
from officers.portraits import HEIF_BRANDS, MAX_PIXELS, MAX_PIXELS_ONE_SCAN, MAX_SCANS, PictureRefused

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LONGEST = 2400  # pixels
QUALITY = 85
# One picture at a time in each process: what the largest one costs is what all of them cost.
_DECODING = threading.Lock()


def is_heif(head: bytes) -> bool:
    """Tell by its first bytes whether this is a picture as newer telephones keep them."""
    return head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS


def can_read_heif() -> bool:
    Image.init()
    return "HEIF" in Image.OPEN


def written_anew(file: IO[bytes]) -> bytes:
    """Return the picture as a JPEG of at most 2400 pixels on its longer side. Raises PictureRefused.

    The pixels are counted before anything is decoded. Memory: some 150 MB at most, for all threads of the process.
    """
    file.seek(0)
    try:
        with _DECODING, _opened(file) as picture:
            _check(picture, file)
            return _jpeg(_upright(picture))
    except PictureRefused:
        raise
    except Exception as error:
        # Over damaged or made-up bytes decoders raise OSError, SyntaxError, ValueError, struct.error, and more.
        raise PictureRefused(
            _("This picture is damaged or cut short. Save it anew, or choose another one.")
        ) from error


def _opened(file: IO[bytes]) -> Image.Image:
    Image.init()
    try:
        return Image.open(file, formats=[name for name in FORMATS if name in Image.OPEN])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error


def _check(picture: Image.Image, file: IO[bytes]) -> None:
    """Refuse what moves or is too large to be held, and let a large JPEG be decoded at a part of its size."""
    # Telephones put a second, smaller picture into some JPEGs (MPO): those stand still.
    if getattr(picture, "is_animated", False) and picture.format != "MPO":
        raise PictureRefused(_("This picture moves. Choose one that stands still."))
    most, pixels = MAX_PIXELS, picture.width * picture.height
    if picture.format in ("JPEG", "MPO"):
        position = file.tell()
        if is_one_scan(file):
            most = MAX_PIXELS_ONE_SCAN
        elif scans(file) > MAX_SCANS:
            raise _too_many_pixels()
        file.seek(position)
    if pixels > most:
        raise _too_many_pixels()
    side = LONGEST if pixels <= 4 * MAX_PIXELS else LONGEST // 2
    picture.draft(None, (side, side))
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        _("This picture has too many pixels. Make it smaller, to 3000 by 3000 pixels for example.")
    )


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture in 8-bit sRGB on white, at its final size, as pixels and nothing else."""
    turned = ImageOps.exif_transpose(picture)
    profile = turned.info.get("icc_profile")
    if turned.mode.startswith("I"):
        turned = turned.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif turned.mode in ("P", "PA", "LA", "RGBa"):
        turned = turned.convert("RGBA")
    turned.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if turned.mode == "RGBA":
        ground = Image.new("RGB", turned.size, "white")
        ground.paste(turned, mask=turned.getchannel("A"))
        turned = ground
    plain = _in_srgb(turned, profile) if profile else turned.convert("RGB")
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)
    return bare


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Translate the colours of a wide-gamut telephone; a profile that is none is passed over."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        found = None
    return found or picture.convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()
