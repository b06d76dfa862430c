"""What a head reads is mended where it stands: a gap closes, a citizen's word counts, a survey has results."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.messages.receipts import token_of
from contacts.models import Evaluation, SurveyAnswer, SurveyRound
from contacts.surveys.rounds import DAYS_FOR_PAPER
from officers.demo.organisation import STATION_HEAD, VACANT_SECTOR
from officers.responsibility import answerable
from overview.figures.counting import count
from overview.figures.periods import first_of, moved
from sectors.instants import instant_of
from sectors.models import Sector, Station
from tests.contacts.survey_scene import answer
from tests.factories import EvaluationFactory, MessageFactory, SurveyRoundFactory

OVERVIEW = "/station/overview/"
DAY = datetime.timedelta(days=1)
UNCOVERED_SECTOR = 19
FEWEST = 5


@pytest.fixture
def as_head(demo):
    def run(page: Page) -> Page:
        page.goto(f"/account/login/?next={OVERVIEW}")
        page.locator("[name=login]").fill(STATION_HEAD.email)
        page.locator("[name=password]").fill(STATION_HEAD.password)
        page.locator("form:has([name=login]) [type=submit]").click()
        page.wait_for_url(f"**{OVERVIEW}")
        return page

    return run


def gaps_of(page: Page, sector: Sector, kind: str):
    page.goto(f"{OVERVIEW}gaps/?kind={kind}")
    return page.locator(".gap-row", has=page.get_by_role("heading", name=f"{sector.number} {sector.name}"))


def test_a_vacant_sector_is_gone_from_the_gaps_once_somebody_is_appointed(page, demo, as_head):
    vacant = demo.sectors.get(number=VACANT_SECTOR)
    row = gaps_of(as_head(page), vacant, "vacant")
    row.get_by_role("link", name="Appoint").click()
    expect(page.locator("[name=sector] option:checked")).to_have_text(str(vacant))
    page.locator("[name=officer]").select_option(label="Ulrik Udkast")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Ulrik Udkast")
    assert answerable(vacant.pk).officer.name == "Ulrik Udkast"
    expect(gaps_of(page, vacant, "vacant")).to_have_count(0)


def test_an_absence_is_gone_from_the_gaps_once_somebody_covers(phone_page, demo, as_head):
    alone = demo.sectors.get(number=UNCOVERED_SECTOR)
    assert answerable(alone.pk).officer is None
    row = gaps_of(as_head(phone_page), alone, "uncovered")
    row.get_by_role("link", name="Arrange cover").tap()
    expect(phone_page.get_by_role("heading", level=1)).to_contain_text("Svend Skuespil")
    covering = demo.officers.get(name="Ulrik Udkast")
    phone_page.locator("[name=officer]").select_option(str(covering.pk))
    phone_page.get_by_role("button", name="Save the cover").tap()
    expect(phone_page.locator(".messagelist .success")).to_be_visible()
    assert answerable(alone.pk).officer_id == covering.pk
    expect(gaps_of(phone_page, alone, "uncovered")).to_have_count(0)


def evaluate(page: Page, sector: Sector) -> None:
    """Say by telephone of a message, which was closed, that one got help."""
    message = MessageFactory(sector=sector, closed_at=timezone.now(), result="settled")
    page.goto(f"/messages/{token_of(message)}/")
    asked = page.locator(".evaluation")
    asked.get_by_role("group", name="Did you get help?").get_by_label("Yes").check()
    asked.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", name="Thank you for your answers")).to_be_visible()


def answers_told(page: Page, sector: Sector, *, night: int) -> str:
    """Count the month as a night after its end does, and read how many answers the head is told of."""
    month = first_of(timezone.localdate())
    count([month], instant_of(moved(month, 1) + night * DAY))
    page.goto(f"{OVERVIEW}figures/?figure=evaluations&where=sector:{sector.slug}")
    row = page.get_by_role("row", name=f"{sector.number} {sector.name}").first
    return row.get_by_role("cell").first.inner_text()


def test_what_citizens_say_is_told_from_the_fifth_on(phone_page, open_page, demo, as_head):
    sector = demo.sectors.get(number=1)
    EvaluationFactory.create_batch(
        FEWEST - 2, sector=sector, month=first_of(timezone.localdate()), got_help="yes"
    )
    head = as_head(open_page(viewport={"width": 1280, "height": 800}))
    evaluate(phone_page, sector)
    assert str(FEWEST - 1) not in answers_told(head, sector, night=1)
    evaluate(phone_page, sector)
    assert Evaluation.objects.filter(sector=sector).count() == FEWEST
    assert answers_told(head, sector, night=2) == str(FEWEST)


def hold_round(page: Page) -> SurveyRound:
    """Make a round that is open from today on, in the form."""
    today = timezone.localdate()
    page.locator(".week-more a[href$='/station/surveys/']").click()
    page.get_by_role("link", name="Make a round").click()
    page.locator("[name=name]").fill("This spring")
    page.locator("[name=opens_on]").fill(f"{today}")
    page.locator("[name=closes_on]").fill(f"{today + 7 * DAY}")
    page.locator("main form .button-main").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("This spring")
    return SurveyRound.objects.get(name="This spring")


def answer_survey(page: Page, sector: Sector, *, knows: str) -> None:
    page.goto(f"/sectors/{sector.slug}/survey/")
    page.get_by_role("group", name="Do you know your police officer").get_by_label(knows, exact=True).check()
    page.get_by_role("button", name="Send").tap()
    expect(page.locator(".survey-form")).to_have_count(0)


def test_a_round_goes_from_the_heads_form_to_results_beside_the_round_before(
    page, phone_page, demo: Station, as_head, check_axe
):
    sector, today = demo.sectors.get(number=1), timezone.localdate()
    before = SurveyRoundFactory(
        station=demo, name="Last spring", opens_on=today - 200 * DAY, closes_on=today - 180 * DAY
    )
    answer(before, sector, 10, yes=4)
    held = hold_round(as_head(page))
    # It has been open for a month; nobody may move its first day once somebody has answered.
    SurveyRound.objects.filter(pk=held.pk).update(opens_on=today - 30 * DAY)
    for knows in ("Yes", "Yes", "Yes", "Yes", "No"):
        answer_survey(phone_page, sector, knows=knows)
    assert SurveyAnswer.objects.filter(round=held, sector=sector).count() == FEWEST
    page.reload()
    expect(page.locator(".survey-results")).to_have_count(0)
    # Sheets can still be typed in, which would tell what the five said.
    SurveyRound.objects.filter(pk=held.pk).update(closes_on=today - DAY)
    page.reload()
    expect(page.locator(".survey-results")).to_have_count(0)
    SurveyRound.objects.filter(pk=held.pk).update(closes_on=today - (DAYS_FOR_PAPER + 1) * DAY)
    page.reload()
    results = page.locator(".survey-results")
    expect(results).to_contain_text("Last spring")
    told = results.get_by_role("row", name=str(sector)).get_by_role("cell").first
    expect(told).to_contain_text("80")
    expect(told).to_contain_text("40")
    check_axe(page)
