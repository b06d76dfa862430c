"""Takes the README's pictures from a running demo: script/screenshots [http://127.0.0.1:8000]."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path("docs/screenshots")
MAP_DRAWN = 1500  # milliseconds
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATION_HEAD = ("station.head@police.example", "demo-station-head")
OFFICER = ("officer@police.example", "demo-officer")


def main(site: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=QUIET
        )
        public_pages(browser, site)
        administration(browser, site)
        handbook(browser, site)
        overview(browser, site)
        survey(browser, site)
        browser.close()


def public_pages(browser: Browser, site: str) -> None:
    desk = open_page(browser, site, 1200, 760)
    desk.goto(f"{site}/")
    shoot(desk, "home")
    phone = open_page(browser, site, 360, 740)
    phone.goto(f"{site}/da/sectors/")
    phone.goto(site + (phone.locator('main a[href*="/sectors/"]').first.get_attribute("href") or ""))
    shoot(phone, "sector-phone")


def administration(browser: Browser, site: str) -> None:
    """Look at a sector; open a draft, choose a sector in it, and throw the draft away again."""
    head = open_page(browser, site, 1200, 860)
    log_in(head, site, STATION_HEAD, "/station/sectors/utterslev/")
    head.get_by_role("heading", name="Utterslev").wait_for()
    shoot(head, "sector-staff")
    head.goto(f"{site}/admin/sectors/boundaryrelease/add/")
    head.locator("[name=name]").fill("Spring")
    head.locator("main [type=submit]").click()
    head.get_by_text("Nordvest").first.click()
    shoot(head, "editor")
    head.locator("a.deletelink, a[href$='/delete/']").first.click()
    head.locator("main [type=submit]").click()


def handbook(browser: Browser, site: str) -> None:
    """Read a chapter on a phone, at a point below which officers have contributed."""
    phone = open_page(browser, site, 360, 740)
    log_in(phone, site, OFFICER, "/handbook/")
    phone.goto(f"{site}/handbook/at/visits/")
    phone.locator("#visits .practice").first.wait_for()
    shoot(phone, "handbook-phone")


def overview(browser: Browser, site: str) -> None:
    """Look at a head's Monday: what is lacking, and what waits."""
    head = open_page(browser, site, 1200, 860)
    log_in(head, site, STATION_HEAD, "/station/overview/")
    head.goto(f"{site}/station/overview/")
    shoot(head, "overview")


def survey(browser: Browser, site: str) -> None:
    """Open the survey of a sector as its leaflet's code does."""
    phone = open_page(browser, site, 360, 740)
    phone.goto(f"{site}/da/sectors/utterslev/survey/")
    shoot(phone, "survey-phone")


def log_in(page: Page, site: str, account: tuple[str, str], towards: str) -> None:
    page.goto(f"{site}/account/login/?next={towards}")
    page.locator("[name=login]").fill(account[0])
    page.locator("[name=password]").fill(account[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/account/login/" not in url)


def open_page(browser: Browser, site: str, width: int, height: int) -> Page:
    """Open a page that reaches the site and nobody else: the pictures show the map without tiles."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.route(lambda url: not url.startswith(site), lambda route: route.abort())
    return context.new_page()


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(MAP_DRAWN)
    page.screenshot(path=FOLDER / f"{name}.png")
    print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
