"""The box "find my officer" on the page of a municipality: another origin, with a content security policy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from contacts.api import buckets
from sectors.snapshot import Snapshot
from tests.factories import (
    SIDE,
    WEST,
    AddressFactory,
    AssignmentFactory,
    DistrictFactory,
    SectorFactory,
    division_of,
)

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>Municipality</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><main><h1>Municipality</h1>{tags}</main></body></html>"""


class Municipality(ThreadingHTTPServer):
    """A site of somebody else; a test sets what its page contains."""

    tags = ""
    language = "en"
    policy = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Answer(BaseHTTPRequestHandler):
    server: Municipality

    def do_GET(self) -> None:
        body = PAGE.format(language=self.server.language, tags=self.server.tags).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture
def municipality() -> Iterator[Municipality]:
    server = Municipality(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def quarter(site) -> SimpleNamespace:
    """Two sectors side by side: the first with an officer and addresses, the second vacant."""
    district = DistrictFactory()
    west, east = (
        SectorFactory(district=district, number=number, name=name, slug=name.lower())
        for number, name in ((1, "Husum"), (2, "Utterslev"))
    )
    division_of(west, east)
    appointment = AssignmentFactory(sector=west, officer__name="Mette Holm", officer__phone="+45 11 22 33 44")
    AddressFactory(street__name="Islevhusvej", number=4, column=0)
    AddressFactory(street__name="Skovvej", number=1, column=1)
    for column in range(2):
        AddressFactory(street__name="Langgade", number=column + 1, column=column)
    Snapshot.forget_all()
    buckets.reads.forget()
    return SimpleNamespace(west=west, east=east, appointment=appointment)


@pytest.fixture
def visit(open_page, site, municipality):
    """Open the municipality's page with one tag or several: visit(page options, tags=…)."""

    def go(*, tags: str | None = None, **options) -> Page:
        tag = f'<script src="{site}/find-my-officer.js" async></script>'
        municipality.tags = tag if tags is None else tags
        page = open_page(**options)
        page.route(f"{municipality.url}**", lambda route: route.continue_())
        page.asked = set()
        page.on("request", lambda request: page.asked.add(urlsplit(request.url).netloc))
        page.goto(municipality.url)
        return page

    return go


def box(page: Page, number: int = 0) -> Locator:
    found = page.locator("[data-find-my-officer]").nth(number)
    expect(found.get_by_role("searchbox").or_(found.get_by_role("textbox"))).to_be_visible()
    return found


def test_by_keyboard_from_an_address_to_the_officers_page(visit, quarter, site, municipality, check_axe):
    page = visit()
    found = box(page)
    check_axe(page)
    page.keyboard.press("Tab")
    expect(found.get_by_label("Your address")).to_be_focused()
    page.keyboard.type("islevhusvej 4")
    page.keyboard.press("Enter")
    answer = found.get_by_role("status")
    expect(answer).to_contain_text("Your police officer in Husum")
    expect(answer).to_contain_text("Mette Holm")
    expect(answer.get_by_role("link", name="Call +45 11 22 33 44")).to_have_attribute(
        "href", "tel:+4511223344"
    )
    check_axe(page)
    for _stop in range(3):  # the button, the telephone, the page
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/sectors/husum/")
    assert page.context.cookies() == []


def test_it_asks_this_site_alone_and_keeps_nothing(visit, quarter, site, municipality):
    page = visit()
    found = box(page)
    found.get_by_label("Your address").fill("Islevhusvej 4")
    found.get_by_role("button").click()
    expect(found.get_by_role("status")).to_contain_text("Mette Holm")
    assert page.asked == {urlsplit(site).netloc, urlsplit(municipality.url).netloc}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize(
    ("address", "said", "link"),
    [
        ("Langgade", "There are several", "/sectors/utterslev/"),
        ("Skovvej 1", "No officer at the moment", "/sectors/utterslev/"),
        ("Nowhere Street 5", "No officer was found", "/find/?q=Nowhere+Street+5"),
        ("!!!", "Type a street and a house number.", "/find/?q=%21%21%21"),
    ],
)
def test_every_outcome_is_said_and_leads_on(visit, quarter, site, complaints, address, said, link):
    complaints.expect("422")
    page = visit()
    found = box(page)
    found.get_by_label("Your address").fill(address)
    found.get_by_label("Your address").press("Enter")
    answer = found.get_by_role("status")
    expect(answer).to_contain_text(said)
    assert site + link in [row.get_attribute("href") for row in answer.get_by_role("link").all()]


def test_near_a_border_the_neighbour_is_named_too(visit, quarter, site):
    near = AddressFactory(street__name="Markskel", number=1)
    near.location.x = WEST + SIDE - 0.0002  # 13 metres from the second sector
    near.save()
    Snapshot.forget_all()
    found = box(visit())
    found.get_by_label("Your address").fill("Markskel 1")
    found.get_by_role("button").click()
    answer = found.get_by_role("status")
    expect(answer).to_contain_text("Mette Holm")
    expect(answer).to_contain_text("Close by begins:")
    expect(answer.get_by_role("link", name="Utterslev")).to_have_attribute(
        "href", f"{site}/sectors/utterslev/"
    )


def test_nothing_typed_is_said_and_the_field_has_the_focus(visit, quarter):
    found = box(visit())
    found.get_by_role("button").click()
    expect(found.get_by_role("status")).to_have_text("Type a street and a house number.")
    expect(found.get_by_label("Your address")).to_be_focused()


def test_a_strict_content_security_policy_lets_it_stand_with_its_style(visit, quarter, site, municipality):
    municipality.policy = f"default-src 'none'; img-src data:; script-src {site}; connect-src {site}"
    found = box(visit())
    found.get_by_label("Your address").fill("Islevhusvej 4")
    found.get_by_role("button").click()
    expect(found.get_by_role("status")).to_contain_text("Mette Holm")
    assert found.get_by_role("button").evaluate("button => getComputedStyle(button).fontWeight") == "700"


def test_where_asking_is_forbidden_the_box_leads_to_the_site(visit, quarter, site, municipality, complaints):
    complaints.expect("Content Security Policy")
    complaints.expect("Refused to connect")
    complaints.expect("/api/v1/locate")
    municipality.policy = f"default-src 'none'; img-src data:; script-src {site}"
    found = box(visit())
    found.get_by_label("Your address").fill("Islevhusvej 4")
    found.get_by_role("button").click()
    expect(found.get_by_role("status")).to_contain_text("does not work")
    link = found.get_by_role("link")
    expect(link).to_have_attribute("href", f"{site}/find/?q=Islevhusvej+4")


def test_several_boxes_of_two_languages_stand_on_one_page(visit, quarter, site, municipality, check_axe):
    tag = f'<script src="{site}/find-my-officer.js" async data-language="%s"></script>'
    page = visit(tags=tag % "da" + tag % "en")
    danish, english = (page.locator(f"[data-find-my-officer][lang={code}]") for code in ("da", "en"))
    expect(english.get_by_label("Your address")).to_be_visible()
    danish.get_by_role("textbox").fill("Islevhusvej 4")
    danish.get_by_role("button").click()
    expect(danish.get_by_role("status")).to_contain_text("Mette Holm")
    expect(english.get_by_role("status")).to_be_empty()
    assert f"{site}/da/sectors/husum/" in [
        row.get_attribute("href") for row in danish.get_by_role("link").all()
    ]
    check_axe(page)


def test_without_a_language_it_speaks_that_of_the_page(visit, quarter, municipality):
    municipality.language = "da-DK"
    assert box(visit()).get_attribute("lang") == "da"


def test_the_link_before_it_gives_way_and_stays_without_script(visit, quarter, site):
    tags = (
        f'<a href="{site}/">Find your police officer</a>'
        f'<script src="{site}/find-my-officer.js" async></script><p><a href="/other">Other</a></p>'
    )
    page = visit(tags=tags)
    box(page)
    expect(page.locator("main > a")).to_have_count(0)
    expect(page.get_by_role("link", name="Other")).to_be_visible()
    page = visit(tags=tags, java_script_enabled=False)
    expect(page.get_by_role("link", name="Find your police officer")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_column_holds_it(visit, quarter, check_axe, scheme):
    page = visit(viewport={"width": 280, "height": 700}, color_scheme=scheme)
    found = box(page)
    found.get_by_label("Your address").fill("Langgade")
    found.get_by_role("button").click()
    expect(found.get_by_role("status").get_by_role("link")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 280
    sizes = [part.bounding_box()["height"] for part in found.locator("input, button, a").all()]
    assert min(sizes) >= 44
    check_axe(page)


def test_an_answer_that_was_overtaken_is_not_shown(visit, quarter, site):
    page = visit()
    found = box(page)
    slow = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route(f"{site}/api/v1/locate?address=Langgade", hold)
    found.get_by_label("Your address").fill("Langgade")
    found.get_by_role("button").click()
    found.get_by_label("Your address").fill("Islevhusvej 4")
    found.get_by_role("button").click()
    expect(found.get_by_role("status")).to_contain_text("Mette Holm")
    with page.expect_response(lambda response: "Langgade" in response.url):
        slow[0].continue_()
    expect(found.get_by_role("status")).to_contain_text("Mette Holm")


@pytest.mark.parametrize("path", ["/embed/", "/da/embed/", "/api/v1/docs", "/da/api/v1/docs"])
@pytest.mark.parametrize("width", [320, 1280])
def test_its_page_and_the_documentation_are_in_order(open_page, quarter, check_axe, path, width):
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for example in page.locator("summary").all():
        example.click()
    check_axe(page)


def test_the_page_copies_the_tag(open_page, quarter):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/embed/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert 'find-my-officer.js" async data-language="en"></script>' in copied
