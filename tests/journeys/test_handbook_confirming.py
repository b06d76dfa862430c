"""An editor asks, an officer confirms on a telephone, the head sees who has: with mouse and thumb."""

import re

import pytest
from playwright.sync_api import Page, expect

from handbook.models import Confirmation, ReadingRequest
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    head_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
THUMB = 44
# Paths below /da/, where the reader reads Danish; what stands there is told in English only.
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/da"])


@pytest.fixture
def station(site):
    sector = SectorFactory(name="Bellahøj", number=4)
    for email, name in (("nanna@police.example", "Nanna Nielsen"), ("bo@police.example", "Bo Berg")):
        officer = OfficerFactory(station=sector.station, user=UserFactory(email=email), name=name)
        AssignmentFactory(sector=sector, officer=officer, role="attached")
    StaffRoleFactory(editor=True, station=sector.station, user=UserFactory(email="editor@police.example"))
    ChapterFactory(station=sector.station, slug="task")
    return sector.station


def log_in(page: Page, email: str, path: str) -> None:
    page.goto(f"/account/login/?next={path}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").first.click()
    page.wait_for_url(lambda url: url.split("#")[0].endswith(path))


def ask(page: Page, prefix: str, station) -> ReadingRequest:
    """Let the editor ask for the chapter's second point."""
    log_in(page, "editor@police.example", f"{prefix}/handbook/{station.slug}/chapters/task/")
    form = page.locator("form[action$='/at/task-second/ask/']")
    page.locator("details", has=form).locator("summary").click()
    form.get_by_role("button").click()
    page.wait_for_url(re.compile("#task-second$"))
    return ReadingRequest.objects.get()


def assert_fits(page: Page) -> None:
    """Nothing is wider than the telephone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@LANGUAGES
def test_the_editor_asks_the_officer_confirms_the_head_sees_who_has(
    open_page, page, station, prefix, check_axe
):
    asked = ask(page, prefix, station)
    check_axe(page)
    phone = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    log_in(phone, "nanna@police.example", f"{prefix}/log/")
    line = phone.locator("[aria-labelledby=today-handbook] a")
    expect(line).to_contain_text("2. Second.")
    check_axe(phone)
    line.tap()
    phone.wait_for_url(re.compile(f"{prefix}/handbook/{station.slug}/chapters/task/#task-second$"))
    button = phone.locator("form.confirm button")
    assert button.bounding_box()["height"] >= THUMB
    assert_fits(phone)
    check_axe(phone)
    button.tap()
    expect(phone.locator(".confirm-done")).to_be_visible()
    expect(button).to_have_count(0)
    assert_fits(phone)
    assert Confirmation.objects.get().user.email == "nanna@police.example"

    head = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    log_in(head, head_of(station).email, f"{prefix}/handbook/{station.slug}/confirming/")
    check_axe(head)
    assert_fits(head)
    head.locator(".confirm-point").tap()
    expect(head).to_have_url(re.compile(str(asked.uuid)))
    expect(head.locator("[aria-labelledby=missing] tbody th")).to_have_text(["Bo Berg"])
    expect(head.locator("[aria-labelledby=confirmed] tbody th")).to_contain_text(["Nanna Nielsen"])
    check_axe(head)
    assert_fits(head)


def test_what_was_ended_while_the_officer_read_is_not_confirmed(
    open_page, page, station, complaints, check_axe
):
    asked = ask(page, "", station)
    phone = open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    log_in(phone, "bo@police.example", f"/handbook/{station.slug}/chapters/task/")
    page.goto(f"/handbook/requests/{asked.uuid}/")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("Nobody is asked any more")).to_be_visible()
    complaints.expect("409")
    phone.get_by_role("button", name="I have read this").tap()
    expect(phone.get_by_role("alert")).to_contain_text("Read it again")
    check_axe(phone)
    assert not Confirmation.objects.exists()
