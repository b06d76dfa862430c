"""A head prepares a hand-over, the successor accepts it thing by thing on a phone, both sign, the pack is printed."""

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from playwright.sync_api import Page, expect

from officers.demo.organisation import DISTRICT_HEAD, SUCCESSION_SECTOR, SUCCESSOR_LOGIN
from officers.models import Assignment, User
from sectorlog.handover.handing_over import make
from sectorlog.models import Handover
from sectors.models import Sector, Station
from tests.factories import (
    ChallengeFactory,
    ContactPersonFactory,
    FormVersionFactory,
    LogEntryFactory,
    PartyFactory,
    PromiseFactory,
    middle,
)

pytestmark = pytest.mark.usefixtures("no_map")

LANGUAGES = pytest.mark.parametrize("prefix", ["", "/da"])
GIVER = ("giver@police.example", "demo-giver-of-the-sector")


@pytest.fixture
def sector(demo: Station) -> Sector:
    """The sector whose officer leaves in a month."""
    sector = demo.sectors.get(number=SUCCESSION_SECTOR)
    post = Assignment.objects.valid().filter(sector=sector, role="responsible").order_by("period").first()
    post.officer.user = User.objects.create_user(*GIVER, name=post.officer.name)
    post.officer.save()
    for number in range(3):
        ContactPersonFactory(
            party=PartyFactory(sector=sector, interval_days=30, place=Point(*middle(number)))
        )
    entry = LogEntryFactory(
        sector=sector,
        author=post.officer.user,
        form_version=FormVersionFactory(),
        follow_up_on=timezone.localdate(),
    )
    PromiseFactory(entry=entry, what="Call back about the lamp")
    ChallengeFactory(sector=sector, title="Noise at night")
    return sector


@pytest.fixture
def enter(open_page):
    """Log in, each with a browser of their own, a phone by default: enter(email, password, prefix)."""

    def run(email: str, password: str, prefix: str, *, is_phone: bool = True) -> Page:
        width, height = (360, 740) if is_phone else (1280, 800)
        page = open_page(
            viewport={"width": width, "height": height}, has_touch=is_phone, accept_downloads=True
        )
        page.goto(f"{prefix}/account/login/?next={prefix}/log/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(password)
        page.locator("form:has([name=login]) [type=submit]").click()
        page.wait_for_url(f"**{prefix}/log/")
        return page

    return run


def fits(page: Page) -> None:
    # A click that leads elsewhere returns before the next page has its style.
    page.wait_for_load_state()
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{page.url} is {width[0]} pixels wide"


def accept_all(page: Page, items: int) -> None:
    """Explain the first thing, accept the others, each by one tap."""
    first = page.locator(".pack-item").first
    first.locator("summary").first.click()
    first.locator("[name=note]").fill("On holiday until the first")
    first.locator("[value=explain]").click()
    for done in range(1, items):
        expect(page.locator("progress")).to_have_attribute("value", str(done))
        page.locator(".pack-item:not(.is-accepted):not(.is-explained) [value=accept]:visible").first.click()
    expect(page.locator("progress")).to_have_attribute("value", str(items))


@LANGUAGES
def test_a_sector_is_handed_over(sector, enter, check_axe, prefix):
    head = enter(DISTRICT_HEAD.email, DISTRICT_HEAD.password, prefix, is_phone=False)
    head.goto(f"{prefix}/log/sectors/{sector.slug}/handovers/")
    check_axe(head)
    head.locator("a[href$='/handovers/new/']").first.click()
    expect(head.locator("[name=taker] option:checked")).to_have_text(SUCCESSOR_LOGIN.name)
    check_axe(head)
    head.locator("main form [type=submit]").click()
    check_axe(head)
    head.locator("form[action$='/handovers/new/'] [type=submit]").click()
    expect(head.locator(".notice")).to_contain_text(SUCCESSOR_LOGIN.name)
    handover = Handover.objects.get(sector=sector)
    page_of = f"{prefix}/log/handovers/{handover.uuid}/"

    taker = enter(SUCCESSOR_LOGIN.email, SUCCESSOR_LOGIN.password, prefix)
    check_axe(taker)
    taker.locator(f"a[href='{page_of}']").click()
    fits(taker)
    check_axe(taker)
    taker.goto(f"{page_of}items/")
    fits(taker)
    check_axe(taker)
    accept_all(taker, handover.items.count())
    check_axe(taker)
    taker.locator("main a[href$='/sign/']").first.click()
    fits(taker)
    check_axe(taker)
    taker.locator("main form [type=submit]").click()
    taker.wait_for_url(f"**{page_of}")

    giver = enter(*GIVER, prefix)
    giver.goto(f"{page_of}sign/")
    giver.locator("main form [type=submit]").click()
    giver.wait_for_url(f"**{page_of}")
    expect(giver.locator(".pack-unsigned")).to_have_count(0)
    check_axe(giver)
    with giver.expect_download() as download:
        giver.locator("a[href$='handover.pdf']").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    handover.refresh_from_db()
    assert handover.giver_signed_at
    assert handover.taker_signed_at


def test_without_javascript_a_thing_is_accepted(sector, open_page, demo):
    taker = User.objects.get(email=SUCCESSOR_LOGIN.email)
    handover = make(sector, taker.officer, timezone.localdate(), by=taker)
    page = open_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto(f"/account/login/?next=/log/handovers/{handover.uuid}/items/")
    page.locator("[name=login]").fill(SUCCESSOR_LOGIN.email)
    page.locator("[name=password]").fill(SUCCESSOR_LOGIN.password)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url("**/items/")
    page.locator(".pack-item [value=accept]:visible").first.click()
    expect(page.locator("progress")).to_have_attribute("value", "1")


@LANGUAGES
def test_a_briefing_is_read_on_a_phone(sector, enter, check_axe, prefix):
    head = enter(DISTRICT_HEAD.email, DISTRICT_HEAD.password, prefix)
    head.goto(f"{prefix}/log/briefings/")
    fits(head)
    check_axe(head)
    head.locator("a[href$='/briefings/new/']").click()
    check_axe(head)
    head.locator("main form [type=submit]").click()
    expect(head.locator("#numbers tbody tr")).to_have_count(sector.district.sectors.count())
    fits(head)
    check_axe(head)
    with head.expect_download() as download:
        head.locator("a[href$='briefing.pdf']").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
