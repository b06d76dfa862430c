"""A citizen answers three questions on a small phone, with and without JavaScript, and two about a closed matter."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.messages.receipts import token_of
from contacts.models import Evaluation, SurveyAnswer
from tests.factories import MessageFactory, SurveyRoundFactory

NARROW = {"width": 320, "height": 640}


def is_narrow(page: Page) -> bool:
    page.wait_for_load_state()  # with its style sheets
    return bool(page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"])


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_from_the_sectors_page_to_the_officers_name(demo, open_page, check_axe, has_script):
    today = timezone.localdate()
    if not demo.survey_rounds.open_on(today).exists():
        SurveyRoundFactory(station=demo, opens_on=today, closes_on=today + datetime.timedelta(days=1))
    before = list(SurveyAnswer.objects.values_list("pk", flat=True))
    page = open_page(viewport=NARROW, is_mobile=True, java_script_enabled=has_script)
    page.goto("/sectors/vanloese/")
    page.get_by_role("link", name="Answer three questions about your officer").click()
    first = page.get_by_role("group", name="Do you know your police officer, by name or by face?")
    expect(page.locator("main")).not_to_contain_text("Yrsa Ytring")
    first.get_by_label("No", exact=True).check()
    page.get_by_role("group", name="How safe").get_by_label("Rather safe").check()
    for target in page.locator(".message-choice > label").all():
        assert target.bounding_box()["height"] >= 44
    if has_script:
        assert is_narrow(page)
        check_axe(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Yrsa Ytring")
    expect(page.get_by_role("link", name="Leave a message")).to_be_visible()
    if has_script:
        assert is_narrow(page)
        check_axe(page)
    said = SurveyAnswer.objects.exclude(pk__in=before).get()
    assert (said.knows_officer, said.has_met, said.feels_safe) == (False, None, "rather")


def test_who_has_chosen_nothing_is_led_to_the_question_by_keyboard(demo, open_page, complaints, check_axe):
    message = MessageFactory(sector=demo.sectors.first(), closed_at=timezone.now(), result="settled")
    before = list(Evaluation.objects.values_list("pk", flat=True))
    page = open_page(viewport=NARROW)
    page.goto(f"/messages/{token_of(message)}/")
    check_axe(page)
    complaints.expect("422")
    page.locator(".evaluation").get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Answer one of the two questions.")
    assert is_narrow(page)
    check_axe(page)
    page.get_by_role("alert").get_by_role("link").press("Enter")
    page.keyboard.press("Space")
    expect(page.get_by_role("group", name="Did you get help?").get_by_label("Yes")).to_be_checked()
    page.locator(".evaluation").get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", name="Thank you for your answers")).to_be_visible()
    check_axe(page)
    assert Evaluation.objects.exclude(pk__in=before).get().got_help == "yes"
