"""Every page of the overview and of the surveys: in order for axe, on a phone and on a desk, by day and by night."""

import datetime
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import SurveyRound
from officers.demo.organisation import ANALYST, OFFICER, STATION_HEAD, VACANT_SECTOR, Login
from officers.demo.streets import LONG_STREETS
from overview.figures.catalogue import FIGURES
from overview.gaps import GapKind
from overview.measures import GAPS
from overview.scope import key_of
from sectors.models import Address, Boundary, BoundaryRelease, Station
from tests.factories import BoundaryReleaseFactory

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
LOOKS = ((NARROW, "dark"), (WIDE, "light"))
DAY = datetime.timedelta(days=1)
OVERVIEW = "/station/overview/"
FIGURE_PAGES = [f"{OVERVIEW}figures/?figure={slug}" for slug in FIGURES]
OFFICERS_PAGES = [
    f"{OVERVIEW}attention/",
    f"{OVERVIEW}attention/?mine=1",
    f"{OVERVIEW}attention/?mine=1&kind=party&kind=promise&order=longest",
]


@pytest.fixture
def draft(demo) -> BoundaryRelease:
    """A division in which the vacant sector's ground and its neighbour's change places."""
    areas = {one.sector: one.area for one in Boundary.objects.active_at(timezone.now())}
    vacant, neighbour = (demo.sectors.get(number=number) for number in (VACANT_SECTOR, VACANT_SECTOR + 1))
    areas[vacant], areas[neighbour] = areas[neighbour], areas[vacant]
    return BoundaryReleaseFactory(station=demo, name="Redrawn", areas=areas)


def test_every_page_is_in_order_on_phone_and_desk_by_day_and_night(
    whole_demo, draft, open_page, check_axe, complaints
):
    # One test: nothing is changed, and the demonstration takes longer to load than to be looked at.
    complaints.expect("422")
    seen: Counter[str] = Counter()
    head = logged_in(open_page, STATION_HEAD)
    for path in heads_pages(whole_demo, draft):
        in_order(head, path, check_axe, seen)
    for login, paths in ((ANALYST, FIGURE_PAGES), (OFFICER, OFFICERS_PAGES)):
        page = logged_in(open_page, login)
        for path in paths:
            in_order(page, path, check_axe, seen)
    the_map_answers_pointer_and_keyboard(head)
    paper_says_which_page_it_is(head)


def logged_in(open_page, login: Login) -> Page:
    # Without transitions: axe would judge colours on their way from one light to the other.
    page = open_page(viewport=WIDE, reduced_motion="reduce")
    page.goto(reverse("account_login"))
    page.locator("[name=login]").fill(login.email)
    page.locator("[name=password]").fill(login.password)
    page.locator("form:has([name=login]) [type=submit]").click()
    expect(page.locator("[name=login]")).to_have_count(0)
    return page


def heads_pages(station: Station, draft: BoundaryRelease) -> Iterator[str]:
    today = timezone.localdate()
    district = key_of(station.districts.order_by("name")[0])
    yield from (OVERVIEW, f"{OVERVIEW}?where={quote(district)}", f"{OVERVIEW}gaps/")
    yield from (f"{OVERVIEW}gaps/?kind={kind}" for kind in GapKind)
    yield from (f"{OVERVIEW}day/?on={day}" for day in ("", today + 7 * DAY, today + 90 * DAY, "someday"))
    yield from (
        f"{OVERVIEW}attention/{query}" for query in ("", "?kind=message", "?kind=group&order=longest")
    )
    yield from FIGURE_PAGES
    yield f"{OVERVIEW}figures/?figure=answers&period=never"
    yield from (f"{OVERVIEW}map/?measure={slug}" for slug in (GAPS, "mirror"))
    yield from comparing(station, draft, today)
    yield from surveys(station)


def comparing(station: Station, draft: BoundaryRelease, today: datetime.date) -> Iterator[str]:
    """What if, and back then: asked, answered, refused."""
    yield f"{OVERVIEW}what-if/"
    yield from (
        f"{OVERVIEW}what-if/releases/{draft.pk}/{query}" for query in ("", "?of=sectors", "?of=parties")
    )
    vacant = station.sectors.get(number=VACANT_SECTOR).slug
    asked = {"sector": vacant, "officer": station.officers.get(name="Ulrik Udkast").pk, "role": "responsible"}
    yield f"{OVERVIEW}what-if/appointment/"
    yield f"{OVERVIEW}what-if/appointment/?{urlencode(asked)}"
    yield f"{OVERVIEW}what-if/appointment/?sector=nowhere&officer="
    yield f"{OVERVIEW}what-if/planned/?sector={vacant}&at={today + 30 * DAY}T12:00"
    door = Address.objects.filter(sector__number=1).select_related("street").order_by("pk")[0]
    for place in (
        {"q": f"{door.street.name} {door.house}, {door.street.postcode}"},
        {"q": next(iter(LONG_STREETS))},
        {"q": "Aarhus", "lat": "56.15", "lon": "10.2"},
        {"sector": vacant},
        {},
    ):
        yield f"{OVERVIEW}back-then/?{urlencode({'date': today - DAY, **place})}"
    yield f"{OVERVIEW}back-then/"
    yield f"{OVERVIEW}back-then/?{urlencode({'date': today + DAY, 'sector': vacant})}"


def surveys(station: Station) -> Iterator[str]:
    yield from (reverse("contacts:survey_list"), reverse("contacts:survey_add"))
    over, running = SurveyRound.objects.filter(station=station).order_by("opens_on").reverse()[1::-1]
    yield from (reverse("contacts:survey_detail", args=[one.uuid]) for one in (over, running))
    yield reverse("contacts:survey_change", args=[running.uuid])
    sector = station.sectors.get(number=1)
    yield reverse("contacts:survey_paper", args=[running.uuid, sector.slug])


def in_order(page: Page, path: str, check_axe, seen: Counter[str]) -> None:
    """Look at a page in both widths and lights. Axe, which is slow, judges the first of a kind in both."""
    kind = urlsplit(path).path
    turn, seen[kind] = seen[kind], seen[kind] + 1
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in (200, 422), path
    for place, (size, light) in enumerate(LOOKS):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=light)
        if turn == 0 or turn % 2 == place:
            check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (path, size)


def the_map_answers_pointer_and_keyboard(page: Page) -> None:
    page.goto(f"{OVERVIEW}map/?measure=mirror")
    expect(page.locator("path.leaflet-interactive")).to_have_count(19)
    numbers = page.locator(".map-number span")
    assert sorted(int(number) for number in numbers.all_inner_texts()) == list(range(1, 20))
    row = page.locator("[data-sector=vanloese]")
    row.hover()
    expect(page.locator("path[stroke-width='5']")).to_have_count(1)
    page.mouse.move(0, 0)
    expect(page.locator("path[stroke-width='5']")).to_have_count(0)
    row.locator("a").focus()
    expect(page.locator("path[stroke-width='5']")).to_have_count(1)
    page.locator("path.leaflet-interactive").first.click()
    closer = page.locator(".map-closer")
    slug = page.locator(".measure-rows [data-sector].is-stressed").get_attribute("data-sector")
    words = page.locator(f"[data-sector='{slug}']")
    expect(closer.locator("strong")).to_have_text(words.locator("a").inner_text())


def paper_says_which_page_it_is(page: Page) -> None:
    page.goto(f"{OVERVIEW}attention/")
    page.emulate_media(media="print")
    expect(page.locator(".pages p")).to_be_visible()
    expect(page.locator(".pages a")).to_be_hidden()
    page.emulate_media(media="screen")
