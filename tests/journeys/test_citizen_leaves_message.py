"""A citizen leaves a message and follows it: with script and without, on a phone, by keyboard, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from contacts.messages.guarding.form_token import FASTEST
from contacts.models import Message

SECTOR = "/sectors/broenshoej/message/"
WORDS = "Cars park on the cycle path every morning."
RECEIPT = re.compile(r"/messages/[a-z2-7]{52}/$")
# As long as it takes to press Send, if one is not a program.
PAUSE = FASTEST.total_seconds() * 1000 + 100


def write(page: Page, words: str = WORDS, *, prefix: str = "") -> None:
    page.goto(prefix + SECTOR)
    page.locator("[name=text]").fill(words)
    page.locator("[name=email]").fill("citizen@example.org")
    page.wait_for_timeout(PAUSE)


def fits(page: Page) -> bool:
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def small_targets(page: Page) -> list[str]:
    """Return what one presses in the content that is lower than 44 pixels, links within sentences left out."""
    return page.evaluate(
        """[...document.querySelectorAll("main :is(button, .button, .form-control, fieldset label)")]
        .filter((one) => one.offsetParent && !one.closest(".message-trap") && one.offsetHeight < 44)
        .map((one) => one.outerHTML)"""
    )


@pytest.mark.usefixtures("demo")
def test_on_a_phone_a_message_is_sent_followed_added_to_and_taken_back(phone_page, complaints, check_axe):
    page = phone_page
    page.goto(SECTOR)
    assert fits(page)
    assert small_targets(page) == []
    check_axe(page)
    complaints.expect("422")
    page.locator(".message-send").click()
    expect(page.locator("#wrong")).to_contain_text("2 things are missing")
    check_axe(page)
    write(page)
    page.locator(".message-send").click()
    # The work was done during the writing: no second look.
    expect(page).to_have_url(RECEIPT)
    expect(page.locator("h1")).to_contain_text("It has been received")
    assert fits(page)
    assert small_targets(page) == []
    check_axe(page)
    page.locator("[name=text]").fill("Today there were ten.")
    page.locator(".message-send").click()
    expect(page.locator(".message-steps")).to_contain_text("Today there were ten.")
    check_axe(page)
    page.get_by_role("link", name="Take the message back").click()
    check_axe(page)
    page.get_by_role("button", name="Take the message back").click()
    expect(page.locator("h1")).to_contain_text("You have taken it back")
    expect(page.locator("main")).not_to_contain_text("there were ten")
    check_axe(page)


@pytest.mark.usefixtures("demo")
def test_without_script_a_second_look_sends_it(open_page, check_axe):
    page = open_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    write(page)
    page.locator(".message-send").click()
    expect(page.locator("h1")).to_have_text("Is this right?")
    expect(page.locator(".message-contents")).to_contain_text(WORDS)
    page.get_by_role("button", name="Change something").click()
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    page.locator(".message-send").click()
    page.locator(".message-send").click()
    expect(page).to_have_url(RECEIPT)
    assert Message.objects.get().text == WORDS


@pytest.mark.usefixtures("demo")
def test_by_keyboard_alone_a_message_is_sent(page):
    page.goto(SECTOR)
    page.locator("[name=text]").focus()
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    page.keyboard.type("The school")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # by telephone
    page.keyboard.press("Tab")
    expect(page.locator("[name=phone]")).to_be_focused()
    expect(page.locator("[name=email]")).to_be_hidden()
    page.keyboard.type("12345678")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Karen")
    page.keyboard.press("Tab")
    # The trap lies before the button, and the keyboard passes it by.
    expect(page.locator(".message-send")).to_be_focused()
    page.wait_for_timeout(PAUSE)
    page.keyboard.press("Enter")
    expect(page).to_have_url(RECEIPT)
    message = Message.objects.get()
    assert (message.phone, message.email, message.name, message.place) == (
        "12345678",
        "",
        "Karen",
        "The school",
    )


@pytest.mark.usefixtures("demo")
def test_urgent_words_lead_to_the_telephone_and_nothing_is_lost(phone_page, check_axe):
    page = phone_page
    write(page, "Somebody is breaking in next door", prefix="/da")
    page.locator(".message-send").click()
    expect(page.locator("a.button-alarm")).to_have_attribute("href", "tel:112")
    assert fits(page)
    check_axe(page)
    assert not Message.objects.exists()
    page.go_back()
    expect(page.locator("[name=text]")).to_have_value("Somebody is breaking in next door")
    page.go_forward()
    page.locator("[name=change]").click()
    expect(page.locator("[name=text]")).to_have_value("Somebody is breaking in next door")
    page.locator(".message-send").click()
    expect(page.locator("a.button-alarm")).to_be_visible()
    page.locator(".message-send").click()
    expect(page).to_have_url(RECEIPT)
    assert Message.objects.get().seemed_urgent


@pytest.mark.usefixtures("demo")
def test_pressed_twice_it_is_one_message(page):
    write(page)
    page.locator(".message-send").dblclick()
    expect(page).to_have_url(RECEIPT)
    assert Message.objects.count() == 1


@pytest.mark.usefixtures("demo")
def test_back_from_a_mistake_what_was_typed_is_still_there(page, complaints):
    complaints.expect("422")
    page.goto(SECTOR)
    page.locator("[name=text]").fill(WORDS)
    page.locator(".message-send").click()
    expect(page.locator("#wrong")).to_contain_text("one thing is missing")
    page.go_back()
    expect(page.locator("[name=text]")).to_have_value(WORDS)


@pytest.mark.usefixtures("demo")
def test_the_characters_left_are_counted(page):
    page.goto(SECTOR)
    page.locator("[name=text]").fill("🚲" * 3990)
    expect(page.locator(".message-count")).to_have_text("10 characters left")
    page.locator("[name=text]").fill("x" * 4001)
    expect(page.locator(".message-count")).to_have_text("1 characters too many")


@pytest.mark.usefixtures("demo")
def test_at_320_pixels_and_in_danish_every_page_fits(open_page, check_axe):
    page = open_page(viewport={"width": 320, "height": 640})
    write(page, prefix="/da")
    assert fits(page)
    check_axe(page)
    page.locator(".message-send").click()
    expect(page).to_have_url(re.compile("/da/messages/"))
    assert fits(page)
    page.goto(page.url + "withdraw/")
    assert fits(page)


@pytest.mark.usefixtures("demo")
def test_a_wrong_link_is_a_page_that_helps(page, complaints, check_axe):
    complaints.expect("404")
    page.goto("/messages/wrong/")
    expect(page.locator("h1")).to_contain_text("There is no message at this address")
    check_axe(page)
