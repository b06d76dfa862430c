"""A sector's page in a browser: with everything and with nothing to tell, by keyboard, narrow, dark, on paper."""

import datetime
import io
from types import SimpleNamespace

import pypdfium2
import pytest
import zxingcpp
from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from contacts.models import AnswerTime
from officers.models import Portrait
from officers.portraits import written_anew
from sectors.snapshot import Snapshot
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    ContactHoursFactory,
    CoverFactory,
    DistrictFactory,
    EventFactory,
    NoticeFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    UserFactory,
    division_of,
    middle,
)

NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}
LONG_NAME = "Maximiliane-Alexandra Østergaard Kierkegaard-Christophersen"
LONG_PLACE = "Beboerhuset Vestergårdsvængets Fællesforening, indgang gennem Kolonihaveforeningen Frihed"
LONG_MAIL = "maximiliane-alexandra.oestergaard.kierkegaard-christophersen@koebenhavns-politi.example"
DAY = datetime.timedelta(days=1)
# Sectors by what their page shows.
KINDS = ("everything", "nothing", "vacant", "covered", "absent", "longest")


@pytest.fixture
def sectors(site, settings) -> SimpleNamespace:
    """One sector for each kind of page, side by side."""
    settings.SITE_URL = site
    station = StationFactory(
        name="Bellahøj Station", slug="bellahoej", address="Borups Allé 1, 2400 København NV"
    )
    district = DistrictFactory(station=station, name="North East", phone="+45 00 00 22 22")
    made = {
        kind: SectorFactory(district=district, number=number, name=kind.capitalize(), slug=kind)
        for number, kind in enumerate(KINDS, start=1)
    }
    for kind, sector in made.items():
        if kind != "vacant":
            officer = OfficerFactory(
                station=station, name=f"Mette {kind.capitalize()}", phone="+45 11 11 11 11"
            )
            AssignmentFactory(sector=sector, officer=officer)
    division_of(*made.values())
    _away(made["covered"], OfficerFactory(station=station, name="Jonas Berg"))
    _away(made["absent"], None)
    for kind in ("everything", "vacant", "absent"):
        _tell(made[kind])
    _longest(made["longest"])
    Snapshot.forget_all()
    return SimpleNamespace(**made)


def _away(sector, cover) -> None:
    absence = AbsenceFactory(officer=sector.assignments.get().officer)
    if cover:
        CoverFactory(absence=absence, sector=sector, officer=cover)


def _tell(
    sector, words: str = "We have walked through with the housing association.", place: str = "Library"
):
    author, station, today = UserFactory(), sector.station, timezone.localdate()
    near = Point(*middle(sector.number - 1), srid=4326)
    ContactHoursFactory(
        sector=sector,
        place=place,
        address="Krabbesholmvej 3, 2700 Brønshøj",
        note_en="By the door.",
        point=near,
    )
    ContactHoursFactory(sector=sector, weekday=None, on_date=today + 9 * DAY, cancelled_on=[today + 9 * DAY])
    shared = {"published": True, "written_by": author, "text_en": words, "text_da": words}
    for number in range(4):
        NoticeFactory(sector=sector, title_en=f"Notice {number}", **shared)
        EventFactory(station=station, sectors=[sector], title_en=f"Event {number}", place=place, **shared)
    NoticeFactory(sector=sector, kind="you_said", said_en=words, said_da=words, **shared)
    EventFactory(station=station, sectors=[sector], cancelled_at=timezone.now(), **shared)
    colleague = OfficerFactory(station=station, name="Ulrik Dam")
    AssignmentFactory(sector=sector, officer=colleague, attached=True)
    AnswerTime.objects.get_or_create(
        district=sector.district,
        defaults={"since": today, "until": today, "answered": 37, "median_hours": 8, "p90_hours": 41},
    )


def _longest(sector) -> None:
    officer = sector.assignments.get().officer
    officer.name, officer.email = LONG_NAME, LONG_MAIL
    officer.title = "Vicepolitikommissær med ansvar for nærpolitiet"
    officer.save()
    picture = io.BytesIO()
    Image.new("RGB", (600, 600), (90, 140, 170)).save(picture, "JPEG")
    made = written_anew(picture)
    Portrait.objects.create(
        officer=officer, digest=made.digest, small=made.small, medium=made.medium, large=made.large
    )
    _tell(sector, words="Fællesboligforeningsbestyrelsesmedlemsmøde " * 12, place=LONG_PLACE)


def width_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/da"])
def test_every_kind_of_page_is_accessible_and_fits_320_pixels(open_page, sectors, check_axe, prefix, scheme):
    page = open_page(viewport=NARROW, is_mobile=True, color_scheme=scheme)
    for kind in KINDS:
        page.goto(f"{prefix}/sectors/{kind}/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for folded in page.locator("details").all():
            folded.evaluate("element => { element.open = true }")
        assert width_of(page) <= NARROW["width"], kind
        check_axe(page)


@pytest.mark.parametrize("kind", ["everything", "vacant", "covered", "absent"])
def test_on_a_phone_name_call_message_and_112_need_no_scrolling(phone_page, sectors, kind):
    phone_page.goto(f"/sectors/{kind}/")
    article = phone_page.locator("article.officer")
    call = article.get_by_role("link", name="Call +45")
    message = article.get_by_role("link", name="Leave a message")
    urgent = article.get_by_role("link", name="call 112")
    above = 0.0
    for part in (phone_page.locator(".officer-name"), call, message, urgent):
        box = part.bounding_box()
        assert above < box["y"], kind
        above = box["y"] + box["height"]
        assert above <= PHONE["height"], kind
    for target in (call, message, urgent):
        assert target.bounding_box()["height"] >= 44
    assert article.get_by_role("link", name="114").bounding_box()["height"] >= 44


def test_keyboard_leads_through_the_page_in_its_order(page, sectors):
    page.goto("/sectors/everything/")
    page.locator("article.officer a").first.focus()
    seen = []
    for _step in range(60):
        seen.append(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        if "Print this page" in seen[-1]:
            break
        page.keyboard.press("Tab")
    order = [
        "Call +45 11 11 11 11",
        "Leave a message",
        "E-mail:officer",
        "call 112",
        "114",
        "Add to my calendar",
    ]
    order += ["3 more events", "Notice", "Share this page", "Save the contact in my telephone vCard"]
    order += ["Leaflet to print PDF", "Hours and events for my calendar iCalendar", "Print this page"]
    places = [next(place for place, text in enumerate(seen) if text.startswith(part)) for part in order]
    assert places == sorted(places), seen


def test_folded_events_and_notices_open_by_keyboard_and_by_their_address(page, sectors):
    page.goto("/sectors/everything/")
    summary = page.locator("#events ~ details summary")
    hidden = page.locator("#events ~ details li").last
    expect(hidden).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(hidden).to_be_visible()
    notice = page.locator("details[id^=notice]").last
    assert not notice.evaluate("element => element.open")
    page.goto(f"/sectors/everything/#{notice.get_attribute('id')}")
    expect(notice).to_have_attribute("open", "")


def test_sharing_copies_the_address_where_the_device_has_no_way_of_its_own(open_page, sectors, site):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("delete Navigator.prototype.share")
    page.goto("/da/sectors/nothing/")
    page.locator("[data-share-button]").click()
    expect(page.locator(".share [role=status]")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/da/sectors/nothing/"


def test_sharing_uses_the_devices_own_way_and_respects_second_thoughts(page, sectors, site):
    page.add_init_script(
        """navigator.share = async (what) => {
             window.shared = what;
             throw new DOMException("No, thanks.", "AbortError");
           };"""
    )
    page.goto("/sectors/nothing/")
    page.locator("[data-share-button]").click()
    assert page.evaluate("window.shared") == {
        "title": "Mette Nothing, Nothing",
        "url": f"{site}/sectors/nothing/",
    }
    expect(page.locator(".share [role=status]")).to_be_empty()


def test_without_script_the_address_is_shown_and_no_button_that_does_nothing(open_page, sectors, site):
    page = open_page(java_script_enabled=False, viewport=PHONE)
    page.goto("/sectors/everything/")
    expect(page.locator("[data-share-address]")).to_have_text(f"{site}/sectors/everything/")
    for idle in ("[data-share-button]", "[data-print]"):
        expect(page.locator(idle)).to_be_hidden()
    expect(page.get_by_text("Library, Krabbesholmvej 3").first).to_be_visible()


def test_the_map_marks_the_places_that_the_list_names(page, sectors):
    page.goto("/sectors/everything/")
    mark = page.locator(".map-mark")
    expect(mark).to_have_count(1)
    expect(mark).to_have_text("A")
    expect(page.locator(".place-letter").first).to_have_text("A")


@pytest.mark.parametrize("kind", ["everything", "longest", "vacant"])
def test_on_paper_a_page_or_two_with_a_code_that_can_be_read_and_nothing_to_click(page, sectors, site, kind):
    page.goto(f"/sectors/{kind}/")
    document = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(document) <= 3
    first = document[0]
    codes = zxingcpp.read_barcodes(first.render(scale=150 / 72).to_pil())
    assert [code.text for code in codes] == [f"{site}/sectors/{kind}/"]
    words = " ".join(" ".join(sheet.get_textpage().get_text_bounded() for sheet in document).split())
    for part in ("112", "114", "Meet in person", "Krabbesholmvej 3"):
        assert part in words
    for part in ("Share this page", "Leave a message", "Find another", "Sectors", "Add to my calendar"):
        assert part not in words
