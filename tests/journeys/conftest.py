"""A real browser for the journeys: it reaches the tests' own server and nothing else.

`page` and `phone_page` fail their test on any error in the console, on a script that throws, on a request
that fails, and on a request to anywhere but the site; map tiles are answered here. `demo` loads the demonstration.
"""

import base64
import datetime
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config import environment
from contacts.demo.loading import load_public_side
from officers.demo.loading import load_demo
from sectorlog.demo.loading import load_log
from sectors.models import Station
from sectors.snapshot import Snapshot
from tests import rows_kept

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = (
    "--no-sandbox",  # the tests may run as root, as they do in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What is not answered here fails, wherever the tests run.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
TILE_HOST = urlsplit(environment.TILE_URL.replace("{s}", "a")).netloc
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
# How long a demonstration can be put back: its times are told from the instant at which it was loaded.
PRESENT = datetime.timedelta(minutes=10)
# A cancelled request is no failure: a page that is left, a map that is moved on.
CANCELLED = "net::ERR_ABORTED"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@dataclass
class Complaints:
    """What the browser complained of, less what a test says it provokes itself."""

    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        """Take no offence at complaints that contain `part`, such as "404" for a page that must not exist."""
        self.expected.append(part)

    def unexpected(self) -> list[str]:
        return [text for text in self.heard if not any(part in text for part in self.expected)]

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"console: {message.text} ({message.location.get('url')})")

    def _failed(self, request: Request) -> None:
        if request.failure != CANCELLED:
            self.heard.append(f"request: {request.url} {request.failure}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES) if name)
    # Playwright keeps an event loop in this thread, beside which Django refuses its ORM. Nothing is awaited.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        executable = next(filter(None, found), None)
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """pytest-django's server, but with static files straight from their sources: none need be published."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = StaticFilesHandler
    server.start()
    yield server
    server.stop()


@pytest.fixture
def site(live_server) -> str:
    """The address of the tests' server, over an empty database; no attempts to log in are counted yet."""
    cache.clear()
    Snapshot.forget_all()
    return live_server.url


class Demonstrations:
    """Loads each demonstration once, and then puts back its rows, while it is still of the present."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[datetime.datetime, Station]] = {}

    def load(self, name: str, load: Callable[[], Station], *, of: Station | None = None) -> Station:
        """`of` is the station that `load` adds to: what was added to an earlier one does not fit it."""
        began, station = self.kept.get(name, (None, None))
        if began and self._is_of_the_present(began) and of in (None, station):
            rows_kept.put_back(name)
        else:
            began, station = timezone.localtime(), load()
            if rows_kept.may_be_kept():
                rows_kept.keep(name)
                self.kept[name] = began, station
        Snapshot.forget_all()
        # Not the one that a test had in its hands before.
        return Station.objects.get(pk=station.pk)

    def _is_of_the_present(self, began: datetime.datetime) -> bool:
        now = timezone.localtime()
        return now.date() == began.date() and now - began < PRESENT


@pytest.fixture(scope="session")
def demonstrations() -> Demonstrations:
    return Demonstrations()


@pytest.fixture
def demo(site, demonstrations) -> Station:
    """The demonstration's station, loaded. Nothing else is there: what a test adds, it adds afterwards."""
    return demonstrations.load("demo", load_demo)


@pytest.fixture
def demo_with_log(demo, demonstrations) -> Station:
    """The demonstration with its log."""

    def load() -> Station:
        load_log(demo)
        return demo

    return demonstrations.load("demo_with_log", load, of=demo)


@pytest.fixture
def whole_demo(demo, demonstrations) -> Station:
    """The demonstration with its log and its public side, and its figures counted."""

    def load() -> Station:
        load_log(demo)
        load_public_side(demo)
        call_command("count_figures", "--all", verbosity=0)
        return demo

    return demonstrations.load("whole_demo", load, of=demo)


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def no_map() -> None:
    """Say that a journey meets no map, and so needs no tiles: it fails if it asks for one.

    To answer for others, the browser is stopped at each request and forgets its cache: a page comes in 0.4 s instead
    of 0.15 s.
    """


@pytest.fixture
def open_page(request, browser, site, complaints):
    """Make further pages, each with cookies of its own: open_page(java_script_enabled=False, …)."""
    contexts = []

    def open_one(**options) -> Page:
        context = browser.new_context(base_url=site, locale="en-GB", **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if "no_map" not in request.fixturenames:
            context.route(lambda url: not url.startswith(site), _answer_for_others)
        context.on("page", complaints.listen)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints.unexpected(), "\n".join(complaints.unexpected())


def _answer_for_others(route: Route) -> None:
    if urlsplit(route.request.url).netloc == TILE_HOST:
        route.fulfill(body=TILE, content_type="image/png")
    else:
        route.abort("addressunreachable")


@pytest.fixture
def page(open_page) -> Page:
    """A page on a desk: 1280 by 800 pixels."""
    return open_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone_page(open_page) -> Page:
    """A page on a small phone with a touch screen: 360 by 740 pixels."""
    return open_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)


@pytest.fixture
def check_axe():
    """Assert that axe finds nothing wrong with a page: check_axe(page), check_axe(page, exclude=[".x"])."""

    def check(page: Page, *, exclude: list[str] | None = None) -> None:
        # A click that leads elsewhere returns once the next page has begun: axe would judge half of it.
        page.wait_for_load_state()
        context = {"exclude": [[part] for part in exclude]} if exclude else None
        # Without `preload`, which fetches style sheets once more, and imported ones from wrong addresses.
        found = Axe().run(page, context=context, options={"resultTypes": ["violations"], "preload": False})
        report = [
            f"{violation['id']}: {violation['help']}: {node['html']}\n{node.get('failureSummary', '')}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]
        assert not report, f"{page.url}\n" + "\n\n".join(report)

    return check


@pytest.fixture
def log_in():
    """Log in on the login page, towards the admin: log_in(page, email, password)."""

    def run(page: Page, email: str, password: str, *, prefix: str = "") -> None:
        page.goto(f"{prefix}/account/login/?next={prefix}/admin/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(password)
        page.locator("form:has([name=login]) [type=submit]").click()
        page.wait_for_url(lambda url: urlsplit(url).path == f"{prefix}/admin/")

    return run
