"""An officer contributes on a small phone, is asked about a name, hands in, follows it and withdraws."""

import pytest
from playwright.sync_api import Page, expect

from handbook.models import Contribution
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    LogEntryFactory,
    OfficerFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"
WORDS = "We ask Jens Hansen to open the yard on Fridays."


@pytest.fixture
def sector(site):
    officer = OfficerFactory(user=UserFactory(email="nanna@police.example"), name="Nanna Lund")
    sector = AssignmentFactory(officer=officer, sector__station=officer.station).sector
    ChapterFactory(station=officer.station, slug="the-task")
    return sector


@pytest.fixture(params=["", "/da"])
def prefix(request):
    return request.param


def log_in(page: Page, email: str, towards: str, prefix: str = "") -> None:
    page.goto(f"{prefix}/account/login/?next={prefix}{towards}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url(f"**{towards}")


def address(sector, anchor: str = "the-task-first") -> str:
    return f"/handbook/{sector.station.slug}/contribute/{anchor}/"


def is_narrow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_contribution_from_chapter_to_withdrawal(phone_page, complaints, sector, check_axe, prefix):
    page, book = phone_page, f"/handbook/{sector.station.slug}"
    complaints.expect("422")
    log_in(page, "nanna@police.example", f"{book}/chapters/the-task/", prefix)
    page.locator(f"a[href$='{address(sector)}']").tap()
    expect(page.locator(".contribution-to")).to_contain_text("First.")
    expect(page.locator("[name=sector]")).to_have_value(sector.slug)
    expect(page.locator("[name=language]")).to_have_value("da" if prefix else "en")
    check_axe(page)
    assert is_narrow(page)

    page.locator("[name=text]").fill(WORDS)
    page.locator("main form .button-main").tap()
    expect(page.locator("[role=alert]")).to_contain_text("“Jens Hansen”")
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    check_axe(page)
    page.locator("[name=text]").fill(WORDS.replace("Jens Hansen", "the caretaker"))
    page.locator("main form .button-main").tap()
    expect(page.locator(".contribution-state.is-submitted")).to_be_visible()
    check_axe(page)
    assert is_narrow(page)
    assert Contribution.objects.get().text == WORDS.replace("Jens Hansen", "the caretaker")

    page.goto(f"{prefix}{book}/contributions/mine/")
    check_axe(page)
    page.locator(".contribution-row a").tap()
    page.locator(".contribution-withdraw button").tap()
    expect(page.locator(".contribution-state.is-withdrawn")).to_be_visible()
    check_axe(page)


def test_what_is_typed_survives_reload_and_closed_tab_until_it_is_handed_in(phone_page, sector):
    page = phone_page
    log_in(page, "nanna@police.example", address(sector))
    page.locator("[name=text]").press_sequentially("We knock twice.")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("We knock twice.")
    expect(page.locator("[data-unsent-back]")).to_be_visible()
    other = page.context.new_page()
    page.close()
    other.goto(address(sector))
    expect(other.locator("[name=text]")).to_have_value("We knock twice.")
    other.goto(address(sector, "the-task-second"))
    expect(other.locator("[name=text]")).to_have_value("")
    other.goto(address(sector))
    other.locator("main form .button-main").tap()
    expect(other.locator(".contribution-state")).to_be_visible()
    other.goto(address(sector))
    expect(other.locator("[name=text]")).to_have_value("")
    expect(other.locator("[data-unsent-back]")).to_be_hidden()
    assert Contribution.objects.count() == 1


def test_what_is_typed_survives_a_login_that_ran_out(phone_page, sector):
    page = phone_page
    log_in(page, "nanna@police.example", address(sector))
    page.locator("[name=text]").fill("We knock twice.")
    page.context.clear_cookies(name="sessionid")
    page.locator("main form .button-main").tap()
    page.wait_for_url("**/account/login/**")
    log_in(page, "nanna@police.example", address(sector))
    expect(page.locator("[name=text]")).to_have_value("We knock twice.")


def test_what_is_thrown_away_does_not_come_back(phone_page, sector):
    page = phone_page
    log_in(page, "nanna@police.example", address(sector))
    page.locator("[name=text]").fill("We knock twice.")
    page.reload()
    page.locator("[data-unsent-discard]").tap()
    expect(page.locator("[name=text]")).to_have_value("")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("")


def test_without_javascript_a_colleague_does_the_same_with_one_tap(open_page, sector):
    chapter = sector.station.chapters.get()
    ContributionFactory(chapter=chapter, inserted=True)
    page = open_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    log_in(page, "nanna@police.example", f"/handbook/{sector.station.slug}/chapters/the-task/")
    page.locator(".practice-agree button").click()
    expect(page.locator(".practice-agree")).to_contain_text("1 colleague does this too.")
    page.locator(".practice-agree button").click()
    expect(page.locator(".practice-agree")).not_to_contain_text("colleague")


def test_an_entry_is_suggested_without_the_people_in_it(phone_page, sector, check_axe, prefix):
    page = phone_page
    entry = LogEntryFactory(sector=sector, text="Jens Hansen opened. We ask for the caretaker first.")
    log_in(page, "nanna@police.example", f"/log/entries/{entry.uuid}/", prefix)
    page.locator("a[href$='/suggest/']").tap()
    expect(page.locator("main")).not_to_contain_text("Jens Hansen")
    check_axe(page)
    page.locator("[name=place]").select_option("the-task-second")
    page.locator("main form .button-main").tap()
    expect(page.locator("[name=text]")).to_have_value("We ask for the caretaker first.")
    check_axe(page)
    assert is_narrow(page)
    page.locator("main form .button-main").tap()
    expect(page.locator(".contribution-state.is-submitted")).to_be_visible()
    assert Contribution.objects.get().passage.anchor == "the-task-second"
