"""Portraits: whatever picture comes in, small squares written anew go out, with nothing left of the uploaded file."""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from officers.jpeg_scans import is_one_scan, scans

SMALL, MEDIUM, LARGE = 96, 240, 480  # pixels
MAX_BYTES = 15 * 1024 * 1024
LEAST_SIDE = MEDIUM
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# A JPEG of one scan is decoded row by row at a fraction of its size: a telephone's 48 megapixels cost little memory.
MAX_PIXELS_ONE_SCAN = 60_000_000
# All else is held whole: up to 4 bytes a pixel, 8 in a progressive JPEG of four colours.
MAX_PIXELS = 12_500_000
# A progressive JPEG has about ten; each costs a pass over the whole picture.
MAX_SCANS = 64
# What each square may weigh, in bytes; quality goes down to the least that still looks well.
BUDGETS = {SMALL: 5_000, MEDIUM: 18_000, LARGE: 48_000}
BEST_QUALITY, LEAST_QUALITY, QUALITY_STEP = 88, 60, 7
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"heim")
GROUND = (236, 239, 242)
# The kinds of pixels that can be scaled as they are.
SCALABLE = ("L", "RGB", "RGBA", "CMYK", "YCbCr")
# One picture at a time in each process: what the largest one costs is what all of them cost.
_DECODING = threading.Lock()


class PictureRefused(Exception):
    """The picture is not taken. Its text says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """One portrait as JPEG squares of 96, 240 and 480 pixels; `digest` is the SHA-256 of the large one."""

    small: bytes
    medium: bytes
    large: bytes
    digest: str


def written_anew(file: IO[bytes]) -> Pictures:
    """Return the portrait in its sizes, upright, cut to a square, without any metadata.

    Raises PictureRefused for what is no picture, too large, too small, moving or damaged. The pixels are counted
    before anything is decoded. Memory: some 230 MB at most (a WebP), for all threads of the process together.
    """
    with _DECODING:
        return _pictures(_square(file))


def completed(large: bytes) -> Pictures:
    """Return all sizes of a portrait whose large square was written anew before."""
    with Image.open(io.BytesIO(large), formats=["JPEG"]) as picture:
        picture.load()
        return Pictures(
            _jpeg(picture, SMALL), _jpeg(picture, MEDIUM), large, hashlib.sha256(large).hexdigest()
        )


def _pictures(square: Image.Image) -> Pictures:
    small, medium, large = (_jpeg(square, side) for side in (SMALL, MEDIUM, LARGE))
    return Pictures(small, medium, large, hashlib.sha256(large).hexdigest())


def _square(file: IO[bytes]) -> Image.Image:
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise PictureRefused(_("This picture is larger than 15 MB. Make it smaller, or send it as a JPEG."))
    file.seek(0)
    try:
        with _opened(file) as picture:
            _check(picture)
            _check_pixels(picture, file)
            return _plain(_cut(ImageOps.exif_transpose(_reduced(picture))))
    except PictureRefused:
        raise
    except Exception as error:
        # Over damaged or made-up bytes decoders raise OSError, SyntaxError, ValueError, struct.error, and more.
        raise PictureRefused(
            _("This picture is damaged or cut short. Save it anew, or choose another one.")
        ) from error


def _opened(file: IO[bytes]) -> Image.Image:
    head = file.read(16)
    file.seek(0)
    Image.init()
    known = [name for name in FORMATS if name in Image.OPEN]
    try:
        return Image.open(file, formats=known)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Image.UnidentifiedImageError as error:
        if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
            raise PictureRefused(
                _("Pictures of the kind HEIC cannot be read here. Save or send it as a JPEG.")
            ) from error
        raise PictureRefused(_("This is not a picture. Choose a JPEG, PNG or WebP file.")) from error


def _check(picture: Image.Image) -> None:
    if min(picture.size) < LEAST_SIDE:
        raise PictureRefused(
            _("This picture is too small. It must be at least %(pixels)d pixels wide and high.")
            % {"pixels": LEAST_SIDE}
        )
    # Telephones put a second, smaller picture into some JPEGs (MPO): those stand still.
    if getattr(picture, "is_animated", False) and picture.format != "MPO":
        raise PictureRefused(_("This picture moves. Choose one that stands still."))


def _check_pixels(picture: Image.Image, file: IO[bytes]) -> None:
    """Refuse what is too large to be held, and let a JPEG be decoded at 1/2, 1/4 or 1/8 if that is large enough."""
    most = MAX_PIXELS
    if picture.format in ("JPEG", "MPO"):
        position = file.tell()
        if is_one_scan(file):
            most = MAX_PIXELS_ONE_SCAN
        elif scans(file) > MAX_SCANS:
            raise _too_many_pixels()
        file.seek(position)
    if picture.width * picture.height > most:
        raise _too_many_pixels()
    picture.draft(None, (2 * LARGE, 2 * LARGE))
    # A long and narrow picture is not made smaller by that.
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        _("This picture has too many pixels. Make it smaller, to 3000 by 3000 pixels for example.")
    )


def _reduced(picture: Image.Image) -> Image.Image:
    """Return the picture at a whole fraction of its size, still with its orientation: what follows copies little."""
    factor = min(picture.size) // (2 * LARGE)
    return picture.reduce(factor) if factor > 1 and picture.mode in SCALABLE else picture


def _cut(picture: Image.Image) -> Image.Image:
    """Cut a square out of the middle, and of a high picture around its upper third, where faces are."""
    width, height = picture.size
    side = min(width, height)
    left = (width - side) // 2
    top = min(max(0, height // 3 - side // 2), height - side)
    return picture.crop((left, top, left + side, top + side))


def _plain(square: Image.Image) -> Image.Image:
    """Return the square in 8-bit sRGB on a light ground, at its final size, as pixels and nothing else."""
    profile = square.info.get("icc_profile")
    if square.mode.startswith("I"):
        square = square.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif square.mode in ("P", "PA", "LA", "RGBa"):
        square = square.convert("RGBA")
    if square.mode in SCALABLE:
        # Scaling before the colours are translated keeps that cheap.
        square = square.resize((LARGE, LARGE), Image.Resampling.LANCZOS)
    if square.mode == "RGBA":
        ground = Image.new("RGB", square.size, GROUND)
        ground.paste(square, mask=square.getchannel("A"))
        square = ground
    plain = _in_srgb(square, profile) if profile else square.convert("RGB")
    bare = Image.new("RGB", (LARGE, LARGE))
    bare.paste(plain.resize((LARGE, LARGE), Image.Resampling.LANCZOS))
    return bare


def _in_srgb(square: Image.Image, profile: bytes) -> Image.Image:
    """Translate the colours of a wide-gamut telephone or of print; a profile that is none is passed over."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(square, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        found = None
    return found or square.convert("RGB")


def _jpeg(square: Image.Image, side: int) -> bytes:
    """Return the square as a JPEG of `side` pixels, at the best quality that stays within its budget."""
    scaled = square if square.size == (side, side) else square.resize((side, side), Image.Resampling.LANCZOS)
    written = b""
    for quality in range(BEST_QUALITY, LEAST_QUALITY - 1, -QUALITY_STEP):
        buffer = io.BytesIO()
        scaled.save(buffer, "JPEG", quality=quality, optimize=True, progressive=side == LARGE)
        written = buffer.getvalue()
        if len(written) <= BUDGETS[side]:
            break
    return written
