"""A station head plans with the mouse: a holiday with cover, a change of officers, an import of officers."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from officers.demo.organisation import STATION_HEAD
from officers.models import Absence, Assignment, Officer
from officers.responsibility import answerable
from sectors.models import Sector, Station


@pytest.fixture
def sector(demo: Station) -> Sector:
    """A sector whose officer is at work, and stays."""
    return demo.sectors.get(number=3)


@pytest.fixture
def responsible(sector) -> Officer:
    present = sector.assignments.active_at(timezone.now())
    return present.get(role=Assignment.Role.RESPONSIBLE).officer


@pytest.fixture
def as_head(demo, log_in):
    def run(page: Page) -> Page:
        log_in(page, STATION_HEAD.email, STATION_HEAD.password)
        return page

    return run


def typed(instant: datetime.datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def enter_holiday(page: Page, responsible: Officer) -> str:
    """Enter an absence from now on, covered by whoever is suggested; return the name of who that is."""
    page.goto("/admin/officers/absence/add/")
    page.locator("[name=officer]").select_option(label=responsible.name)
    page.locator("[name=ends]").fill(typed(timezone.now() + datetime.timedelta(days=9)))
    page.get_by_role("button", name="Choose who covers").click()
    covering = page.locator("select[name$=-officer] option:checked").inner_text().partition(",")[0]
    page.get_by_role("button", name="See what stays open").click()
    expect(page.locator("#content")).to_contain_text(f"{covering} covers")
    expect(page.locator("#content")).to_contain_text("Nothing stays open.")
    return covering


def test_a_holiday_with_cover_is_seen_by_citizens_until_the_officer_is_back(
    phone_page, as_head, sector, responsible, check_axe
):
    page = as_head(phone_page)
    covering = enter_holiday(page, responsible)
    check_axe(page)
    page.get_by_role("button", name="Yes, enter it").click()
    expect(page.locator(".messagelist .success")).to_contain_text(responsible.name)
    assert answerable(sector.pk).officer.name == covering
    page.goto(f"/sectors/{sector.slug}/")
    expect(page.locator("main")).to_contain_text(covering)

    absence = Absence.objects.active_at(timezone.now()).get(officer=responsible)
    page.goto(f"/admin/officers/absence/{absence.pk}/change/")
    page.get_by_role("link", name="End now").click()
    page.get_by_role("button", name="Yes, I’m sure").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert answerable(sector.pk).officer.name == responsible.name


def test_without_javascript_a_holiday_is_entered_the_same(open_page, as_head, responsible):
    page = as_head(open_page(java_script_enabled=False))
    enter_holiday(page, responsible)
    page.get_by_role("button", name="Yes, enter it").click()
    expect(page.locator(".messagelist .success")).to_contain_text(responsible.name)


def test_replacing_the_officer_is_said_in_sentences_before_it_is_done(
    page, as_head, sector, responsible, check_axe
):
    as_head(page)
    page.goto(f"/admin/sectors/sector/{sector.pk}/change/")
    page.get_by_role("link", name="Replace the officer").click()
    page.locator("[name=successor]").select_option(label="Thyra Tænkeboks")
    at = (timezone.now() + datetime.timedelta(days=20)).replace(second=0, microsecond=0)
    page.locator("[name=at]").fill(typed(at))
    page.locator("[name=keep_as_attached]").check()
    page.get_by_role("button", name="See what will happen").click()
    expect(page.locator(".sentences")).to_contain_text(
        f"Thyra Tænkeboks takes over {sector} from {responsible.name}."
    )
    check_axe(page)
    page.get_by_role("button", name="Change something").click()
    expect(page.locator("[name=at]")).to_have_value(typed(at))
    page.get_by_role("button", name="See what will happen").click()
    page.get_by_role("button", name="Yes, do it").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Thyra Tænkeboks")
    check_axe(page)
    assert answerable(sector.pk, at).officer.name == "Thyra Tænkeboks"


def test_officers_are_imported_from_a_spreadsheets_file(phone_page, as_head, demo, check_axe, tmp_path):
    page = as_head(phone_page)
    page.goto("/admin/officers/officer/")
    page.get_by_role("link", name="Import from a file").click()
    file = tmp_path / "betjente.csv"
    file.write_text("Navn;Tlf.;E-mail\nØrnulf Nyansat;+45 00 30 01 23;oernulf@police.example\n", "cp1252")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="See what the file would do").click()
    expect(page.locator("#content")).to_contain_text("Read as Windows-1252, with the semicolon")
    check_axe(page)
    page.get_by_role("button", name="Yes, import all of it").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1 officer was made")
    assert demo.officers.get(email="oernulf@police.example").name == "Ørnulf Nyansat"
