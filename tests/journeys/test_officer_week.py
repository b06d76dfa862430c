"""A week of a sector officer with a telephone: the network comes and goes, sessions end, and nothing is lost.

What was written is looked for in the database: once, as it was typed.
"""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from officers.models import Assignment
from sectorlog.models import LogEntry
from tests.factories import (
    AssignmentFactory,
    FormTemplateFactory,
    FormVersionFactory,
    OfficerFactory,
    PartyFactory,
    TargetGroupFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/log/entries/new/"
PASSWORD = "correct horse battery"
KEPT = "Kept on this phone. It is sent when the network is back."
# What a browser complains of when there is no network, or no server.
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_FAILED")


@pytest.fixture
def officer(site):
    """The officer of one sector with two forms, a party and a group."""
    officer = OfficerFactory(user=UserFactory(), name="Nanna Nielsen")
    assignment = AssignmentFactory(
        officer=officer, sector__district__station=officer.station, sector__name="Brønshøj"
    )
    form_in(officer.station, "visit", "Visit", position=1, fields=[question("topic", "What about")])
    form_in(officer.station, "observation", "Observation", position=2)
    PartyFactory(sector=assignment.sector, name="Bageriet")
    TargetGroupFactory(station=officer.station, name="Shopkeepers")
    return officer


def question(key: str, label: str) -> dict[str, object]:
    return {"key": key, "kind": "text", "label": {"en": label}, "help": {}, "required": False, "choices": []}


def form_in(station, slug: str, name: str, *, position: int, fields=()):
    template = FormTemplateFactory(station=station, slug=slug, position=position)
    return FormVersionFactory(template=template, name={"en": name}, fields=list(fields))


@pytest.fixture
def phone(phone_page, officer):
    """The officer's telephone: logged in, and the page of a new entry kept for when there is no network."""
    log_in(phone_page, officer.user)
    phone_page.goto(NEW)
    keep_page(phone_page)
    return phone_page


def log_in(page: Page, user) -> None:
    if "/account/login/" not in page.url:
        page.goto(f"/account/login/?next={NEW}")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").first.click()
    page.wait_for_url(lambda url: "/account/" not in url)


def keep_page(page: Page) -> None:
    """Wait until the service worker has kept the page of a new entry, with every file that it needs."""
    page.wait_for_function(
        """async () => {
            const files = await (await caches.open("log-files")).keys();
            const page = await (await caches.open("log-page")).match(location.pathname);
            return navigator.serviceWorker.controller && page && files.some(({url}) => url.includes("words"));
        }"""
    )


def write(page: Page, text: str, *, form: str = "Observation") -> None:
    page.locator(".chip", has_text=form).first.click()
    page.locator("[data-entry-text]").fill(text)


def save(page: Page) -> None:
    page.locator("[data-entry-save]").click()


def arrive(page: Page) -> None:
    """Wait for the page of the saved entry."""
    page.wait_for_url(re.compile(r"/log/entries/[0-9a-f-]{36}/"))


def wait_until_kept(page: Page, text: str) -> None:
    """Wait until the draft of the text lies in the browser's storage."""
    page.wait_for_function(
        """async (text) => {
            const opened = indexedDB.open("sector-log");
            const database = await new Promise((done) => { opened.onsuccess = () => done(opened.result); });
            const asked = database.transaction("drafts").objectStore("drafts").getAll();
            const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
            database.close();
            return JSON.stringify(rows).includes(text);
        }""",
        arg=text,
    )


def texts() -> list[str]:
    return list(LogEntry.objects.order_by("happened_at", "pk").values_list("text", flat=True))


def waiting(page: Page):
    return page.locator("[data-waiting]")


@pytest.fixture
def no_network(complaints):
    """Take no offence at what the browser says of a missing network."""
    for sentence in NO_NETWORK:
        complaints.expect(sentence)


def test_monday_an_entry_is_written_in_the_street(phone, officer, check_axe):
    check_axe(phone)
    write(phone, "Talked with the baker.", form="Visit")
    phone.get_by_label("What about").fill("Noise at night")
    phone.locator(".chip", has_text="Bageriet").click()
    check_axe(phone)
    save(phone)
    arrive(phone)
    entry = LogEntry.objects.get()
    assert (entry.text, entry.author, entry.values) == (
        "Talked with the baker.",
        officer.user,
        {"topic": "Noise at night"},
    )
    assert [party.name for party in entry.parties.all()] == ["Bageriet"]


def test_tuesday_without_a_network(phone, no_network, check_axe):
    phone.context.set_offline(True)
    for text in ("First without a network.", "Second without a network."):
        phone.goto(NEW)
        write(phone, text)
        save(phone)
        expect(phone.get_by_text(KEPT)).to_be_visible()
        check_axe(phone)
    expect(waiting(phone)).to_contain_text("2 entries wait on this phone.")
    assert texts() == []
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("2 waiting entries were sent.")
    assert texts() == ["First without a network.", "Second without a network."]
