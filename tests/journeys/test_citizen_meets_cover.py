"""A citizen whose officer is away: on a small phone, in both languages, with and without a portrait."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from officers.models import Officer, Portrait
from officers.portraits import written_anew

pytestmark = pytest.mark.usefixtures("demo")

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def portrait(demo) -> Portrait:
    """The covering officer's portrait: a plain square."""
    picture = io.BytesIO()
    Image.new("RGB", (600, 600), (90, 140, 170)).save(picture, "JPEG")
    made = written_anew(picture)
    return Portrait.objects.create(
        officer=Officer.objects.get(name="Alma Eksempel"),
        digest=made.digest,
        small=made.small,
        medium=made.medium,
        large=made.large,
    )


@pytest.mark.parametrize("prefix", ["", "/da"])
@pytest.mark.parametrize(
    ("sector", "shown", "away"),
    [
        ("broenshoej", "Alma Eksempel", "Jens Opspind"),  # covered
        ("vanloese", "Yrsa Ytring", "Laurits Sagn"),  # by the stand-in
        ("gammel-kongevej", "Frederiksberg", "Svend Skuespil"),  # by the district
    ],
)
def test_page_names_who_answers_and_who_is_away(open_page, check_axe, portrait, prefix, sector, shown, away):
    page = open_page(viewport=NARROW, is_mobile=True)
    page.goto(f"{prefix}/sectors/{sector}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(shown)
    expect(page.locator(".officer-away")).to_contain_text(away)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    check_axe(page)


def test_portrait_is_loaded_and_described(page, portrait):
    page.goto("/sectors/broenshoej/")
    picture = page.get_by_role("img", name="Portrait of Alma Eksempel")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 240


def test_the_list_finds_an_absent_officer_by_name_and_says_who_answers(page):
    page.goto("/sectors/")
    page.locator("#filter").press_sequentially("Opspind")
    rows = page.locator("#results li")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Alma Eksempel")
    expect(rows).to_contain_text("Jens Opspind")
