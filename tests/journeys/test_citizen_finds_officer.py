"""A citizen finds their officer: with a keyboard, a mouse, a phone, a position, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from officers.responsibility import answerable
from sectors import division
from sectors.division import PublicSector
from sectors.models import Address

pytestmark = pytest.mark.usefixtures("demo")

NARROW = {"width": 320, "height": 640}


def door(*, near_border: bool) -> Address:
    """Return the first door of the demonstration whose street has no second part, near a border or far from all."""
    current = division.current()
    for address in Address.objects.select_related("street").order_by("pk"):
        if bool(current.near(*address.location.coords, 60)) is near_border and (
            not near_border or current.near(*address.location.coords, 20)
        ):
            return address
    raise AssertionError("The demonstration has no such door.")


def home_of(address: Address) -> tuple[PublicSector, str]:
    """Return the sector of a door and the name of its officer."""
    sector = division.current().owner(*address.location.coords)
    officer = answerable(sector.id).officer
    return sector, officer.name


def expect_officer(page: Page, sector: PublicSector, name: str) -> None:
    page.wait_for_url(re.compile(rf"/sectors/{sector.slug}/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_by_keyboard_from_a_few_letters_to_the_officer(page, demo, check_axe, prefix):
    address = door(near_border=False)
    sector, name = home_of(address)
    page.goto(f"{prefix}/")
    check_axe(page)
    field = page.locator("#id_q")
    field.focus()
    page.keyboard.type(address.street.name[:6], delay=20)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-announcement]")).not_to_be_empty()
    check_axe(page)
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")

    field.fill(f"{address.street.name} {address.house}, {address.street.postcode}")
    page.keyboard.press("End")
    page.keyboard.type(" ")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect_officer(page, sector, name)
    expect(page.locator("html")).to_have_attribute("lang", "da" if prefix else "en")
    check_axe(page)


def test_a_chosen_street_waits_for_its_house_number(page, demo):
    address = door(near_border=False)
    page.goto("/")
    page.locator("#id_q").press_sequentially(address.street.name)
    page.locator(".suggestion-street").first.click()
    expect(page.locator("#id_q")).to_be_focused()
    expect(page.locator("#id_q")).to_have_value(re.compile(rf"^{re.escape(address.street.name)} "))
    page.keyboard.type(address.house)
    expect(page.locator(".suggestion-address").first).to_contain_text(address.house)
    page.locator(".suggestion-address").first.click()
    page.wait_for_url("**/find/**" if "/find/" in page.url else re.compile("/(sectors|find)/"))


def test_a_tap_on_the_map_leads_to_the_officer(phone_page, demo, check_axe):
    phone_page.goto("/")
    area = phone_page.locator("[data-sector-map] path.leaflet-interactive")
    expect(area).to_have_count(len(division.current().sectors))
    expect(phone_page.locator(".map-number span").first).to_be_visible()
    middle_of_map = phone_page.locator("[data-sector-map]")
    middle_of_map.scroll_into_view_if_needed()
    middle_of_map.tap()
    phone_page.wait_for_url(re.compile("/(sectors|find)/"))
    expect(phone_page.get_by_role("heading", level=1)).to_be_visible()
    check_axe(phone_page)


def test_pointing_at_a_row_stresses_it_on_the_map(page, demo):
    page.goto("/map/")
    row = page.locator("[data-sector]").first
    expect(page.locator("path.leaflet-interactive").first).to_be_visible()
    row.locator("a").focus()
    expect(row).to_have_class(re.compile("is-stressed"))
    expect(page.locator('path[stroke-width="4"]')).to_have_count(1)


def test_where_i_am_leads_to_the_officer(open_page, demo):
    address = door(near_border=False)
    sector, name = home_of(address)
    page = open_page(
        viewport={"width": 360, "height": 740},
        permissions=["geolocation"],
        geolocation={"latitude": address.location.y, "longitude": address.location.x},
    )
    page.goto("/da/")
    page.locator("[data-use-position] button").click()
    expect_officer(page, sector, name)
    assert "/da/sectors/" in page.url


def test_a_browser_that_does_not_tell_where_it_is_gets_advice(page, demo, check_axe):
    page.goto("/")
    page.get_by_role("button", name="Use my position").click()
    expect(page.locator("[data-use-position] [role=status]")).to_contain_text("type your address")
    check_axe(page)


def test_near_a_border_the_citizen_says_which_side(page, demo, check_axe):
    address = door(near_border=True)
    page.goto(f"/find/?q={address.street.name} {address.house}, {address.street.postcode}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which side is your door on?")
    expect(page.get_by_text("away").first).to_be_visible()
    expect(page.locator(".map-point")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="No, my door is on this side").first.click()
    page.wait_for_url("**/sectors/*/")


def test_the_list_filters_while_one_types(page, demo, check_axe):
    page.goto("/sectors/")
    check_axe(page)
    sector = division.current().sectors[4]
    page.locator("#filter").press_sequentially(sector.name)
    expect(page.locator("#results [data-sector]")).to_have_count(1)
    expect(page.locator("#results-count")).to_have_text("1 sector fits.")
    expect(page).to_have_url(re.compile(r"\?q="))
    expect(page.locator("#filter")).to_be_focused()
    check_axe(page)


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_without_javascript_form_and_list_do_it_all(open_page, demo, prefix):
    address = door(near_border=False)
    sector, name = home_of(address)
    page = open_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto(f"{prefix}/")
    assert not page.locator("[data-use-position]").is_visible()
    page.locator("#id_q").fill(f"{address.street.name} {address.house}, {address.street.postcode}")
    page.locator("#id_q").press("Enter")
    expect_officer(page, sector, name)

    page.goto(f"{prefix}/sectors/")
    page.locator("#filter").fill(name)
    page.locator("#filter").press("Enter")
    page.locator("#results [data-sector] a").first.click()
    expect_officer(page, sector, name)


@pytest.fixture
def every_state(demo) -> list[str]:
    """The addresses of every public page in each of its states."""
    vacant = next(sector for sector in division.current().sectors if answerable(sector.id).officer is None)
    border, street = door(near_border=True), door(near_border=False).street
    return [
        "/",
        "/find/",
        "/find/?q=",
        "/find/?q=!!!",
        "/find/?lat=x&lon=1",
        "/find/?q=Nosuchstreet 99",
        "/find/?lat=50&lon=10",
        f"/find/?q={border.street.name} {border.house}, {border.street.postcode}",
        f"/find/?q={street.name}",
        "/find/?q=Klokkestrøget",
        "/sectors/",
        "/sectors/?q=zzz",
        f"/sectors/{vacant.slug}/",
        f"/sectors/{division.current().sectors[0].slug}/",
        "/map/",
        "/no/such/page/",
    ]


TOO_SMALL = """() => [...document.querySelectorAll("a, button, input")]
    .filter((one) => one.offsetParent && !one.closest(".leaflet-control-attribution, .skip-link"))
    .filter((one) => getComputedStyle(one).display !== "inline" && one.getBoundingClientRect().height < 24)
    .map((one) => one.outerHTML)"""


def test_every_state_of_every_page_fits_the_narrowest_phone(
    open_page, complaints, every_state, check_axe, settings
):
    settings.DEMO = True
    complaints.expect("422")
    complaints.expect("404")
    page = open_page(viewport=NARROW, is_mobile=True, has_touch=True)
    for url in every_state:
        page.goto(f"/da{url}")
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], url
        assert page.evaluate(TOO_SMALL) == [], url


def test_every_colour_can_be_read_in_the_dark(open_page, complaints, check_axe):
    complaints.expect("422")
    border = door(near_border=True)
    page = open_page(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    near = f"/find/?q={border.street.name} {border.house}, {border.street.postcode}"
    for url in ("/", "/find/?q=!!!", "/find/?lat=x&lon=1", near, "/sectors/emdrup/"):
        page.goto(url)
        check_axe(page)


def test_the_language_switch_keeps_page_and_question(page, demo):
    page.goto("/find/?q=Nosuchstreet 99")
    page.get_by_role("link", name="Dansk").click()
    page.wait_for_url(re.compile(r"/da/find/\?q=Nosuchstreet"))
    expect(page.locator("#id_q")).to_have_value("Nosuchstreet 99")
    page.get_by_role("link", name="English").click()
    page.wait_for_url(re.compile(r"[^a]/find/\?q=Nosuchstreet"))


def test_the_keyboard_reaches_the_field_by_the_skip_link(page, demo):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#id_q")).to_be_focused()
