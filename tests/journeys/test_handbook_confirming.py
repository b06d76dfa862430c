"""Who confirms a passage that an editor ended meanwhile. That all goes well: see test_handbook_whole_way."""

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
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"


@pytest.fixture
def station(site):
    sector = SectorFactory(name="Bellahøj", number=4)
    officer = OfficerFactory(station=sector.station, user=UserFactory(email="bo@police.example"))
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


def ask(page: Page, station) -> ReadingRequest:
    """Let the editor ask for the chapter's second point."""
    log_in(page, "editor@police.example", f"/handbook/{station.slug}/chapters/task/")
    form = page.locator("form[action$='/at/task-second/ask/']")
    page.locator("details", has=form).locator("summary").click()
    form.get_by_role("button").click()
    page.wait_for_url(re.compile("#task-second$"))
    return ReadingRequest.objects.get()


def test_what_was_ended_while_the_officer_read_is_not_confirmed(
    open_page, page, station, complaints, check_axe
):
    asked = ask(page, station)
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
