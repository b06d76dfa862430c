"""An editor writes the handbook, its station head agrees to a fixed chapter: each page at a desk and on a phone."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from handbook.models import Revision
from sectors.models import Station
from tests.factories import ChapterFactory, StaffRoleFactory, StationFactory, UserFactory, head_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"
EDITOR, SECOND = "editor@police.example", "ida@police.example"
DESK, PHONE, NARROWEST, HEIGHT = 1280, 360, 320, 800
# What is pressed is as high as a thumb is wide: those that are lower, in pixels.
TOO_LOW = """() => [...document.querySelectorAll(
    'main button, main select, main summary, main .button, main .editing-links a, main .dossier-links a, ' +
    'main .history-rows a, main .draft-to-acts a'
)].filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
WORDS = {
    "": ("After dark", "Stand at the [kiosk](#{to}).", "Stay until the last bus."),
    "/da": ("Efter mørkets frembrud", "Stå ved [kiosken](#{to}).", "Bliv til den sidste bus."),
}


@dataclass
class Seen:
    """The browser of one person, whose every page is looked at in all widths."""

    page: Page
    check_axe: object
    prefix: str
    book: str

    def log_in(self, email: str, towards: str = "editing/") -> "Seen":
        to = f"{self.prefix}{self.book}{towards}"
        self.page.goto(f"{self.prefix}/account/login/?next={to}")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("form:has([name=login]) [type=submit]").click()
        self.page.wait_for_url(f"**{to}")
        return self

    def go(self, path: str) -> None:
        self.page.goto(f"{self.prefix}{self.book}{path}")

    def look(self) -> None:
        """For everybody, at a desk and on a phone; nothing is wider than the narrowest, nothing too low to press.

        In Danish, which has the longer words, on a phone alone: the desk has the same page in English.
        """
        if not self.prefix:
            self.check_axe(self.page)
        self.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        self.check_axe(self.page)
        assert self.page.evaluate(TOO_LOW) == []
        self.page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, self.page.url
        self.page.set_viewport_size({"width": DESK, "height": HEIGHT})

    def press(self, act: str, button: str = "button") -> None:
        self.page.locator(f"form[action$='/{act}/'] {button}").click()

    def write(self, **texts: str) -> None:
        for name, words in texts.items():
            self.page.locator(f"main form [name={name}]").fill(words)

    def save(self) -> None:
        self.page.locator("main form.staff-form .button-main").click()

    def read(self, selector: str, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator(selector).first).to_contain_text(words)


@pytest.fixture(params=["", "/da"])
def prefix(request):
    return request.param


@pytest.fixture
def station(site) -> Station:
    station = StationFactory(slug="bellahoej")
    for email, name in ((EDITOR, "Edith Lund"), (SECOND, "Ida Berg")):
        StaffRoleFactory(editor=True, station=station, user=UserFactory(email=email, name=name))
    ChapterFactory(station=station, slug="strategy", position=1, fixed=True, body="Be there.")
    ChapterFactory(station=station, slug="the-task", position=2)
    return station


@pytest.fixture
def browse(open_page, check_axe, station, prefix):
    def browse() -> Seen:
        page = open_page(viewport={"width": DESK, "height": HEIGHT})
        return Seen(page, check_axe, prefix, f"/handbook/{station.slug}/")

    return browse


@pytest.fixture
def editor(browse) -> Seen:
    return browse().log_in(EDITOR)


def text_of(step: str) -> dict[str, str]:
    """Return both languages' texts, leading to the passage `step`."""
    return {
        f"body_{language}": f"1. {WORDS[prefix][1].format(to=step)}"
        for prefix, language in (("", "en"), ("/da", "da"))
    }


def order_of(station: Station) -> list[str]:
    return list(station.chapters.current().values_list("slug", flat=True))


def test_a_chapter_is_begun_written_mended_published_and_changed(editor, complaints, station, prefix):
    complaints.expect("422")
    begin_chapter(editor)
    mend_a_link_to_nowhere(editor)
    publish_with_a_reason(editor, prefix)
    change_once_more(editor, prefix)
    read_the_history(editor, prefix)
    assert station.chapters.get(slug="after-dark").revisions.count() == 2


def begin_chapter(editor: Seen) -> None:
    editor.page.locator(".dossier-head .button-main").click()
    editor.save()
    expect(editor.page.locator("main [role=alert]")).to_be_visible()
    editor.look()
    editor.write(title_en=WORDS[""][0], title_da=WORDS["/da"][0])
    editor.save()
    editor.page.wait_for_url("**/chapters/after-dark/draft/")
    editor.page.locator(".markdown-note summary").click()
    editor.look()


def mend_a_link_to_nowhere(editor: Seen) -> None:
    editor.write(**text_of("no-such-point"))
    editor.save()
    editor.read("main [role=alert]", "no-such-point")
    expect(editor.page.locator("form[action$='/publish/']")).to_have_count(0)
    editor.look()
    editor.page.locator(".draft-acts a[href$='/draft/']").click()
    for name, words in text_of("no-such-point").items():
        expect(editor.page.locator(f"[name={name}]")).to_have_value(re.compile(re.escape(words)))
    editor.write(**text_of("the-task-first"))
    editor.save()
    expect(editor.page.locator("main [role=alert]")).to_have_count(0)


def publish_with_a_reason(editor: Seen, prefix: str) -> None:
    editor.press("publish")
    expect(editor.page.locator("main [role=alert]").first).to_be_in_viewport()
    editor.look()
    editor.write(reason="Officers asked for it.")
    editor.press("publish")
    editor.page.wait_for_url("**/chapters/after-dark/")
    editor.read("main h1", WORDS[prefix][0])


def change_once_more(editor: Seen, prefix: str) -> None:
    editor.go("chapters/after-dark/draft/")
    for where, language in (("", "en"), ("/da", "da")):
        field = editor.page.locator(f"[name=body_{language}]")
        field.fill(f"{field.input_value()}\n\n{WORDS[where][2]}")
    editor.save()
    expect(editor.page.locator(".difference ins")).to_have_count(2)
    editor.look()
    editor.write(reason="The last bus leaves late.")
    editor.press("publish")
    editor.read("article", WORDS[prefix][2])


def read_the_history(editor: Seen, prefix: str) -> None:
    editor.go("editing/")
    editor.page.locator("a[href$='/after-dark/history/']").click()
    editor.read(".history-rows", "The last bus leaves late.")
    editor.look()
    editor.page.locator("a[href$='/history/2/difference/']").click()
    editor.read(".difference ins", WORDS[prefix][2])
    editor.look()
    editor.go("chapters/after-dark/history/1/")
    expect(editor.page.locator(".chapter-look")).not_to_contain_text(WORDS[prefix][2])
    editor.look()


def test_a_chapter_moves_is_left_out_and_taken_in_again(editor, station, complaints):
    ChapterFactory(station=station, slug="late", position=3)
    editor.go("editing/")
    editor.press("late/move", "[value=up]")
    expect(editor.page.locator(".notice-success")).to_be_visible()
    assert order_of(station) == ["strategy", "late", "the-task"]
    editor.press("late/leave-out")
    expect(editor.page.locator("[aria-labelledby=left-out] h3")).to_have_count(1)
    assert order_of(station) == ["strategy", "the-task"]
    editor.look()
    editor.press("late/take-in")
    expect(editor.page.locator("[aria-labelledby=left-out]")).to_have_count(0)
    assert order_of(station) == ["strategy", "the-task", "late"]
    # Ordered by somebody else while the page is open: nothing moves that was not seen.
    station.chapters.filter(slug="the-task").update(position=9)
    complaints.expect("409")
    editor.press("late/move", "[value=up]")
    expect(editor.page.locator("main [role=alert]")).to_be_visible()
    assert order_of(station) == ["strategy", "late", "the-task"]
    editor.look()


def test_a_fixed_chapter_is_sent_back_once_then_agreed_to(editor, browse, station, prefix, complaints):
    complaints.expect("422")
    head_email = head_of(station).email
    propose(editor, "Be there at night.")
    editor.look()
    head = browse().log_in(head_email)
    head.look()
    follow(head, head_email)
    head.press("decide", "[value=send_back]")
    expect(head.page.locator("main [role=alert]").first).to_be_in_viewport()
    head.look()
    head.write(reason="Say which nights.")
    head.press("decide", "[value=send_back]")
    expect(head.page.locator(".notice-success")).to_be_visible()

    follow(editor, EDITOR)
    editor.read(".reason", "Say which nights.")
    editor.look()
    propose(editor, "Be there on Fridays.")
    follow(head, head_email)
    head.press("decide", "[value=agree]")
    head.page.wait_for_url("**/chapters/strategy/")
    head.read("article", "Be there on Fridays.")
    assert str(station.chapters.get(slug="strategy").revisions.in_force().get().agreed_by.email) == head_email


def propose(editor: Seen, words: str) -> None:
    editor.go("chapters/strategy/draft/")
    editor.write(body_en=words, reason="Nights are long.")
    editor.save()
    editor.read(".difference ins", words.removeprefix("Be there "))
    editor.press("publish")
    expect(editor.page.locator(".notice-success")).to_be_visible()


def follow(who: Seen, email: str) -> None:
    """Open what the newest mail to the address leads to."""
    body = [message.body for message in mail.outbox if message.to == [email]][-1]
    who.page.goto(who.prefix + urlsplit(re.search(r"https?://\S+", body)[0]).path)


def test_of_two_editors_the_second_sees_both_texts_and_loses_none(editor, browse, station, complaints):
    complaints.expect("409")
    second = browse().log_in(SECOND, "chapters/the-task/draft/")
    editor.go("chapters/the-task/draft/")
    editor.write(body_en="1. Of the first. {#the-task-first}")
    editor.save()
    editor.page.wait_for_url("**/look/")
    second.write(body_en="1. Of the second. {#the-task-first}")
    second.save()
    second.read("main [role=alert]", re.compile(r"\S"))
    second.page.locator("[aria-labelledby=meanwhile] summary").first.click()
    expect(second.page.locator("[aria-labelledby=meanwhile] del").nth(1)).to_be_visible()
    second.read("[aria-labelledby=meanwhile] .reason", "Of the first.")
    expect(second.page.locator("[name=body_en]")).to_have_value("1. Of the second. {#the-task-first}")
    second.look()
    second.save()
    second.page.wait_for_url("**/look/")
    # The first publishes what is another text now.
    editor.write(reason="It is shorter.")
    editor.press("publish")
    expect(editor.page.locator("main [role=alert]")).to_be_visible()
    expect(editor.page.locator("[name=reason]")).to_have_value("It is shorter.")
    editor.page.locator(".draft-discard summary").click()
    editor.look()
    editor.press("discard")
    expect(editor.page.locator(".notice-success")).to_be_visible()
    assert not Revision.objects.unpublished().exists()
    # Whoever still looks for the draft is told where it has gone.
    second.page.reload()
    expect(second.page.locator("main .notice")).to_be_visible()


def test_an_empty_handbook_begins_with_one_press(open_page, check_axe, site, prefix):
    station = StationFactory(slug="vesterbro")
    StaffRoleFactory(editor=True, station=station, user=UserFactory(email=EDITOR))
    page = open_page(viewport={"width": DESK, "height": HEIGHT})
    editor = Seen(page, check_axe, prefix, "/handbook/vesterbro/").log_in(EDITOR)
    editor.look()
    editor.press("begin")
    expect(page.locator(".editing-rows > li")).to_have_count(9)
    editor.look()
