"""An officer goes round a sector on foot with a telephone: who is due, in walking order, marked with two taps."""

import re

import pytest
from django.contrib.gis.geos import Point
from django.db.models import Q
from playwright.sync_api import Locator, Page, expect

from sectorlog.models import EntryParty, LogEntry, Party
from tests.factories import (
    AddressFactory,
    AssignmentFactory,
    ContactPersonFactory,
    FormTemplateFactory,
    FormVersionFactory,
    OfficerFactory,
    PartyFactory,
    UserFactory,
    division_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/da"])
# The western end of the street; the places lie east of it, named out of order.
LAT, LON = 55.695, 12.4802
PLACES = {"Skolen": 12.4860, "Bageriet": 12.4815, "Klubben": 12.4838}
THUMB = 44


@pytest.fixture
def sector(site):
    officer = OfficerFactory(user=UserFactory(email="nanna@police.example"), name="Nanna Nielsen")
    post = AssignmentFactory(
        officer=officer, sector__district__station=officer.station, sector__name="Brønshøj"
    )
    division_of(post.sector)
    template = FormTemplateFactory(station=officer.station, slug="visit")
    card = {
        "key": "card",
        "kind": "yes_no",
        "label": {"en": "Card"},
        "help": {},
        "required": False,
        "choices": [],
    }
    FormVersionFactory(template=template, name={"en": "Visit"}, fields=[card])
    for name, lon in PLACES.items():
        PartyFactory(
            sector=post.sector,
            name=name,
            interval_days=30,
            address=f"Frederikssundsvej {len(name)}, 2700 Brønshøj",
            place=Point(lon, LAT, srid=4326),
        )
    return post.sector


@pytest.fixture
def phone(open_page, sector) -> Page:
    """A telephone at the western end of the street, logged in."""
    page = open_page(
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
        geolocation={"latitude": LAT, "longitude": LON},
        permissions=["geolocation"],
    )
    return log_in(page)


def log_in(page: Page) -> Page:
    page.goto("/account/login/?next=/log/")
    page.locator("[name=login]").fill("nanna@police.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").first.click()
    page.wait_for_url(re.compile("/log/$"))
    return page


def assert_due(page: Page, names: list[str]) -> None:
    expect(page.locator(".visit-name")).to_have_text(names)


def visited(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(f"^Visited.*{name}$"))


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in page.locator(
        "main .button:visible, main .visit-name:visible, main .quiet-link:visible"
    ).all():
        box = button.bounding_box()
        assert box, button
        assert box["height"] >= THUMB - 2, button.inner_text()


def test_a_round_is_walked_and_marked_with_two_taps_each(phone, sector):
    phone.get_by_role("link", name="Go round").tap()
    phone.get_by_role("button", name="Begin where I am").tap()
    phone.wait_for_url(re.compile(r"lat=55\.695000&lon=12\.480200$"))
    assert_due(phone, ["Bageriet", "Klubben", "Skolen"])
    expect(phone.locator(".visit-mark")).to_have_text(["1", "2", "3"])
    expect(phone.get_by_text("from your position, in straight lines.")).to_be_visible()

    visited(phone, "Bageriet").tap()
    phone.get_by_text("dialogue", exact=True).tap()
    phone.get_by_label("In a sentence").fill("Glad for the new lamp.")
    phone.get_by_label("Business card left").tap()
    phone.get_by_role("button", name="Save the visit").tap()
    expect(phone.get_by_role("status").filter(has_text="Noted: Bageriet is visited.")).to_be_visible()
    assert_due(phone, ["Klubben", "Skolen"])
    expect(phone.get_by_text("from the last visit, in straight lines.")).to_be_visible()

    # Two taps and no word.
    visited(phone, "Klubben").tap()
    phone.get_by_role("button", name="Save the visit").tap()
    assert_due(phone, ["Skolen"])

    visited(phone, "Skolen").tap()
    phone.get_by_role("button", name="Nobody there").tap()
    expect(phone.get_by_text("The visit stays due.")).to_be_visible()
    expect(phone.get_by_text("Nobody there today at")).to_be_visible()
    assert_due(phone, ["Skolen"])

    told = EntryParty.objects.get(party__name="Bageriet").entry
    assert (told.text, told.outcome, told.values) == ("Glad for the new lamp.", "dialogue", {"card": "yes"})
    assert EntryParty.objects.filter(party__name="Klubben").count() == 1
    assert LogEntry.objects.filter(~Q(values__nobody_met=None), text="Nobody there.").count() == 1
    assert LogEntry.objects.count() == 3


def test_a_visit_that_is_tapped_twice_in_haste_is_one(phone, sector):
    party = Party.objects.get(name="Klubben")
    phone.goto(f"/log/parties/{party.uuid}/visited/")
    phone.get_by_role("button", name="Save the visit").dblclick()
    phone.wait_for_url(re.compile(f"/log/parties/{party.uuid}/$"))
    phone.wait_for_load_state("networkidle")
    assert LogEntry.objects.count() == 1


@LANGUAGES
def test_every_page_of_parties_is_without_errors_and_fits_a_phone(phone, sector, check_axe, prefix):
    party = Party.objects.get(name="Bageriet")
    other = Party.objects.get(name="Klubben")
    contact = ContactPersonFactory(
        party=party, name="Ulla", phone="+45 12 34 56 78", email="ulla@example.com"
    )
    for path in (
        f"sectors/{sector.slug}/parties/",
        f"sectors/{sector.slug}/parties/new/",
        f"sectors/{sector.slug}/parties/import/",
        f"sectors/{sector.slug}/visits/",
        "visits/",
        f"parties/{party.uuid}/",
        f"parties/{party.uuid}/change/",
        f"parties/{party.uuid}/visited/",
        f"parties/{party.uuid}/merge/",
        f"parties/{party.uuid}/merge/?with={other.uuid}",
        f"parties/{party.uuid}/contacts/new/",
        f"contacts/{contact.uuid}/",
    ):
        response = phone.goto(f"{prefix}/log/{path}")
        assert response is not None
        assert response.status == 200, path
        assert_fits(phone)
        # Axe takes seconds a page and finds the same in both languages; the round is looked at in both.
        if not prefix or "visit" in path:
            check_axe(phone)


def test_a_tap_on_the_map_says_where_a_party_is(phone, sector, complaints):
    complaints.expect("422")
    phone.goto(f"/log/sectors/{sector.slug}/parties/new/")
    phone.get_by_label("Name").first.fill("Kiosken")
    phone.locator(".map").tap()
    expect(phone.get_by_text("Marked. Tap elsewhere to move it.")).to_be_visible()
    phone.get_by_role("button", name="Save").last.tap()
    phone.wait_for_url(re.compile("/log/parties/"))
    place = Party.objects.get(name="Kiosken").place
    assert abs(place.x - 12.485) < 0.002
    assert abs(place.y - 55.695) < 0.002
    expect(phone.locator(".map .map-point")).to_be_visible()


def test_who_is_there_already_is_asked_about_before_saving(phone, sector, check_axe, complaints):
    complaints.expect("422")
    phone.goto(f"/log/sectors/{sector.slug}/parties/new/")
    phone.get_by_label("Name").first.fill("Bageriet ApS")
    phone.get_by_role("button", name="Save").last.tap()
    expect(phone.get_by_text("Is it one of these?")).to_be_visible()
    check_axe(phone)
    phone.get_by_role("button", name="No, it is another one").tap()
    phone.wait_for_url(re.compile("/log/parties/"))
    assert Party.objects.filter(name__startswith="Bageriet").count() == 2


def test_the_round_works_without_script(open_page, sector):
    AddressFactory(number=12, location=Point(12.4862, LAT, srid=4326))
    page = log_in(open_page(viewport={"width": 360, "height": 740}, java_script_enabled=False))
    page.goto(f"/log/sectors/{sector.slug}/visits/?q=Frederikssundsvej+12")
    assert_due(page, ["Skolen", "Klubben", "Bageriet"])
    visited(page, "Skolen").click()
    page.get_by_role("button", name="Save the visit").click()
    assert_due(page, ["Klubben", "Bageriet"])
