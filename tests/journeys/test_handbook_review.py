"""An editor words contributions: looked at before, worded anew, taken out, refused, overtaken by another editor.

That all goes well: see test_handbook_whole_way.
"""

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from handbook.contributions import asking
from handbook.models import Contribution
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    OfficerFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"
EDITOR, OFFICER = "editor@police.example", "nanna@police.example"


@pytest.fixture
def contribution(site):
    officer = OfficerFactory(user=UserFactory(email=OFFICER, name="Nanna Lund"), name="Nanna Lund")
    sector = AssignmentFactory(officer=officer, sector__station=officer.station).sector
    StaffRoleFactory(editor=True, station=officer.station, user=UserFactory(email=EDITOR, name="Ellen Berg"))
    chapter = ChapterFactory(station=officer.station, slug="the-task")
    return ContributionFactory(
        passage=chapter.passages.get(anchor="the-task-second"),
        author=officer.user,
        author_name="Nanna Lund",
        sector=sector,
        text="Caretakers know who is new. We ask them on Mondays.",
    )


@pytest.fixture(params=["", "/da"])
def prefix(request):
    return request.param


def log_in(page: Page, email: str, towards: str, prefix: str = "") -> None:
    page.goto(f"{prefix}/account/login/?next={prefix}{towards}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url(f"**{towards}")


def is_narrow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def mails_to(email: str) -> list[str]:
    """Return the bodies of the mails that have left to the address, and that they hold no word of it."""
    bodies = [message.body for message in mail.outbox if message.to == [email]]
    assert not any("caretaker" in body.lower() or "Nanna" in body for body in bodies)
    return bodies


def test_from_the_list_one_looks_at_a_wording_before_it_stands(page, contribution, check_axe):
    log_in(page, EDITOR, f"/handbook/{contribution.passage.station.slug}/contributions/")
    check_axe(page)
    page.locator(".review-row-link").click()
    page.locator("a[href$='/insert/']").click()
    expect(page.locator("[name=text_en]")).to_have_value(contribution.text)
    page.locator("[name=text_en]").fill("Ask the **caretakers** on Mondays who is new.")
    page.locator("[name=text_da]").fill("Spørg **viceværterne** om mandagen, hvem der er ny.")
    page.locator("[name=act][value=look]").click()
    expect(page.locator(".review-look strong")).to_have_text(["caretakers", "viceværterne"])
    check_axe(page)
    assert mails_to(OFFICER) == []
    page.locator(".review-write .button-main").click()
    expect(page.locator(".practice strong")).to_have_text("caretakers")
    assert len(mails_to(OFFICER)) == 1


def test_worded_anew_and_taken_out_without_scripts_on_a_phone(open_page, contribution, complaints):
    complaints.expect("422")
    page = open_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    address = f"/handbook/contributions/{contribution.uuid}/"
    log_in(page, EDITOR, address)
    page.locator("a[href$='/insert/']").click()
    page.locator(".review-write .button-main").click()
    page.locator("a[href$='/reword/']").click()
    page.locator("[name=text_en]").fill("## A heading")
    page.locator(".review-write .button-main").click()
    expect(page.locator(".has-error")).to_be_visible()
    page.locator("[name=text_en]").fill("In shorter words.")
    page.locator(".review-write .button-main").click()
    expect(page.locator(".practice")).to_contain_text("In shorter words.")
    page.locator(".review summary").click()
    page.locator("form[action$='/take-out/'] [name=text]").fill("It is over.")
    page.locator("form[action$='/take-out/'] button").click()
    expect(page.locator(".practice")).to_have_count(0)
    assert Contribution.objects.get().state == "taken_out"
    assert len(mails_to(OFFICER)) == 3


def test_the_editors_pages_fit_a_narrow_phone_and_everybody(
    open_page, contribution, check_axe, complaints, prefix
):
    page = open_page(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
    complaints.expect("409")
    complaints.expect("422")
    address = f"/handbook/contributions/{contribution.uuid}/"
    log_in(page, EDITOR, f"{address}insert/", prefix)
    check_axe(page)
    assert is_narrow(page)
    page.locator("[name=text_en]").fill("[nowhere](#no-such-point)")
    page.locator(".review-write .button-main").tap()
    expect(page.locator(".has-error")).to_be_visible()
    check_axe(page)
    # Another editor asks meanwhile: what was typed stays.
    second = StaffRoleFactory(editor=True, station=contribution.passage.station, user__name="Ida Lund").user
    asking.ask(contribution, "Where was it?", by=second)
    page.locator("[name=text_en]").fill("Caretakers know.")
    page.locator(".review-write .button-main").tap()
    expect(page.locator("[role=alert]")).to_contain_text("Ida Lund")
    expect(page.locator("[name=text_en]")).to_have_value("Caretakers know.")
    check_axe(page)
    assert is_narrow(page)
    page.goto(f"{prefix}/handbook/{contribution.passage.station.slug}/contributions/")
    check_axe(page)
    assert is_narrow(page)
    page.goto(f"{prefix}/handbook/{contribution.passage.station.slug}/contributions/?show=decided")
    check_axe(page)
