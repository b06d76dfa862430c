"""An officer reads the handbook with a telephone: contents, chapter, what is new, search; by keyboard, on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from handbook.chapters.publishing import publish
from handbook.models import LANGUAGES, LastRead
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    OfficerFactory,
    RevisionFactory,
    StaffRoleFactory,
    UserFactory,
    days_ago,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_map")]

PASSWORD = "correct horse battery"
BODY = {
    "en": """Work where people are.

## Out on the street {#street}

See [how the log is kept](#log), and [the strategy](#strategy).

1. Go on foot, or by bicycle. {#foot}
2. Keep a log. {#log}

### Afterwards {#afterwards}

Sit down for a moment.""",
    "da": """Arbejd, hvor folk er.

## Ude på gaden {#street}

Se [hvordan loggen føres](#log), og [strategien](#strategy).

1. Gå til fods, eller tag cyklen. {#foot}
2. Før en log. {#log}

### Bagefter {#afterwards}

Sæt dig et øjeblik.""",
}
TITLES = {"en": "The task", "da": "Opgaven"}
SEARCHED = {"": "bicycles", "/da": "cykler"}


def told(field, texts):
    return {f"{field}_{language}": texts[language] for language in LANGUAGES}


def publish_text(chapter, body):
    texts = {**told("title", TITLES), **told("body", body)}
    revision = RevisionFactory.build(
        chapter=chapter, number=chapter.revisions.count() + 1, written_by=UserFactory(name="Signe"), **texts
    )
    publish(revision)


@pytest.fixture
def chapter(site):
    officer = OfficerFactory(user=UserFactory(email="nanna@police.example"))
    post = AssignmentFactory(officer=officer, sector__district__station=officer.station)
    StaffRoleFactory(role="editor", station=officer.station, user=UserFactory(email="signe@police.example"))
    ChapterFactory(
        station=post.sector.station, slug="strategy", position=1, fixed=True, body="Closer to people."
    )
    task = ChapterFactory(station=post.sector.station, slug="task", position=2, body="")
    publish_text(task, BODY)
    log = task.passages.get(anchor="log")
    for age in range(1, 6):
        ContributionFactory(
            passage=log, inserted=True, wording=f"We do it *so*, {age}.", decided_at=days_ago(age)
        )
    return task


def log_in(page: Page, towards: str, who: str = "nanna") -> None:
    page.goto(f"/account/login/?next={towards}")
    page.locator("[name=login]").fill(f"{who}@police.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=login]) [type=submit]").click()
    page.wait_for_url(f"**{towards.replace('/handbook/', '/handbook/*')}*")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_the_handbook_is_read_with_one_thumb(phone_page, chapter, check_axe, prefix):
    page = phone_page
    log_in(page, f"{prefix}/handbook/")
    check_axe(page)
    assert fits(page)

    page.locator(".chapter-row h3 a").nth(1).tap()
    expect(page.locator("h1")).to_contain_text(TITLES["da" if prefix else "en"])
    expect(page.locator(".practice:visible")).to_have_count(3)
    page.locator(".practice-more > summary").tap()
    expect(page.locator(".practice:visible")).to_have_count(5)
    check_axe(page)
    assert fits(page)
    page.locator("article a[href='#log']").tap()
    expect(page.locator("#log")).to_be_in_viewport()
    page.locator(".chapter-read button").tap()
    expect(page.locator(".notice-success")).to_be_visible()
    assert LastRead.objects.get().chapter == chapter

    publish_text(
        chapter, {language: body.replace("2. ", "2. Vigtigt/Important: ") for language, body in BODY.items()}
    )
    page.reload()
    expect(page.locator(".news-rows > li")).to_have_count(1)
    check_axe(page)
    page.locator(".news-rows a").tap()
    expect(page.locator("#log > .new-mark")).to_be_visible()
    expect(page.locator("#foot > .new-mark")).to_have_count(0)
    check_axe(page)
    page.locator(".trail a").first.tap()
    page.locator(".handbook-news button").tap()
    expect(page.locator(".news-rows")).to_have_count(0)


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_what_is_searched_for_is_found_marked_and_led_to(phone_page, chapter, check_axe, prefix):
    page = phone_page
    log_in(page, f"{prefix}/handbook/")
    page.get_by_role("searchbox").fill(SEARCHED[prefix])
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".found-rows mark")).to_have_count(1)
    check_axe(page)
    assert fits(page)
    page.locator(".found-rows a").tap()
    expect(page.locator("#foot")).to_be_in_viewport()
    page.go_back()
    page.get_by_role("searchbox").fill("zebra")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("main [role=status]")).to_contain_text("zebra")
    check_axe(page)


def test_a_passage_keeps_its_address_when_it_moves_to_another_chapter(page, chapter):
    log_in(page, "/handbook/")
    page.goto("/handbook/at/log/")
    address = page.locator("#log .passage-address").get_attribute("href")
    other = ChapterFactory(station=chapter.station, slug="other", position=3, body="1. Keep a log. {#log}")
    page.goto(address)
    assert page.url.endswith(f"/chapters/{other.slug}/#log")
    page.goto("/handbook/at/foot/")
    assert page.url.endswith("/chapters/task/#foot")


def test_without_javascript_on_the_narrowest_screen_everything_is_there(open_page, chapter):
    page = open_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    log_in(page, "/handbook/")
    for link in (".chapter-row h3 a >> nth=1", ".chapter-around a"):
        width = page.locator("body").bounding_box()["width"]
        assert width <= 320
        page.locator(link).first.click()
    expect(page.locator("h1")).to_contain_text("Title of strategy")
    page.locator(".chapter-read button").click()
    expect(page.locator(".notice-success")).to_be_visible()


def test_by_keyboard_one_comes_from_the_contents_into_a_chapter_and_to_its_passages(page, chapter):
    log_in(page, "/handbook/")
    reached = []
    for _press in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.name")
        )
        if str(reached[-1]).endswith("/chapters/task/"):
            break
    assert "q" in reached
    page.keyboard.press("Enter")
    page.wait_for_url("**/chapters/task/")
    assert page.evaluate("getComputedStyle(document.querySelector('.passage-address')).display") != "none"


def test_an_editors_chapter_is_clean_too_and_offers_to_change_the_text(phone_page, chapter, check_axe):
    log_in(phone_page, "/handbook/", "signe")
    check_axe(phone_page)
    phone_page.goto("/handbook/at/log/")
    phone_page.locator("#log .passage-editor > summary").tap()
    check_axe(phone_page)
    assert fits(phone_page)
    expect(phone_page.locator(".chapter-links a")).to_have_count(2)


def test_on_paper_the_text_stands_without_its_buttons(page, chapter):
    log_in(page, "/handbook/")
    page.goto("/handbook/at/log/")
    page.emulate_media(media="print")
    for hidden in (".passage-row", ".chapter-read", ".chapter-around", ".main-nav", ".trail"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#log")).to_be_visible()
    expect(page.locator(".practice-words").first).to_be_visible()
    assert re.search(r"Signe", page.locator(".chapter-by").inner_text())
