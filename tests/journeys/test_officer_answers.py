"""An officer answers a citizen with one thumb: finds what waits, reads, answers, closes."""

import re

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Message
from officers.models import Officer
from tests.factories import (
    AssignmentFactory,
    ExchangeFactory,
    LeadershipFactory,
    MessageFactory,
    OfficerFactory,
    UserFactory,
    days_ago,
    division_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


@pytest.fixture
def officer(site) -> Officer:
    found = OfficerFactory(name="Nanna Nord", user=UserFactory(email="nanna@police.example"))
    post = AssignmentFactory(officer=found, sector__district__station=found.station, sector__name="Husum")
    neighbour = AssignmentFactory(
        officer__station=found.station, sector__district=post.sector.district, sector__name="Brønshøj"
    )
    division_of(post.sector, neighbour.sector)
    MessageFactory(sector=post.sector, text="The lamp is out.", name="Lone Lund", received_at=days_ago(9))
    MessageFactory(
        sector=post.sector, text="Call me about the dog.", answer_by="phone", phone="+45 12 34 56 78"
    )
    return found


def log_in(page: Page, prefix: str, towards: str, email: str = "nanna@police.example") -> None:
    page.goto(f"{prefix}/account/login/?next={prefix}{towards}")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url(f"**{towards}")


def send(page: Page) -> None:
    page.locator("main form.staff-form .button-main").tap()
    expect(page.locator(".notice-success")).to_be_visible()


def open_first(page: Page) -> None:
    page.locator(".inbox-row").first.tap(position={"x": 40, "y": 110})
    page.wait_for_url("**/inbox/*-*/")


def open_act(page: Page, act: str) -> None:
    page.locator(f"a[href$='/{act}/']").first.tap()
    page.wait_for_url(f"**/{act}/")


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_a_message_is_read_answered_and_closed_with_one_thumb(
    phone_page, officer, check_axe, complaints, prefix
):
    page = phone_page
    log_in(page, prefix, "/inbox/")
    expect(page.locator(".inbox-row")).to_have_count(2)
    check_axe(page)
    assert_fits(page)
    # The whole row can be tapped, and the overdue one stands first.
    open_first(page)
    message = Message.objects.get(text="The lamp is out.")
    expect(page.locator("main")).to_contain_text("The lamp is out.")
    # Nobody presses anything: the page says itself that it was read.
    expect(page.locator("[data-mark-read]")).to_have_count(0)
    message.refresh_from_db()
    assert message.read_at is not None
    check_axe(page)
    assert_fits(page)

    open_act(page, "reply")
    check_axe(page)
    assert_fits(page)
    page.locator("[name=text]").fill("It is mended tomorrow.")
    complaints.expect("409")
    # Somebody was faster: nothing typed is lost.
    ExchangeFactory(message=message, text="It blinks now.")
    page.locator("main form.staff-form .button-main").tap()
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("It is mended tomorrow.")
    expect(page.locator("main")).to_contain_text("It blinks now.")
    check_axe(page)
    send(page)
    check_axe(page)

    open_act(page, "close")
    check_axe(page)
    page.locator("[name=result][value=settled]").check()
    send(page)
    check_axe(page)
    assert_fits(page)
    message.refresh_from_db()
    assert (message.result, message.answered_at is not None) == ("settled", True)
    page.goto(f"{prefix}/inbox/?show=closed")
    expect(page.locator(".inbox-row")).to_have_count(1)
    check_axe(page)


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_who_wants_to_be_called_is_called_and_the_call_is_noted(phone_page, officer, check_axe, prefix):
    page = phone_page
    message = Message.objects.get(answer_by="phone")
    log_in(page, prefix, f"/inbox/{message.uuid}/")
    expect(page.locator(".inbox-acts .button-main")).to_have_attribute("href", "tel:+4512345678")
    open_act(page, "call")
    check_axe(page)
    page.locator("[name=spoke][value=yes]").check()
    send(page)
    for act in ("note", "assign", "move"):
        page.goto(f"{prefix}/inbox/{message.uuid}/{act}/")
        check_axe(page)
        assert_fits(page)
    message.refresh_from_db()
    assert message.answered_at is not None


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_a_head_says_why_and_reads(phone_page, officer, check_axe, prefix):
    head = UserFactory(email="head@police.example")
    LeadershipFactory(user=head, station=officer.station)
    page = phone_page
    log_in(page, prefix, "/inbox/", head.email)
    expect(page.locator("main")).not_to_contain_text("lamp")
    check_axe(page)
    page.goto(f"{prefix}/inbox/figures/")
    check_axe(page)
    assert_fits(page)
    page.goto(f"{prefix}/inbox/")
    open_first(page)
    check_axe(page)
    page.locator("[name=reason]").fill("Nobody has answered")
    page.locator("main form.staff-form .button-main").tap()
    expect(page.locator("main")).to_contain_text("The lamp is out.")
    check_axe(page)


def test_without_a_script_the_officer_says_that_it_was_read(open_page, officer):
    page = open_page(java_script_enabled=False)
    log_in(page, "", "/inbox/")
    page.locator(".inbox-row a").first.click()
    page.locator("[data-mark-read] button").click()
    expect(page.locator(".notice-success")).to_contain_text(re.compile("read"))
    assert Message.objects.get(text="The lamp is out.").read_at is not None
