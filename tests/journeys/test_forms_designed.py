"""The head of a district draws up a form with all that a form can ask, looks at it and publishes it."""

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from officers.demo.organisation import DISTRICT_HEAD
from sectorlog.models import FormVersion
from tests.factories import FormVersionFactory

pytestmark = pytest.mark.usefixtures("no_map")

LANGUAGES = pytest.mark.parametrize("prefix", ["", "/da"])
KINDS = FormVersion.Kind


@pytest.fixture
def as_head(demo, log_in):
    def run(page: Page, prefix: str = "") -> None:
        log_in(page, DISTRICT_HEAD.email, DISTRICT_HEAD.password, prefix=prefix)
        page.goto(f"{prefix}/log/forms/")

    return run


def begin(page: Page, prefix: str, name: str) -> None:
    """Draw up a new form, as far as its first field."""
    page.locator(f"a[href='{prefix}/log/forms/add/']").click()
    page.locator("[name=name_en]").fill(name)
    page.locator("[name=name_da]").fill(f"{name} på dansk")
    page.locator("main form [type=submit]").click()
    expect(page.locator("[data-form-draft]")).to_be_visible()


def main_button(page: Page):
    return page.locator("main form .button-main")


def form_called(name: str) -> FormVersion:
    return FormVersion.objects.get(name__en=name)


@LANGUAGES
def test_a_form_of_all_ten_kinds_is_drawn_up_previewed_and_published(page, as_head, check_axe, prefix):
    as_head(page, prefix)
    check_axe(page)
    begin(page, prefix, "School visit")
    check_axe(page)
    page.locator("[value=add]").click()
    for kind in KINDS.values:
        page.locator("[name=kind]").select_option(kind)
        page.locator("[name=label_en]").fill(f"Asks {kind}")
        page.locator("[name=label_da]").fill(f"Spørger {kind}")
        has_choices = kind in ("choice", "choices")
        expect(page.locator("[data-choices]")).to_be_visible(visible=has_choices)
        if has_choices:
            choose(page)
            check_axe(page)
        page.locator("[value=another]").click()
        expect(page.locator("[name=label_en]")).to_have_value("")
    check_axe(page)

    page.goto(f"{prefix}/log/forms/{form_called('School visit').template.uuid}/draft/")
    expect(page.locator(".draft-fields > li")).to_have_count(10)
    page.locator("[value='down:asks-text']").click()
    expect(page.locator(".draft-fields > li").nth(1)).to_have_attribute("id", "field-asks-text")
    expect(page.locator("#field-asks-text button").first).to_be_focused()
    check_axe(page)

    page.locator("[value=preview]").click()
    label = "Spørger" if prefix else "Asks"
    for kind in KINDS.values:
        expect(page.get_by_text(f"{label} {kind}", exact=True)).to_be_visible()
    check_axe(page)
    page.locator("a.button-main").click()
    page.wait_for_url("**/publish/")
    check_axe(page)
    main_button(page).click()
    with translation.override(prefix.removeprefix("/") or "en"):
        expect(page.locator("h1")).to_have_text(str(form_called("School visit")))
    expect(page.locator(".is-now")).to_have_count(1)
    check_axe(page)
    version = form_called("School visit")
    assert version.published_at is not None
    assert [one["kind"] for one in version.fields] == ["long_text", "text", *KINDS.values[2:]]
    assert [choice["label"] for choice in version.fields[3]["choices"]] == [
        {"en": "hostile"},
        {"en": "calm", "da": "rolig"},
    ]


def choose(page: Page) -> None:
    """Write three choices, take one away, and put the last one first; all of it in place."""
    rows = page.locator("[data-choice]")
    rows.nth(0).locator("[name=choice_en]").fill("calm")
    rows.nth(0).locator("[name=choice_da]").fill("rolig")
    rows.nth(1).locator("[name=choice_en]").fill("noisy")
    page.locator("[data-choice-more]").click()
    page.keyboard.type("hostile")
    rows.nth(1).locator("[value='remove:1']").click()
    rows.nth(1).locator("[value='up:1']").click()
    expect(rows.nth(0).locator("[name=choice_en]")).to_have_value("hostile")


def test_without_javascript_a_choice_is_given_its_choices_and_moved(open_page, as_head):
    page = open_page(java_script_enabled=False)
    as_head(page)
    begin(page, "", "Plain form")
    page.locator("[value=add]").click()
    page.locator("[name=kind]").select_option("choice")
    page.locator("[name=label_en]").fill("Mood")
    page.locator("[name=choice_en]").nth(0).fill("calm")
    page.locator("[name=choice_en]").nth(1).fill("noisy")
    page.locator("[value=more]").click()
    expect(page.locator("[name=choice_en]")).to_have_count(4)
    page.locator("[name=choice_en]").nth(2).fill("hostile")
    page.locator("[value='down:0']").click()
    main_button(page).click()
    expect(page.locator(".draft-fields > li")).to_have_count(1)
    [mood] = form_called("Plain form").fields
    assert [choice["value"] for choice in mood["choices"]] == ["noisy", "calm", "hostile"]


def test_a_form_of_the_station_is_adapted_for_the_district_on_a_phone(phone_page, demo, as_head, check_axe):
    card = {"key": "card", "kind": "yes_no", "label": {"en": "Card left"}, "required": False, "choices": []}
    ours = FormVersionFactory(
        template__station=demo, template__slug="call", fields=[card], name={"en": "Call"}
    )
    page = phone_page
    as_head(page)
    page.locator(f"a[href='/log/forms/{ours.template.uuid}/adapt/']").tap()
    expect(page.locator("[name=place]")).to_be_checked()
    check_axe(page)
    main_button(page).tap()
    page.locator("[value='change:card']").tap()
    page.locator("[name=label_en]").fill("Card and leaflet left")
    main_button(page).tap()
    expect(page.locator("#field-card")).to_contain_text("Card and leaflet left")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    check_axe(page)
