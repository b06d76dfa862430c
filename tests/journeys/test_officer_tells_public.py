"""An officer adds hours and writes a notice with a telephone; a head publishes it; both stand on the public page."""

import pytest
from playwright.sync_api import Page, expect

from contacts.models import ContactHours, Notice
from sectors.snapshot import Snapshot
from tests.factories import AssignmentFactory, LeadershipFactory, OfficerFactory, UserFactory, division_of

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


@pytest.fixture
def sector(site):
    officer = OfficerFactory(user=UserFactory(email="nanna@police.example"))
    sector = AssignmentFactory(officer=officer, sector__district__station=officer.station).sector
    division_of(sector)
    LeadershipFactory(station=officer.station, user=UserFactory(email="head@police.example"))
    Snapshot.forget_all()
    return sector


def log_in(page: Page, email: str, prefix: str, towards: str) -> None:
    page.goto(f"{prefix}/account/login/?next={prefix}{towards}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url(f"**{towards}")


def send(page: Page) -> None:
    page.locator("main form .button-main").first.tap()
    expect(page.locator(".notice-success")).to_be_visible()


def write_notice(page: Page) -> None:
    for name, words in {
        "title_en": "Bicycles",
        "title_da": "Cykler",
        "text_en": "We mark them on Saturday.",
        "text_da": "Vi mærker dem lørdag.",
    }.items():
        page.locator(f"[name={name}]").fill(words)


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_hours_and_a_notice_reach_the_public_page(phone_page, open_page, sector, check_axe, prefix):
    page, overview = phone_page, f"/station/sectors/{sector.slug}/public/"
    log_in(page, "nanna@police.example", prefix, overview)
    check_axe(page)
    page.locator("a[href$='/hours/new/']").tap()
    page.locator("[name=week]").select_option("once")
    expect(page.locator("[name=weekday]")).to_be_hidden()
    page.locator("[name=week]").select_option("1")
    page.locator("[name=weekday]").select_option("2")
    page.locator("[name=begins]").fill("16:00")
    page.locator("[name=ends]").fill("18:00")
    page.locator("[name=place]").fill("The library")
    check_axe(page)
    page.locator("[name=act]").tap()
    expect(page.locator(".notice-good li")).to_have_count(6)
    send(page)
    check_axe(page)
    page.locator(".telling-dates button").first.tap()
    expect(page.locator(".telling-dates s")).to_have_count(1)

    page.goto(f"{prefix}{overview}notices/new/")
    check_axe(page)
    write_notice(page)
    send(page)
    check_axe(page)
    page.locator("form[action$='/hand-in/'] .button-main").tap()
    expect(page.locator(".telling-state.is-waiting")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    head = open_page(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    log_in(head, "head@police.example", prefix, "/station/publishing/")
    head.locator(".telling-rows a").first.click()
    head.locator("[name=decision][value=publish]").click()
    expect(head.locator(".telling-state.is-published")).to_be_visible()

    page.goto(f"{prefix}/sectors/{sector.slug}/")
    expect(page.locator("main")).to_contain_text("Cykler" if prefix else "Bicycles")
    expect(page.locator("main")).to_contain_text("The library")
    assert (Notice.objects.get().state, len(ContactHours.objects.get().cancelled_on)) == ("published", 1)


def test_the_pages_of_heads_are_fit_for_everybody(page, sector, check_axe):
    log_in(page, "head@police.example", "", "/station/publishing/")
    check_axe(page)
    page.goto(f"/station/sectors/{sector.slug}/public/events/new/")
    check_axe(page)
    page.goto("/station/partners/new/")
    check_axe(page)
    page.locator("[name=kind]").select_option("press")
    page.locator("[name=organisation]").fill("The Daily")
    page.locator("[name=phone]").fill("+45 00 00 40 00")
    page.locator("main form .button-main").click()
    expect(page.locator(".partner-rows > li")).to_have_count(1)
    check_axe(page)
