"""What an officer hears about a crime goes past the log, sealed; the district head opens it in the browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from officers.demo.organisation import DISTRICT_HEAD, OFFICER, Login
from sectorlog.models import LogEntry, SourceKey, SourceReferral
from sectors.models import District
from tests.factories import PartyFactory

PASSPHRASE = "four words and no more"
TEXT = "Hidden below the floor <b>of number 12</b>, says the neighbour\nand she wants no name given."


@pytest.fixture
def enter(demo):
    """Log in, towards the start page of the log."""

    def run(page: Page, login: Login) -> Page:
        # The first page of a fresh server takes its time.
        page.goto("/account/login/?next=/log/", timeout=60_000)
        page.locator("[name=login]").fill(login.email)
        page.locator("[name=password]").fill(login.password)
        page.locator("form:has([name=login]) [type=submit]").click()
        page.wait_for_url("**/log/")
        return page

    return run


def make_key(page: Page, folder, check_axe):
    """Make a key as the head, keep its file, put it into use; return the file's path."""
    page.goto("/log/source/keys/")
    form = page.locator("[data-source-key]").first
    form.get_by_label("Passphrase", exact=True).fill("short")
    form.get_by_role("button", name="Make the key").click()
    expect(form.get_by_role("status")).to_contain_text("at least 16 characters")
    form.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    form.get_by_label("The passphrase again").fill(PASSPHRASE + "!")
    form.get_by_role("button", name="Make the key").click()
    expect(form.get_by_role("status")).to_contain_text("not the same")
    form.get_by_label("The passphrase again").fill(PASSPHRASE)
    check_axe(page)
    with page.expect_download(timeout=60_000) as download:
        form.get_by_role("button", name="Make the key").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    check_axe(page)
    form.get_by_role("button", name="put the key into use").click()
    expect(page.locator(".notice-success")).to_contain_text("The key is in use.")
    return path


def test_from_the_officers_thumb_to_the_heads_receipt(
    browser: Browser, page, phone_page, enter, check_axe, tmp_path
):
    head, officer = enter(page, DISTRICT_HEAD), enter(phone_page, OFFICER)
    key_file = make_key(head, tmp_path, check_axe)
    key = SourceKey.objects.get()
    assert PASSPHRASE not in key_file.read_text()
    assert '"d"' not in key_file.read_text()

    entries = LogEntry.objects.count()
    officer.goto("/log/entries/new/")
    officer.locator("textarea[name=text]").fill(TEXT)
    officer.get_by_role("button", name="This belongs to source handling").first.click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("For source handling")
    typed = officer.locator("[data-source-typed]")
    expect(typed).to_have_value(TEXT)
    if (sector := officer.locator("select[name=sector]")).count() and not sector.input_value():
        sector.select_option(index=1)
    check_axe(officer)
    officer.get_by_role("button", name="Send it to the district head").click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Sent to the district head")
    check_axe(officer)
    assert LogEntry.objects.count() == entries
    referral = SourceReferral.objects.get()
    assert referral.key == key
    assert "neighbour" not in referral.sealed
    kept = officer.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert "neighbour" not in kept

    head.goto("/log/")
    expect(head.locator("main")).to_contain_text("1 referral waits")
    check_axe(head)
    head.goto("/log/source/referrals/")
    check_axe(head)
    head.get_by_role("link", name="Received").click()
    check_axe(head)
    head.get_by_label("Why do you read it?").fill("To hand it over")
    head.get_by_role("button", name="Go on").click()
    reading = head.locator("[data-source-reading]")
    reading.get_by_role("button", name="Open").click()
    expect(reading.get_by_role("alert")).to_contain_text("Choose your key file first.")
    reading.get_by_label("Key file").set_input_files(key_file)
    reading.get_by_label("Passphrase").fill("something else altogether")
    reading.get_by_role("button", name="Open").click()
    expect(reading.get_by_role("alert")).to_contain_text("does not open this key file")
    check_axe(head)
    reading.get_by_label("Passphrase").fill(PASSPHRASE)
    with_requests: list[str] = []
    head.on("request", lambda request: with_requests.append(request.url))
    reading.get_by_role("button", name="Open").click()
    expect(head.locator("[data-source-text]")).to_have_text(TEXT)
    expect(head.locator("[data-source-who]")).to_contain_text(OFFICER.email)
    assert with_requests == []
    check_axe(head)

    head.get_by_label("Handed over to").fill("Poul, Gang Division")
    head.get_by_role("button", name="It is handed over").click()
    expect(head.locator("main")).to_contain_text("Poul, Gang Division")
    expect(head.locator("main")).to_contain_text(str(referral.uuid))
    check_axe(head)
    referral.refresh_from_db()
    assert referral.sealed == ""


def test_without_scripts_and_without_a_key_the_text_stays_in_the_form(open_page, enter, complaints):
    complaints.expect("422")
    page = enter(open_page(java_script_enabled=False, viewport={"width": 360, "height": 740}), OFFICER)
    page.goto("/log/source/")
    expect(page.locator("main")).to_contain_text("cannot receive anything yet")
    page.locator("[data-source-typed]").fill(TEXT)
    page.locator("select[name=sector]").select_option(index=1)
    page.get_by_role("button", name="Send it to the district head").click()
    expect(page.locator("[role=alert]")).to_contain_text("Not sent yet.")
    expect(page.locator("[data-source-typed]")).to_have_value(TEXT)
    assert not SourceReferral.objects.exists()


def test_heads_pages_of_retention_and_words_are_without_barriers(page, enter, check_axe, complaints):
    complaints.expect("422")
    head = enter(page, DISTRICT_HEAD)
    district = District.objects.get(leaderships__user__email=DISTRICT_HEAD.email)
    PartyFactory(sector=district.sectors.first(), review_on="2020-01-01")
    for address in ("retention/", "retention/erasures/", "source/words/", "source/keys/"):
        head.goto(f"/log/{address}")
        check_axe(head)
    head.goto("/log/retention/")
    head.get_by_role("link", name="Look at it").first.click()
    check_axe(head)
    head.get_by_role("button", name="Put on hold").click()
    expect(head.locator("main")).to_contain_text("Say why.")
    check_axe(head)
