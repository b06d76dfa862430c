"""The whole way on real input: boundary files, an address register, an appointment, a citizen who finds them."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from sectors.models import Address, Station
from tests.factories import OfficerFactory, head_of


@pytest.fixture
def station(site, shared_data) -> Station:
    """Import both boundary files and the addresses over an empty database, by the README's words."""
    for file, slug in (("bellahoej_sectors19.geojson", "bellahoej"), ("dk_sogne.geojson", "parishes")):
        call_command(
            "import_boundaries",
            str(shared_data / file),
            "--station",
            slug,
            "--create-station",
            slug.title(),
            "--renumber-duplicates",
            "--cut-overlaps",
            "--activate-on",
            "now",
            verbosity=0,
        )
    call_command("import_addresses", str(shared_data / "osm_addresses_roedovre.geojson"))
    return Station.objects.get(slug="parishes")


def misspelt_address() -> tuple[str, Address]:
    """Return a real address, and its text with two neighbouring letters of the street swapped."""
    address = (
        Address.objects.select_related("street").filter(street__address_count__gte=10).order_by("pk").last()
    )
    street = address.street.name
    swapped = street[:4] + street[5] + street[4] + street[6:]
    assert swapped != street
    return f"{swapped} {address.house}, {address.street.postcode}", address


def test_misspelt_address_leads_to_the_officer_appointed_with_the_mouse(page, station, log_in):
    assert Address.objects.count() == 780
    assert not Address.objects.filter(sector=None).exists()
    typed, address = misspelt_address()
    sector = address.sector
    officer = OfficerFactory(station=station, name="Rosa Rigtig")
    head = head_of(station)
    log_in(page, head.email, "correct horse battery")
    page.goto("/admin/officers/assignment/add/")
    page.locator("[name=officer]").select_option(value=str(officer.pk))
    page.locator("[name=sector]").select_option(value=str(sector.pk))
    page.locator("[name=role]").select_option(value="responsible")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_contain_text(officer.name)

    page.goto("/")
    page.locator("[name=q]").fill(typed)
    page.locator("[name=q]").press("Enter")
    page.wait_for_url("**/sectors/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rosa Rigtig")
    expect(page.locator("main")).to_contain_text(str(address))
