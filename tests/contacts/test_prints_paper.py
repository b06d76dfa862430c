"""Cards, leaflet and poster as a printer gets them: looked at as pictures, read as text, their codes scanned."""

import datetime
import io
import re
import zlib
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from contacts.listing import Caretaker
from contacts.models import PrintRun
from contacts.printing import cards
from contacts.printing.facts import Facts, short_address
from contacts.printing.hours import RegularHours
from contacts.printing.making import rendered
from officers.models import Portrait
from officers.portraits import written_anew
from officers.responsibility import PublicOfficer
from sectors.division import PublicDistrict, PublicSector, PublicStation
from tests.factories import (
    AddressFactory,
    BoundaryReleaseFactory,
    OfficerFactory,
    SectorFactory,
    StreetFactory,
    square,
)

pytestmark = pytest.mark.django_db

MM = 72 / 25.4
CODE = "7H3KQ2"
LONG_NAME = "Frederikke Vestergaard-Christoffersen"
LONG_MAIL = "frederikke.vestergaard-christoffersen@lokalpoliti.politi.example"
SHORTEST = PublicOfficer("Bo Ek", "", "112233", "bo@p.dk")
USUAL = PublicOfficer("Mette Holm", "Politiassistent", "+45 61 72 83 94", "mette.holm@politi.example")
LONG = PublicOfficer(LONG_NAME, "Politiassistent af første grad", "+45 61 72 83 94 (lokal 4711)", LONG_MAIL)
# As long as the columns of the register let anything be.
LONGEST = PublicOfficer(
    "Anne-Sophie Wilhelmine Vestergaard-Christoffersen Rosenkrantz-Gyldenløve von Frederiksborg-Hellerup Ip",
    "Vicepolitikommissær og kontaktperson for boligområder, foreninger, skoler og handlende i det nordlige",
    "+45 61 72 83 94 lokal 47 11 22",
    f"{'frederikke.vestergaard.' * 2}christoffersen@{'lokalpoliti.' * 3}example.dk",
)
OFFICERS = [SHORTEST, USUAL, LONG, LONGEST]
HOURS = tuple(
    RegularHours(
        weekday,
        5,
        datetime.time(10),
        datetime.time(11, 30),
        datetime.date(2027, 9, 30),
        "Kulturhuset på Nørrebro, mødelokale 3 på anden sal ved siden af biblioteket og skolen",
        "Frederikssundsvejens Sidegade 118, 2400 København NV",
    )
    for weekday in (1, 2, 3, 4, 5)
)


def facts(
    officer: PublicOfficer | None = USUAL, *, name: str = "Nørrebroparken", hours=(), sector: int = 0
) -> Facts:
    station = PublicStation(
        "bellahoej", "Bellahøj Station", "+45 00 10", "b@p.dk", "Borups Allé 266, 2400 NV"
    )
    if officer is LONGEST:
        name = "Bispebjerg, Emdrup og Ryparken-Lundehus omkring Tuborgvej mellem banen og den indre ringvej"
        station = replace(station, name="Københavns Politi, Station Bellahøj og Frederiksberg med omegn")
    district = PublicDistrict("nv", "Nordvest", "+45 00 20", "nordvest@politi.example", station)
    return Facts(
        PublicSector(sector, 4, name, "noerrebroparken", district), officer, Caretaker.of(district), hours
    )


def made(what: Facts, kind: str, language: str = "en", size: str = "a4") -> bytes:
    day = datetime.date(2026, 11, 23)
    return rendered(what, kind, language, code=CODE, address=short_address(CODE), made_on=day, size=size)


# Several tests look at the same cards and posters.
made_once = cache(made)


def printed(what: Facts, kind: str, language: str = "en", size: str = "a4") -> pypdfium2.PdfDocument:
    # What a leaflet says is in the database too.
    make = made if kind == "leaflet" else made_once
    return pypdfium2.PdfDocument(make(what, kind, language, size))


def picture(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    return page.render(scale=dpi / 72).to_pil().convert("L")


def codes(page: pypdfium2.PdfPage, dpi: int) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(picture(page, dpi), formats=zxingcpp.BarcodeFormat.QRCode)


def text(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_bounded().split())


def letters(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """Return the box of each letter and digit in millimetres from the page's left and upper edge."""
    found, (_wide, high) = page.get_textpage(), page.get_size()
    origin_x, origin_y = page.get_mediabox()[:2]
    boxes = []
    for index in range(found.count_chars()):
        if found.get_text_range(index, 1).isalnum():
            left, bottom, right, top = found.get_charbox(index)
            left, right, bottom, top = left - origin_x, right - origin_x, bottom - origin_y, top - origin_y
            boxes.append((left / MM, (high - top) / MM, right / MM, (high - bottom) / MM))
    return boxes


def card_of(box: tuple[float, float, float, float]) -> tuple[int, int]:
    return int((box[0] - 20) // 85), int((box[1] - 11) // 55)


# Cards


def test_a_sheet_has_ten_cards_of_85_by_55_mm():
    (page,) = printed(facts(), "cards")
    assert [round(side / MM) for side in page.get_size()] == [210, 297]
    dpi = 300
    middles = sorted(
        (
            round((code.position.top_left.x + code.position.bottom_right.x) / 2 / dpi * 25.4, 1),
            round((code.position.top_left.y + code.position.bottom_right.y) / 2 / dpi * 25.4, 1),
        )
        for code in codes(page, dpi)
    )
    assert len(middles) == cards.PER_SHEET
    first_x, first_y = middles[0]
    steps = [(round(x - first_x), round(y - first_y)) for x, y in middles]
    assert steps == [(85 * column, 55 * row) for column in range(2) for row in range(5)]


def test_the_marks_show_where_to_cut_and_stay_outside_the_cards():
    (page,) = printed(facts(), "cards")
    dpi = 300
    sheet = picture(page, dpi)

    def darkest(x: float, y: float) -> int:
        spot = [round(side / 25.4 * dpi) for side in (x - 0.3, y - 0.3, x + 0.3, y + 0.3)]
        return sheet.crop(spot).getextrema()[0]

    for x in (20, 105, 190):
        assert max(darkest(x, 6), darkest(x, 291)) < 128
    for y in range(11, 287, 55):
        assert max(darkest(15, y), darkest(195, y)) < 128
    # Along the cuts themselves nothing is printed.
    assert {darkest(x, y) for x in (20, 105, 190) for y in range(12, 286)} == {255}
    assert {darkest(x, y) for y in range(11, 287, 55) for x in range(21, 190)} == {255}


@pytest.mark.parametrize("officer", OFFICERS, ids=lambda officer: str(len(officer.name)))
@pytest.mark.parametrize("dpi", [150, 300])
def test_the_code_of_each_card_leads_to_the_print(officer, dpi):
    (page,) = printed(facts(officer), "cards")
    assert [code.text for code in codes(page, dpi)] == [short_address(CODE)] * 10


def test_the_code_is_18_mm_or_more():
    (page,) = printed(facts(), "cards")
    dpi = 300
    for code in codes(page, dpi):
        assert (code.position.top_right.x - code.position.top_left.x) / dpi * 25.4 >= 18


@pytest.mark.parametrize("officer", OFFICERS, ids=lambda officer: str(len(officer.name)))
def test_all_letters_of_a_card_keep_4_mm_from_its_cut(officer):
    (page,) = printed(facts(officer), "cards")
    for left, top, right, bottom in letters(page):
        column, row = card_of((left, top, right, bottom))
        assert 20 + 85 * column + 4 <= left < right <= 20 + 85 * (column + 1) - 2.5
        assert 11 + 55 * row + 4 <= top < bottom <= 11 + 55 * (row + 1) - 4


@pytest.mark.parametrize("officer", OFFICERS, ids=lambda officer: str(len(officer.name)))
def test_no_line_of_a_card_covers_another(officer):
    (page,) = printed(facts(officer), "cards")
    assert not covered([box for box in letters(page) if card_of(box) == (0, 0)])


def covered(boxes: list[tuple[float, float, float, float]]) -> list[object]:
    """Return the pairs of letters that lie on each other by more than a third of the smaller one.

    Letters drawn as one (ff) share their box.
    """
    found, boxes = [], sorted(set(boxes))
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            if other[0] > one[2]:
                break
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            least = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
            if wide > 0 and high > 0 and wide * high > least / 3:
                found.append((one, other))
    return found


def test_a_card_says_it_all():
    (page,) = printed(facts(LONG), "cards")
    said = text(page)
    assert said.count(CODE) == said.count("112.") / 2 == 10
    for part in ("Nørrebroparken", "Bellahøj Station", LONG.phone, LONG.title):
        assert said.count(part) == 10
    # Names and addresses may break, and lose nothing.
    joined = said.replace(" ", "").replace("\x02", "-")
    assert joined.count(LONG_NAME.replace(" ", "")) == joined.count(LONG_MAIL) == 10


def test_there_are_no_cards_of_a_vacant_post():
    with pytest.raises(ValueError, match="vacant"):
        printed(facts(None), "cards")


# All prints


KINDS = [("cards", 1), ("leaflet", 2), ("poster", 1)]


@pytest.mark.parametrize(("kind", "pages"), KINDS)
@pytest.mark.parametrize("language", ["en", "da"])
def test_each_print_is_a_tagged_pdf_with_its_fonts_and_nothing_to_fetch(kind, pages, language):
    document = printed(facts(hours=HOURS), kind, language)
    assert len(document) == pages
    assert document.is_tagged()
    raw = bytes(document._input)
    unpacked = raw + b"".join(
        zlib.decompress(stream)
        for stream in re.findall(rb"stream\n(.*?)\nendstream", raw, re.DOTALL)
        if stream.startswith(b"\x78")
    )
    assert f"/Lang ({language})".encode() in unpacked
    fonts = set(re.findall(rb"/FontDescriptor \d+ 0 R", unpacked))
    assert 0 < len(fonts) <= unpacked.count(b"/FontFile")
    assert b"/URI" not in unpacked
    assert b"/Launch" not in unpacked


@pytest.mark.parametrize("officer", [*OFFICERS, None], ids=lambda officer: str(officer and len(officer.name)))
@pytest.mark.parametrize("size", ["a4", "a3"])
def test_the_words_of_a_poster_stay_within_the_cut_and_off_each_other(officer, size):
    (page,) = printed(facts(officer, hours=HOURS), "poster", size=size)
    wide, high = (210, 297) if size == "a4" else (297, 420)
    trim = [round(side / MM) for side in page.get_trimbox()]
    assert (trim[2] - trim[0], trim[3] - trim[1]) == (wide, high)
    margin = page.get_size()[0] / MM / 2 - wide / 2
    boxes = letters(page)
    for left, top, right, bottom in boxes:
        assert margin + 8 <= left < right <= margin + wide - 8
        assert margin + 8 <= top < bottom <= margin + high - 6
    assert not covered(boxes)


def test_the_bands_of_a_poster_run_on_beyond_the_cut_for_3_mm():
    (page,) = printed(facts(), "poster")
    left, bottom, right, top = page.get_bleedbox()
    trim = page.get_trimbox()
    assert min(trim[0] - left, right - trim[2], trim[1] - bottom, top - trim[3]) >= 3 * MM
    sheet = page.render(scale=2).to_pil()
    edge = (page.get_size()[0] / 2 - 210 * MM / 2 - 2.9 * MM) * 2
    assert sheet.getpixel((round(edge), round(sheet.height * 0.1)))[2] > 60  # the blue one
    assert sheet.getpixel((round(edge), round(sheet.height * 0.1)))[0] < 60
    assert sheet.getpixel((round(edge), round(sheet.height * 0.93)))[0] > 200  # the yellow one
    assert sheet.getpixel((round(edge), round(sheet.height * 0.93)))[2] < 100


@pytest.mark.parametrize("officer", [*OFFICERS, None], ids=lambda officer: str(officer and len(officer.name)))
@pytest.mark.parametrize("count", [0, 20, 120])
def test_the_words_of_a_leaflet_stay_on_their_page(officer, count):
    sector = SectorFactory()
    BoundaryReleaseFactory(station=sector.station, areas={sector: square()}, in_force=True)
    for number in range(count):
        name = "Frederikssundsvejens Sidegade" if number % 2 else "Rentemestervej"
        AddressFactory(street=StreetFactory(name=f"{name} {number}", address_count=2), sector=sector)
    document = printed(facts(officer, hours=HOURS, sector=sector.pk), "leaflet")
    assert [[round(side / MM) for side in page.get_size()] for page in document] == [[297, 210]] * 2
    for page in document:
        boxes = letters(page)
        for left, top, right, bottom in boxes:
            panel = 0 if (left + right) / 2 < 148.5 else 148.5
            assert panel + 11 <= left < right <= panel + 137.5, "over the fold or the edge"
            assert 11 <= top < bottom <= 199
        assert not covered(boxes)


@pytest.mark.parametrize(("kind", "page"), [("leaflet", 1), ("poster", 0)])
@pytest.mark.parametrize("dpi", [150, 300])
def test_the_code_of_leaflet_and_poster_leads_to_the_print(kind, page, dpi):
    document = printed(facts(), kind)
    assert [code.text for code in codes(document[page], dpi)] == [short_address(CODE)]


@pytest.mark.parametrize("kind", ["leaflet", "poster"])
def test_a_vacant_sector_names_its_district(kind):
    said = " ".join(text(page) for page in printed(facts(None), kind))
    assert "Nordvest" in said
    assert "+45 00 20" in said
    assert "At the moment no officer is appointed" in said


def test_initials_stand_where_there_is_no_portrait():
    assert "MH" in text(printed(facts(), "poster")[0])


def test_the_portrait_is_on_leaflet_and_poster():
    buffer = io.BytesIO()
    Image.new("RGB", (600, 600), (200, 30, 30)).save(buffer, "PNG")
    pictures = written_anew(io.BytesIO(buffer.getvalue()))
    officer = OfficerFactory()
    Portrait.objects.create(
        officer=officer,
        digest=pictures.digest,
        small=pictures.small,
        medium=pictures.medium,
        large=pictures.large,
    )
    shown = facts(replace(USUAL, portrait=pictures.digest))
    for kind in ("leaflet", "poster"):
        page = printed(shown, kind)[0]
        colours = page.render().to_pil().convert("RGB").getcolors(1 << 20)
        assert sum(count for count, (red, green, _blue) in colours if red > 180 and green < 60) > 5000
        assert "MH" not in text(page)


def test_hours_are_said_in_words():
    weekly = replace(HOURS[1], week=None, until=None)
    said = text(printed(facts(hours=(weekly, HOURS[3])), "leaflet")[1])
    assert "Every Tuesday 10:00–11:30" in said
    assert "The last Thursday of the month 10:00–11:30" in said
    assert "until 30 September 2027" in said


def test_kinds_are_those_of_the_register():
    assert {kind for kind, _pages in KINDS} == set(PrintRun.Kind.values)
