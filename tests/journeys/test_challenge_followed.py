"""An officer follows a challenge with a telephone: opened, noted of, closed, opened again."""

import re

import pytest
from playwright.sync_api import Page, expect

from sectorlog.models import Challenge
from tests.factories import AssignmentFactory, ChallengeFactory, OfficerFactory, PartyFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


@pytest.fixture
def sector(site):
    officer = OfficerFactory(user=UserFactory(email="nanna@police.example"))
    post = AssignmentFactory(officer=officer, sector__district__station=officer.station)
    PartyFactory(sector=post.sector, name="The school")
    ChallengeFactory(sector=post.sector, title="Cellar burglaries", severity=3)
    return post.sector


def log_in(page: Page, prefix: str, towards: str) -> None:
    page.goto(f"{prefix}/account/login/?next={prefix}{towards}")
    page.locator("[name=login]").fill("nanna@police.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url(f"**{towards}")


def send(page: Page) -> None:
    page.locator("main form .button-main:not([data-source-referral])").tap()
    expect(page.locator(".notice-success")).to_be_visible()


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_a_challenge_is_followed_from_its_opening_to_its_end_and_back(phone_page, sector, check_axe, prefix):
    page = phone_page
    log_in(page, prefix, f"/log/sectors/{sector.slug}/challenges/")
    check_axe(page)
    page.locator("a[href$='/challenges/new/']").tap()
    page.locator("[name=title]").fill("Fast driving past the school")
    page.locator("main summary").nth(1).tap()
    page.get_by_label("The school").check()
    check_axe(page)
    send(page)

    page.locator("[name=text]").fill("The municipality has the request for bumps.")
    send(page)
    expect(page.locator(".story-note")).to_contain_text("bumps")
    check_axe(page)
    page.locator("a[href$='/close/']").tap()
    page.locator("[name=result]").fill("The bumps are built.")
    check_axe(page)
    send(page)
    expect(page.locator(".time-line > li").first).to_have_class(re.compile("story-closed"))
    check_axe(page)
    page.locator("a[href$='/reopen/']").tap()
    page.locator("[name=text]").fill("They are driven over fast.")
    check_axe(page)
    send(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    challenge = Challenge.objects.get(title="Fast driving past the school")
    assert (challenge.closed_at, challenge.notes.count(), challenge.parties.count()) == (None, 2, 1)
