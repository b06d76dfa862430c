"""A station head appoints a responsible officer with the mouse, and citizens see it."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from officers.demo.organisation import ADMINISTRATOR, STATION_HEAD, VACANT_SECTOR
from officers.models import Absence, Assignment, Officer
from sectors.models import Sector, Station

LANGUAGES = pytest.mark.parametrize("prefix", ["", "/da"])


@pytest.fixture
def sector(demo: Station) -> Sector:
    """The one sector that nobody is responsible for."""
    return demo.sectors.get(number=VACANT_SECTOR)


@pytest.fixture
def officer(sector) -> Officer:
    """Somebody to appoint: an officer who works elsewhere in the station."""
    return sector.station.officers.get(name="Ulrik Udkast")


@pytest.fixture
def as_head(demo, log_in):
    def run(page: Page, prefix: str) -> None:
        log_in(page, STATION_HEAD.email, STATION_HEAD.password, prefix=prefix)

    return run


def save(page: Page) -> None:
    page.locator("[name=_save]").click()


def typed(instant: datetime.datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


@LANGUAGES
def test_appointing_to_a_vacant_sector_changes_the_public_page(
    page, as_head, sector, officer, check_axe, prefix
):
    page.goto(f"{prefix}{sector_page(sector)}")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(officer.name)

    as_head(page, prefix)
    check_axe(page)
    page.locator(f"a[href*='sector={sector.pk}&role=responsible']").click()
    expect(page.locator("[name=sector] option:checked")).to_have_text(str(sector))
    check_axe(page)
    page.locator("[name=officer]").select_option(label=officer.name)
    save(page)
    expect(page.locator(".messagelist .success")).to_contain_text(officer.name)
    check_axe(page)

    page.goto(f"{prefix}{sector_page(sector)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(officer.name)
    expect(page.locator(f"a[href^='mailto:{officer.email}']").first).to_be_visible()


@LANGUAGES
def test_an_appointment_in_the_way_is_named_and_nothing_typed_is_lost(page, as_head, sector, officer, prefix):
    taken = sector.station.sectors.get(number=1)
    begins = typed(timezone.now() + datetime.timedelta(days=3))
    as_head(page, prefix)
    page.goto(f"{prefix}/admin/officers/assignment/add/")
    page.locator("[name=sector]").select_option(label=str(taken))
    page.locator("[name=officer]").select_option(label=officer.name)
    page.locator("[name=begins]").fill(begins)
    save(page)
    error = page.locator(".errorlist.nonfield")
    expect(error).to_contain_text("Alma Eksempel")
    expect(page.locator("[name=sector] option:checked")).to_have_text(str(taken))
    expect(page.locator("[name=officer] option:checked")).to_have_text(officer.name)
    expect(page.locator("[name=begins]")).to_have_value(begins)

    # Said so, the head lets the new officer take over instead.
    page.locator("[name=takes_over]").check()
    save(page)
    expect(page.locator(".messagelist .success")).to_contain_text(officer.name)
    before, after = taken.assignments.filter(role=Assignment.Role.RESPONSIBLE).order_by("period")
    assert before.period.upper == after.period.lower


def test_an_officer_who_is_not_in_the_list_yet_is_added_in_passing(page, as_head, sector):
    as_head(page, "")
    page.locator(f"a[href*='sector={sector.pk}&role=responsible']").click()
    with page.expect_popup() as opened:
        page.locator("#add_id_officer").click()
    popup = opened.value
    popup.locator("[name=name]").fill("Ørnulf Nyansat")
    popup.locator("[name=phone]").fill("+45 00 30 00 99")
    popup.locator("[name=email]").fill("oernulf@police.example")
    with popup.expect_event("close"):
        popup.locator("[name=_save]").click()
    expect(page.locator("[name=officer] option:checked")).to_have_text("Ørnulf Nyansat")
    save(page)
    expect(page.locator(".messagelist .success")).to_contain_text("Ørnulf Nyansat")


@LANGUAGES
def test_ending_an_appointment_is_asked_about_and_leaves_the_sector_vacant(page, as_head, demo, prefix):
    assignment = Assignment.objects.get(sector__number=2, role=Assignment.Role.RESPONSIBLE)
    as_head(page, prefix)
    page.goto(f"{prefix}/admin/sectors/sector/")
    page.get_by_role("link", name=assignment.officer.name, exact=True).click()
    page.locator(".object-tools a[href$='/end/']").click()
    expect(page.locator("#content")).to_contain_text(assignment.officer.name)
    page.locator("#content form [type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("[name=_save]")).to_have_count(0)
    page.goto(f"{prefix}{sector_page(assignment.sector)}")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(assignment.officer.name)


def test_on_a_phone_a_planned_appointment_is_withdrawn(phone_page, as_head, sector, officer):
    page = phone_page
    as_head(page, "")
    page.goto(f"/admin/officers/assignment/add/?sector={sector.pk}")
    page.locator("[name=officer]").select_option(label=officer.name)
    page.locator("[name=begins]").fill(typed(timezone.now() + datetime.timedelta(days=3)))
    page.locator("[name=_continue]").tap()
    page.locator(".object-tools a[href$='/withdraw/']").tap()
    page.locator("#content form [type=submit]").tap()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert sector.assignments.get(officer=officer).withdrawn_at is not None


def test_without_javascript_the_form_works_the_same(open_page, as_head, sector, officer):
    page = open_page(java_script_enabled=False)
    as_head(page, "")
    page.locator(f"a[href*='sector={sector.pk}&role=responsible']").click()
    page.locator("[name=officer]").select_option(label=officer.name)
    save(page)
    expect(page.locator(".messagelist .success")).to_contain_text(officer.name)


HEADS_PAGES = (
    "",
    "sectors/station/",
    "sectors/station/{station}/change/",
    "sectors/district/",
    "sectors/district/add/",
    "sectors/district/{district}/change/",
    "sectors/sector/",
    "sectors/sector/add/",
    "sectors/sector/{sector}/change/",
    "officers/officer/",
    "officers/officer/add/",
    "officers/officer/{officer}/change/",
    "officers/assignment/",
    "officers/assignment/add/",
    "officers/assignment/{assignment}/change/",
    "officers/assignment/{assignment}/end/",
    "officers/assignment/{assignment}/history/",
    "sectors/sector/{sector}/replace/",
    "officers/absence/",
    "officers/absence/add/",
    "officers/absence/{absence}/change/",
    "officers/absence/{absence}/until/",
    "officers/cover/",
    "officers/cover/add/",
    "officers/cover/add/?absence={absence}",
    "officers/liaison/add/",
    "officers/officer/import/",
)
ADMINISTRATORS_PAGES = (
    "officers/user/",
    "officers/user/add/",
    "officers/user/{user}/change/",
    "officers/leadership/",
    "officers/leadership/add/",
    "officers/leadership/{leadership}/change/",
    "officers/staffrole/",
    "officers/staffrole/add/",
    "officers/unit/",
    "sectors/station/add/",
)


@LANGUAGES
def test_every_page_of_a_head_is_without_errors_and_fits_a_phone(
    phone_page, as_head, sector, officer, check_axe, prefix
):
    ids = {
        "station": sector.station_id,
        "district": sector.district_id,
        "sector": sector.pk,
        "officer": officer.pk,
        "assignment": officer.assignments.first().pk,
        "absence": Absence.objects.active_at(timezone.now()).first().pk,
    }
    phone_page.goto(f"{prefix}/admin/login/")
    check_axe(phone_page)
    as_head(phone_page, prefix)
    for path in HEADS_PAGES:
        look_at(phone_page, f"{prefix}/admin/{path.format(**ids)}", check_axe)


def test_every_page_of_an_administrator_is_without_errors_and_fits_a_phone(
    phone_page, log_in, sector, check_axe
):
    leadership = sector.station.leaderships.first()
    ids = {"user": leadership.user_id, "leadership": leadership.pk}
    log_in(phone_page, ADMINISTRATOR.email, ADMINISTRATOR.password)
    for path in ADMINISTRATORS_PAGES:
        look_at(phone_page, f"/admin/{path.format(**ids)}", check_axe)


def look_at(page: Page, path: str, check_axe) -> None:
    """Axe takes seconds a page and finds the same in both languages: the journey above asks it in Danish too."""
    page.goto(path)
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, f"{path} is {width} pixels wide"
    if not path.startswith("/da/"):
        check_axe(page)


def sector_page(sector: Sector) -> str:
    return f"/sectors/{sector.slug}/"
