"""Takes the README's pictures from a running demo: script/screenshots [http://127.0.0.1:8000]."""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path("docs/screenshots")
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


def main(site: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=QUIET
        )
        public_pages(browser, site)
        administration(browser, site)
        browser.close()


def public_pages(browser: Browser, site: str) -> None:
    desk = open_page(browser, site, 1200, 860)
    desk.goto(f"{site}/")
    desk.wait_for_timeout(1500)
    shoot(desk, "home")
    phone = open_page(browser, site, 360, 740)
    phone.goto(f"{site}/find/?q=Frederikssundsvej+12")
    phone.goto(f"{site}/da/sectors/")
    phone.get_by_role("link").filter(has_text="1").first.wait_for()
    phone.goto(first_sector(phone, site))
    phone.wait_for_timeout(1500)
    shoot(phone, "sector-phone")


def first_sector(page: Page, site: str) -> str:
    """Return the address of the first sector in the list that `page` shows."""
    return site + (page.locator('main a[href*="/sectors/"]').first.get_attribute("href") or "")


def administration(browser: Browser, site: str) -> None:
    head = open_page(browser, site, 1200, 860)
    head.goto(f"{site}/admin/login/")
    head.get_by_label("mail").fill(STATION_HEAD[0])
    head.get_by_label("assword").fill(STATION_HEAD[1])
    head.keyboard.press("Enter")
    head.wait_for_url(f"{site}/admin/")
    head.goto(f"{site}/admin/sectors/boundaryrelease/")
    shoot(head, "releases")


def open_page(browser: Browser, site: str, width: int, height: int) -> Page:
    """Open a page that reaches the site and nobody else: the pictures show the map without tiles."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.route(lambda url: not url.startswith(site), lambda route: route.abort())
    return context.new_page()


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")
    print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
