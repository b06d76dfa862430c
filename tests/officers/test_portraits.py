"""Portraits: small upright squares without a trace of what was uploaded, or a sentence."""

import hashlib
import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw

from officers.portraits import BUDGETS, MAX_BYTES, MAX_SCANS, PictureRefused, completed, written_anew

RED, GREEN, BLUE = (200, 20, 20), (20, 180, 20), (20, 20, 200)


def picture(mode="RGB", size=(600, 800), colour=RED):
    return Image.new(mode, size, colour)


def saved(image, kind="JPEG", **options) -> io.BytesIO:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


def opened(written: bytes) -> Image.Image:
    return Image.open(io.BytesIO(written))


def colour_at(written: bytes, x: float, y: float):
    image = opened(written)
    return image.getpixel((int(x * image.width), int(y * image.height)))


def looks(found, expected, tolerance=30) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(found, expected, strict=True))


def refusal(file) -> str:
    with pytest.raises(PictureRefused) as refused:
        written_anew(file)
    return str(refused.value)


def declared_png(width: int, height: int) -> io.BytesIO:
    """Return a small file that says it is a PNG of so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_square_jpegs_come_out(kind):
    pictures = written_anew(saved(picture(), kind))
    found = [
        (opened(one).format, opened(one).size) for one in (pictures.small, pictures.medium, pictures.large)
    ]
    assert found == [("JPEG", (side, side)) for side in (96, 240, 480)]
    assert pictures.digest == hashlib.sha256(pictures.large).hexdigest()


def test_noisy_picture_stays_within_its_budget():
    noise = Image.effect_noise((700, 700), 30).convert("RGB")
    pictures = written_anew(saved(noise))
    for side, written in zip(BUDGETS, (pictures.small, pictures.medium, pictures.large), strict=True):
        assert len(written) <= BUDGETS[side]


def test_place_and_time_of_the_picture_are_gone():
    exif = Image.Exif()
    exif[0x010E] = "taken at a secret place"
    exif.get_ifd(0x8825)[1] = "N"
    file = saved(picture(), exif=exif, comment=b"a secret comment")
    assert b"secret" in file.getvalue()
    pictures = written_anew(file)
    for written in (pictures.small, pictures.medium, pictures.large):
        image = opened(written)
        assert b"secret" not in written
        assert not image.getexif()
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


def test_picture_of_a_turned_telephone_is_upright():
    lying = picture(size=(800, 600), colour=BLUE)
    ImageDraw.Draw(lying).rectangle((0, 0, 266, 600), fill=GREEN)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise: what is on the left comes to the top
    pictures = written_anew(saved(lying, exif=exif))
    assert looks(colour_at(pictures.large, 0.5, 0.1), GREEN)
    assert looks(colour_at(pictures.large, 0.5, 0.9), BLUE)


def test_high_picture_is_cut_around_its_upper_third():
    high = picture(size=(400, 1200), colour=BLUE)
    ImageDraw.Draw(high).rectangle((0, 200, 400, 600), fill=GREEN)
    large = written_anew(saved(high)).large
    assert looks(colour_at(large, 0.5, 0.05), GREEN)
    assert looks(colour_at(large, 0.5, 0.95), GREEN)


def test_wide_picture_is_cut_out_of_its_middle():
    wide = picture(size=(1200, 400), colour=BLUE)
    ImageDraw.Draw(wide).rectangle((400, 0, 800, 400), fill=GREEN)
    large = written_anew(saved(wide)).large
    assert looks(colour_at(large, 0.05, 0.5), GREEN)
    assert looks(colour_at(large, 0.95, 0.5), GREEN)


def test_print_colours_become_screen_colours():
    large = written_anew(saved(Image.new("CMYK", (500, 500), (0, 255, 255, 0)))).large
    assert opened(large).mode == "RGB"
    assert looks(colour_at(large, 0.5, 0.5), (255, 0, 0), 40)


def test_colour_profile_is_applied_and_dropped():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    large = written_anew(saved(picture(), icc_profile=profile)).large
    assert looks(colour_at(large, 0.5, 0.5), RED)
    assert "icc_profile" not in opened(large).info


def test_profile_that_is_none_is_passed_over():
    large = written_anew(saved(picture(), icc_profile=b"no profile at all")).large
    assert looks(colour_at(large, 0.5, 0.5), RED)


def test_sixteen_bits_keep_their_brightness():
    large = written_anew(saved(Image.new("I;16", (400, 400), 32768), "PNG")).large
    assert looks(colour_at(large, 0.5, 0.5), (128, 128, 128), 5)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L"])
def test_each_kind_of_pixels_is_read(mode):
    colour = {"RGBA": (200, 20, 20, 255), "LA": (100, 255), "P": 3, "1": 1, "L": 90}[mode]
    assert opened(written_anew(saved(Image.new(mode, (300, 300), colour), "PNG")).large).mode == "RGB"


def test_transparent_ground_is_light():
    large = written_anew(saved(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG")).large
    assert min(colour_at(large, 0.5, 0.5)) > 200


def test_hundred_megapixels_are_refused_before_they_are_decoded():
    assert "too many pixels" in refusal(declared_png(10_000, 10_000))


def test_decompression_bomb_is_refused():
    assert "too many pixels" in refusal(declared_png(60_000, 60_000))


def test_telephone_picture_of_48_megapixels_is_read():
    assert opened(written_anew(saved(Image.new("RGB", (8064, 6048), RED), quality=30)).large).size == (
        480,
        480,
    )


def test_progressive_picture_of_twelve_megapixels_is_read():
    file = saved(Image.new("RGB", (4000, 3000), RED), quality=30, progressive=True)
    assert looks(colour_at(written_anew(file).large, 0.5, 0.5), RED)


def in_scans_of_their_own(jpeg: bytes) -> bytes:
    """Return the JPEG with its first scan declared to hold one component instead of three."""
    at = jpeg.index(b"\xff\xda\x00\x0c\x03")
    return jpeg[:at] + b"\xff\xda\x00\x08\x01" + jpeg[at + 5 : at + 7] + jpeg[at + 11 :]


def test_large_jpeg_that_a_decoder_would_hold_whole_is_refused():
    large = Image.new("RGB", (5000, 4000), RED)
    assert "too many pixels" in refusal(saved(large, progressive=True))
    assert "too many pixels" in refusal(io.BytesIO(in_scans_of_their_own(saved(large).getvalue())))
    assert "too many pixels" in refusal(saved(Image.new("RGB", (900, 50_000), RED)))


def test_jpeg_of_endlessly_many_scans_is_refused():
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00"
    jpeg = saved(picture(), progressive=True).getvalue()
    assert "too many pixels" in refusal(io.BytesIO(jpeg[:-2] + scan * MAX_SCANS + jpeg[-2:]))


# Each picture comes four times at once; megabytes come out.
MEASURED = """
import resource, sys, threading
from officers.portraits import written_anew

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def read(path):
    with open(path, "rb") as file:
        written_anew(file)

before = used()
for path in sys.argv[1:]:
    threads = [threading.Thread(target=read, args=(path,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(used() - before)
"""
WORST = {
    "print-progressive.jpg": ("CMYK", 3535, {"progressive": True}),
    "progressive.jpg": ("RGB", 3535, {"progressive": True, "subsampling": 0}),
    "print.jpg": ("CMYK", 7740, {}),
    "transparent.webp": ("RGBA", 3535, {}),
}


def test_several_of_the_worst_pictures_at_once_cost_little_memory(tmp_path):
    for name, (mode, side, options) in WORST.items():
        Image.new(mode, (side, side)).save(tmp_path / name, **options)
    command = [sys.executable, "-c", MEASURED, *(str(tmp_path / name) for name in WORST)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(run.stdout) < 260


def test_too_small_a_picture_is_refused():
    assert "240 pixels" in refusal(saved(picture(size=(239, 900))))


def test_moving_picture_is_refused():
    frames = [picture(size=(300, 300), colour=colour) for colour in (RED, GREEN)]
    file = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert "moves" in refusal(file)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_cut_short_is_refused(kind):
    whole = saved(Image.effect_noise((600, 600), 60).convert("RGB"), kind).getvalue()
    assert "damaged" in refusal(io.BytesIO(whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + b"\0" * 50, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"MZ" * 100],
)
def test_what_is_no_picture_is_refused(content):
    assert "not a picture" in refusal(io.BytesIO(content))


def test_heic_is_refused_with_what_to_do():
    assert "JPEG" in refusal(io.BytesIO(b"\0\0\0\x18ftypheic" + b"\0" * 200))


def test_file_beyond_the_limit_is_refused():
    assert "15 MB" in refusal(io.BytesIO(b"\xff\xd8\xff" + b"\0" * MAX_BYTES))


def test_nothing_of_a_second_file_behind_the_picture_is_left():
    file = saved(picture())
    file.seek(0, 2)
    file.write(b"PK\x03\x04 <script>alert(1)</script>")
    pictures = written_anew(file)
    assert b"script" not in pictures.small + pictures.medium + pictures.large


def test_large_square_of_a_draft_is_completed_as_it_is():
    large = written_anew(saved(picture())).large
    pictures = completed(large)
    assert pictures.large == large
    assert opened(pictures.small).size == (96, 96)


def test_large_picture_of_a_turned_telephone_is_upright():
    lying = picture(size=(4000, 3000), colour=BLUE)
    ImageDraw.Draw(lying).rectangle((0, 0, 1333, 3000), fill=GREEN)
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind in ("JPEG", "PNG", "WEBP"):
        large = written_anew(saved(lying, kind, exif=exif)).large
        assert looks(colour_at(large, 0.5, 0.1), GREEN), kind
        assert looks(colour_at(large, 0.5, 0.9), BLUE), kind
