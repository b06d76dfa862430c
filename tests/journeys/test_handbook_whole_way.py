"""What an officer learnt goes the whole way: from the telephone to the printed handbook, through everybody's hands.

Each act is done by mouse or touch on the page that one comes to by itself: by a link, or by the mail that tells of
it.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pypdfium2
import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from handbook.beginning import begin
from handbook.chapters.publishing import publish
from handbook.models import Agreement, Confirmation, Contribution
from sectors.models import Station
from tests.factories import (
    AssignmentFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    division_of,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"
THUMB = 44  # pixels
OFFICER, COLLEAGUE = "nanna@police.example", "bo@police.example"
EDITOR, HEAD = "editor@police.example", "head@police.example"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WORDS = {
    "": "Ask the caretakers on Mondays who has moved in.",
    "/da": "Spørg viceværterne om mandagen, hvem der er flyttet ind.",
}
OF_THE_STRATEGY = {"": "Come back when you said you would.", "/da": "Kom igen, når du har lovet det."}
VISIT = {"": "Visit", "/da": "Besøg"}
MARKED = {"": "New in this period", "/da": "Nyt i perioden"}
CREDIT = {"": "Inserted from Nanna Lund, Bellahøj", "/da": "Indsat fra Nanna Lund, Bellahøj"}


@dataclass
class Way:
    """Everybody's browser. A page is judged by axe, and an officer's by its width, when it is first seen."""

    open_page: object
    check_axe: object
    prefix: str

    def __post_init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def log_in(self, email: str, towards: str, **options) -> Page:
        page = self.open_page(**(options or PHONE))
        page.goto(f"{self.prefix}/account/login/?next={self.prefix}{towards}")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("form:has([name=login]) [type=submit]").click()
        page.wait_for_url(f"**{towards}")
        return self.looked_at(page)

    def looked_at(self, page: Page) -> Page:
        page.wait_for_load_state()
        assert urlsplit(page.url).path.startswith(f"{self.prefix}/")
        kind = (re.sub(r"[0-9a-f-]{36}", "", urlsplit(page.url).path), page.locator("h1").inner_text())
        if kind not in self.seen:
            self.seen.add(kind)
            self.check_axe(page)
            width = page.viewport_size["width"]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        return page

    def follow(self, page: Page, email: str) -> Page:
        """Open what the newest mail to the address leads to."""
        body = [message.body for message in mail.outbox if message.to == [email]][-1]
        assert "Monday" not in body
        assert "mandag" not in body
        page.goto(self.prefix + urlsplit(re.search(r"https?://\S+", body)[0]).path)
        return self.looked_at(page)


@pytest.fixture(params=["", "/da"])
def way(open_page, check_axe, request):
    return Way(open_page, check_axe, request.param)


@pytest.fixture
def station(site) -> Station:
    sector = SectorFactory(name="Bellahøj", number=4)
    division_of(sector)
    for email, name, role in ((OFFICER, "Nanna Lund", "responsible"), (COLLEAGUE, "Bo Berg", "attached")):
        officer = OfficerFactory(station=sector.station, user=UserFactory(email=email, name=name), name=name)
        AssignmentFactory(sector=sector, officer=officer, role=role)
    head = LeadershipFactory(station=sector.station, user=UserFactory(email=HEAD)).user
    editor = StaffRoleFactory(editor=True, station=sector.station, user=UserFactory(email=EDITOR)).user
    for chapter in begin(sector.station, by=editor):
        if chapter.is_fixed:
            publish(chapter.revisions.get(), agreed_by=head)
    return sector.station


def test_from_the_telephone_to_the_printed_handbook(way, station):
    phone = contribute_from_the_log(way)
    desk = way.log_in(EDITOR, f"/handbook/{station.slug}/", viewport={"width": 1280, "height": 800})
    ask_back_and_answer(way, desk, phone)
    insert(way, desk)
    do_this_too(way, station)
    ask_to_confirm(way, desk)
    confirm(way, phone)
    head = way.log_in(HEAD, f"/handbook/{station.slug}/confirming/")
    see_who_has(way, head)
    change_a_fixed_chapter(way, desk, head)
    read_on_paper(way, phone)


def contribute_from_the_log(way: Way) -> Page:
    phone = way.log_in(OFFICER, "/log/entries/new/")
    phone.locator(".chip", has_text=VISIT[way.prefix]).first.tap()
    phone.locator(".handbook-point a[href$='/at/visits/'] >> visible=true").tap()
    phone.wait_for_url("**/chapters/how-to-perform-the-task/#visits")
    way.looked_at(phone)
    phone.locator("#visits .passage-contribute").tap()
    way.looked_at(phone).locator("[name=text]").fill(WORDS[way.prefix])
    phone.locator("main form .button-main").tap()
    expect(phone.locator(".contribution-state.is-submitted")).to_be_visible()
    return way.looked_at(phone)


def ask_back_and_answer(way: Way, desk: Page, phone: Page) -> None:
    way.follow(desk, EDITOR).locator("form[action$='/take-up/'] button").click()
    expect(desk.locator(".contribution-state.is-under_review")).to_be_visible()
    desk.locator(".review summary").first.click()
    desk.locator("form[action$='/ask/'] [name=text]").fill("Also in the summer?")
    desk.locator("form[action$='/ask/'] button").click()
    expect(desk.locator("form[action$='/ask/']")).to_have_count(0)
    way.follow(phone, OFFICER).locator("form[action$='/answer/'] [name=text]").fill("All the year round.")
    phone.locator("form[action$='/answer/'] button").tap()
    expect(phone.locator("form[action$='/answer/']")).to_have_count(0)


def insert(way: Way, desk: Page) -> None:
    expect(way.follow(desk, EDITOR).locator("main")).to_contain_text("All the year round.")
    desk.locator("a[href$='/insert/']").click()
    way.looked_at(desk)
    for prefix, language in (("", "en"), ("/da", "da")):
        desk.locator(f"[name=text_{language}]").fill(WORDS[prefix])
    desk.locator(".review-write .button-main").click()
    expect(desk.locator(".practice")).to_contain_text(WORDS[way.prefix])
    assert Contribution.objects.get().state == Contribution.State.INSERTED


def do_this_too(way: Way, station: Station) -> None:
    phone = way.log_in(COLLEAGUE, f"/handbook/{station.slug}/chapters/how-to-perform-the-task/")
    practice = phone.locator("#visits .practice")
    expect(practice).to_contain_text(WORDS[way.prefix])
    expect(practice).to_contain_text(CREDIT[way.prefix])
    practice.locator(".practice-agree button").tap()
    expect(practice.locator(".practice-agree p")).to_contain_text("1")
    assert Agreement.objects.get().user.email == COLLEAGUE


def ask_to_confirm(way: Way, desk: Page) -> None:
    desk.locator("main a[href$='/at/visits/']").first.click()
    desk.wait_for_url("**/chapters/how-to-perform-the-task/#visits")
    desk.locator("#visits .passage-editor > summary").click()
    way.looked_at(desk).locator("#visits .passage-editor button").click()
    expect(desk.locator("#visits .ask a")).to_have_count(1)


def confirm(way: Way, phone: Page) -> None:
    phone.locator(".main-nav a[href$='/log/']").first.tap()
    way.looked_at(phone).locator("[aria-labelledby=today-handbook] a").tap()
    phone.wait_for_url("**/chapters/how-to-perform-the-task/#visits")
    button = phone.locator("#visits form.confirm button")
    assert button.bounding_box()["height"] >= THUMB
    button.tap()
    expect(phone.locator("#visits .confirm-done")).to_be_visible()
    assert Confirmation.objects.get().user.email == OFFICER


def see_who_has(way: Way, head: Page) -> None:
    head.locator(".confirm-point").tap()
    expect(head.locator("[aria-labelledby=confirmed] tbody th")).to_contain_text(["Nanna Lund"])
    expect(head.locator("[aria-labelledby=missing] tbody th")).to_have_text(["Bo Berg"])
    way.looked_at(head)


def change_a_fixed_chapter(way: Way, desk: Page, head: Page) -> None:
    desk.locator(".trail a").first.click()
    way.looked_at(desk).locator(".dossier-links a[href$='/editing/']").click()
    way.looked_at(desk).locator("a[href$='/chapters/strategy/draft/']").first.click()
    way.looked_at(desk)
    for prefix, language in (("", "en"), ("/da", "da")):
        field = desk.locator(f"[name=body_{language}]")
        field.fill(f"{field.input_value()}\n\n{OF_THE_STRATEGY[prefix]}")
    desk.locator("[name=reason]").fill("Promises are part of being reachable.")
    desk.locator("form.staff-form .button-main").click()
    expect(desk.locator(".difference ins").first).to_be_visible()
    way.looked_at(desk).locator("form[action$='/publish/'] .button-main").click()
    expect(desk.locator(".notice-success")).to_be_visible()

    way.follow(head, HEAD).locator("[name=decision][value=agree]").tap()
    head.wait_for_url("**/chapters/strategy/")
    expect(head.locator("article")).to_contain_text(OF_THE_STRATEGY[way.prefix])


def read_on_paper(way: Way, phone: Page) -> None:
    phone.locator(".trail a").first.tap()
    way.looked_at(phone).locator("a[href$='/booklet/']").tap()
    way.looked_at(phone)
    with phone.expect_download(timeout=30_000) as download:
        phone.locator(".booklet-acts .button-main").tap()
    with pypdfium2.PdfDocument(download.value.path()) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    text = " ".join(" ".join(pages).split())
    assert f"{MARKED[way.prefix]} {WORDS[way.prefix]} {CREDIT[way.prefix]}" in text
    assert OF_THE_STRATEGY[way.prefix] in text
