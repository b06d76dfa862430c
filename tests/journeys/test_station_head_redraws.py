"""The station head redraws a border by mouse and keyboard, sees what moves, publishes; citizens follow at once."""

import re

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Locator, Page, expect

from officers.demo.organisation import STATION_HEAD
from sectors import division
from sectors.boundaries.moves import moves
from sectors.boundaries.publication import draft_from
from sectors.models import BoundaryRelease
from tests.factories import (
    BoundaryReleaseFactory,
    DistrictFactory,
    LeadershipFactory,
    SectorFactory,
    UserFactory,
    square,
)

LIST = "/admin/sectors/boundaryrelease/"


@pytest.fixture
def draft(site) -> BoundaryRelease:
    """A copy of four squares in force that meet in one corner: 1 Alpha and 2 Beta in the south, 3 and 4 north."""
    district = DistrictFactory()
    names = ("Alpha", "Beta", "Gamma", "Delta")
    squares = [square(column, row) for row in (0, 1) for column in (0, 1)]
    sectors = [
        SectorFactory(district=district, number=number, name=name)
        for number, name in enumerate(names, start=1)
    ]
    in_force = BoundaryReleaseFactory(
        station=district.station, areas=dict(zip(sectors, squares, strict=True)), in_force=True
    )
    return draft_from(in_force, name="Spring", by=None)


@pytest.fixture
def session(draft, client) -> dict[str, str]:
    """The cookie of the station head's session."""
    user = UserFactory()
    LeadershipFactory(user=user, station=draft.station)
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value}


@pytest.fixture
def head(page, site, session) -> Page:
    """The station head's page, logged in."""
    page.context.add_cookies([{**session, "url": site}])
    return page


def open_draft(page: Page, draft: BoundaryRelease) -> None:
    page.goto(f"{LIST}{draft.pk}/change/")
    expect_ready(page)


def expect_ready(page: Page) -> None:
    expect(page.locator("[data-editor=map]")).to_have_attribute("data-ready", "true")
    expect(page.locator("[data-editor=consequences]")).to_have_attribute("aria-busy", "false")


def select(page: Page, number: int) -> None:
    """Choose a sector in the list; the map then shows it whole, with its corners."""
    button = page.locator("[data-editor=sectors] button").filter(has_text=re.compile(rf"^{number} "))
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(corners(page).first).to_be_visible()


def corners(page: Page) -> Locator:
    return page.locator(".editor-corner")


def shared_corner(page: Page) -> Locator:
    """A corner that other sectors have too: its label names them."""
    return page.locator(".editor-corner[aria-label*=',']").first


def drag(page: Page, handle: Locator, right: float, down: float) -> None:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def save(page: Page) -> None:
    with page.expect_response("**/areas/") as answer:
        page.locator("[data-act=save]").click()
    assert answer.value.ok
    expect(page.locator("[data-editor=unsaved]")).to_be_hidden()
    expect_ready(page)


def inner_move(draft: BoundaryRelease) -> tuple[Point, int]:
    """A point in ground that passes from one sector to another, and the sector that receives it."""
    move = next(move for move in moves(draft) if move.from_sector and move.to_sector)
    return move.geometry.point_on_surface, move.to_sector.pk


@pytest.mark.parametrize("prefix", ["", "/da"])
def test_from_the_boundaries_in_force_to_new_ones(page, demo, log_in, prefix, check_axe):
    log_in(page, STATION_HEAD.email, STATION_HEAD.password, prefix=prefix)
    page.goto(f"{prefix}{LIST}")
    check_axe(page)
    page.locator("[data-release=draw]").click()
    check_axe(page)
    page.locator("[name=name]").fill("Spring")
    page.locator(".submit-row input").click()
    expect_ready(page)
    check_axe(page)
    draft = BoundaryRelease.objects.get(name="Spring")

    select(page, 5)
    check_axe(page)
    drag(page, shared_corner(page), 40, 30)
    expect(page.locator("[data-editor=unsaved]")).to_be_visible()
    expect(page.locator("[data-editor=status]")).not_to_be_empty()
    handle = corners(page).nth(2)
    handle.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowLeft")
    before = corners(page).count()
    page.locator(".editor-midpoint").first.focus()
    page.keyboard.press("Enter")
    expect(corners(page)).to_have_count(before + 1)
    page.keyboard.press("Shift+ArrowRight")
    save(page)
    check_axe(page)

    expect(page.locator("[data-release=moves] tbody tr").first).to_be_visible()
    count = page.locator("[data-release=moved-addresses]").get_attribute("data-count")
    assert int(count) == sum(move.addresses for move in moves(draft) if move.to_sector) > 0
    expect(page.locator("[data-release=no-findings]")).to_be_visible()
    place, receiver = inner_move(draft)
    assert division.current().owner(place.x, place.y).id != receiver

    page.locator("[data-release=publish] button").click()
    expect(page.locator("[data-release=moved-addresses]")).to_have_attribute("data-count", count)
    check_axe(page)
    page.locator("[data-release=confirm] button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect_read_only(page)
    check_axe(page)

    assert division.current().owner(place.x, place.y).id == receiver
    answer = page.request.get(f"/api/v1/locate?lat={place.y}&lon={place.x}").json()
    near = [neighbour["sector"]["slug"] for neighbour in answer.get("neighbours", [])]
    slug = division.current().owner(place.x, place.y).slug
    assert slug in [(answer["sector"] or {}).get("slug"), *near]


def expect_read_only(page: Page) -> None:
    expect(page.locator("[data-editor=map]")).to_have_attribute("data-ready", "true")
    expect(page.locator("[data-editor=tools]")).to_have_count(0)
    expect(page.locator(".editor-corner")).to_have_count(0)


def central_corner(page: Page) -> Locator:
    """The corner in which all four sectors meet, while 1 Alpha is selected."""
    return page.locator(".editor-corner[aria-label*='4 Delta']")


def test_a_shared_corner_moves_in_all_its_sectors(head, draft):
    open_draft(head, draft)
    select(head, 1)
    drag(head, central_corner(head), 25, -40)
    save(head)
    pairs = {(move.from_sector.number, move.to_sector.number) for move in moves(draft)}
    assert pairs >= {(2, 1), (3, 1)}
    expect(head.locator("[data-release=no-findings]")).to_be_visible()


def test_undo_and_redo_go_back_and_forth_through_many_steps(head, draft):
    open_draft(head, draft)
    select(head, 1)
    corners(head).first.focus()
    for _step in range(12):
        head.keyboard.press("Shift+ArrowUp")
    for _step in range(12):
        head.keyboard.press("Control+z")
    expect(head.locator("[data-editor=unsaved]")).to_be_hidden()
    head.keyboard.press("Control+y")
    expect(head.locator("[data-editor=unsaved]")).to_be_visible()
    save(head)
    assert moves(draft)


def test_corner_is_added_and_removed_in_both_sectors(head, draft):
    open_draft(head, draft)
    select(head, 1)
    before = corners(head).count()
    head.locator(".editor-midpoint").first.click()
    expect(corners(head)).to_have_count(before + 1)
    head.keyboard.press("Delete")
    expect(corners(head)).to_have_count(before)
    expect(head.locator("[data-editor=unsaved]")).to_be_hidden()


def test_new_sector_is_drawn_by_mouse_and_keyboard(head, draft, check_axe):
    open_draft(head, draft)
    head.locator("[data-act=add]").click()
    head.locator("#new-number").fill("77")
    head.locator("#new-name").fill("The Meadow")
    check_axe(head)
    head.locator("[data-editor=new-sector] [type=submit]").click()
    map_ = head.locator("[data-editor=map]")
    check_axe(head)
    box = map_.bounding_box()
    for right, down in ((0.45, 0.45), (0.52, 0.45)):
        map_.click(position={"x": box["width"] * right, "y": box["height"] * down})
    map_.focus()
    head.keyboard.press("Enter")
    head.locator("[data-act=finish]").click()
    save(head)
    expect(head.locator("[data-editor=sectors] button").filter(has_text="77 The Meadow")).to_be_visible()
    new = draft.boundaries.get(sector__number=77)
    assert not draft.boundaries.exclude(pk=new.pk).filter(area__overlaps=new.area).exists()
    expect(head.locator("[data-release=refused]")).to_have_count(0)


def test_removed_sector_is_gone_when_saved(head, draft):
    open_draft(head, draft)
    select(head, 4)
    head.locator("[data-act=remove]").click()
    head.locator("[data-act=undo]").click()
    expect(head.locator("[data-editor=unsaved]")).to_be_hidden()
    select(head, 4)
    head.locator("[data-act=remove]").click()
    save(head)
    assert not draft.boundaries.filter(sector__number=4).exists()
    expect(head.locator("[data-release=findings] li")).to_have_count(1)


def test_second_window_is_told_and_loses_nothing(head, draft, complaints):
    complaints.expect("409")
    open_draft(head, draft)
    other = head.context.new_page()
    open_draft(other, draft)
    for page in (other, head):
        select(page, 1)
        corners(page).first.focus()
        page.keyboard.press("Shift+ArrowUp")
    save(other)
    head.locator("[data-act=save]").click()
    expect(head.locator("[data-editor=problems] li")).to_have_count(1)
    expect(head.locator("[data-editor=unsaved]")).to_be_visible()


def test_self_crossing_border_is_shown_where_it_is(head, draft, complaints, check_axe):
    complaints.expect("422")
    open_draft(head, draft)
    select(head, 1)
    boxes = [handle.bounding_box() for handle in corners(head).all()]
    west, south = min(box["x"] for box in boxes), max(box["y"] for box in boxes)
    centre = central_corner(head).bounding_box()
    drag(head, central_corner(head), west - 20 - centre["x"], (south - centre["y"]) / 2)
    head.locator("[data-act=save]").click()
    problems = head.locator("[data-editor=problems] li")
    expect(problems.first).to_be_visible()
    check_axe(head)
    problems.first.get_by_role("button").click()
    head.keyboard.press("Control+z")
    expect(head.locator("[data-editor=unsaved]")).to_be_hidden()


def test_leaving_with_unsaved_changes_asks_first(head, draft):
    open_draft(head, draft)
    select(head, 1)
    corners(head).first.focus()
    head.keyboard.press("ArrowUp")
    asked = []
    head.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    head.goto(LIST)
    assert asked == ["beforeunload"]


def test_without_javascript_there_are_list_checks_and_publishing(open_page, site, session, draft):
    page = open_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.context.add_cookies([{**session, "url": site}])
    page.goto(f"{LIST}{draft.pk}/change/")
    expect(page.locator("[data-editor=sectors] li")).to_have_count(4)
    expect(page.locator("noscript a")).to_be_visible()
    expect(page.locator("[data-editor=tools]")).to_be_hidden()
    page.locator("[data-editor=consequences] a").click()
    expect(page.locator("[data-release=no-moves]")).to_be_visible()
    page.go_back()
    page.locator("[data-release=publish] button").click()
    page.locator("[data-release=confirm] button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_the_screen(head, draft, width):
    head.set_viewport_size({"width": width, "height": 740})
    for page in ("", "add/", "import/", f"{draft.pk}/change/", f"{draft.pk}/publish/?when=now"):
        head.goto(f"{LIST}{page}")
        assert head.evaluate("document.documentElement.scrollWidth") <= width, page
