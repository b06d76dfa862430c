"""On Monday morning a head finds who covers, which group is neglected longest and which message is overdue.

As a new user would: from the login on by what stands on the pages alone, in either language, by mouse or by thumb.
"""

import datetime
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone, translation
from playwright.sync_api import Locator, Page, expect

from contacts.models import Message
from officers.demo.organisation import STATION_HEAD
from officers.responsibility import Basis, answerable
from sectorlog.groups.neglect import last_contacts
from sectorlog.models import GroupInSector, TargetGroup
from sectors.instants import instant_of
from sectors.models import Sector, Station

MOST_CLICKS = 3
# Of the pages' own time: what remains of the minute is for reading.
SECONDS = 30
THURSDAY = 3
DAY = datetime.timedelta(days=1)
VANLOESE = "Vanløse"
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
RUNS = {
    "mouse, English": ("", DESK),
    "mouse, Danish": ("/da", DESK),
    "thumb, English": ("", PHONE),
    "thumb, Danish": ("/da", PHONE),
}
MONTHS = {
    "": "January February March April May June July August September October November December",
    "/da": "januar februar marts april maj juni juli august september oktober november december",
}


@dataclass
class Morning:
    """A head's browser: counts clicks, and how long pages take; what is judged besides takes no time of the head."""

    page: Page
    prefix: str
    check_axe: object
    has_touch: bool
    clicks: int = 0
    seconds: float = 0
    seen: set[str] = field(default_factory=set)

    def press(self, target: Locator) -> None:
        """Follow what stands on the page, and look at where it leads."""
        expect(target).to_be_visible()
        self.clicks += 1
        begun = time.monotonic()
        with self.page.expect_navigation():
            target.tap() if self.has_touch else target.click()
        self.seconds += time.monotonic() - begun
        self.look()

    def look(self) -> None:
        path = urlsplit(self.page.url).path
        assert path.startswith(f"{self.prefix}/"), path
        kind = re.sub(r"[0-9a-f-]{36}", "", path)
        if kind not in self.seen:
            self.seen.add(kind)
            self.check_axe(self.page)
            width = self.page.viewport_size["width"]
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, path

    def begin(self) -> None:
        """Log in without an address in mind: a head's week is where it leads."""
        self.page.goto(f"{self.prefix}/account/login/")
        self.page.locator("[name=login]").fill(STATION_HEAD.email)
        self.page.locator("[name=password]").fill(STATION_HEAD.password)
        self.press(self.page.locator("form:has([name=login]) [type=submit]"))
        self.at_home()

    def back_home(self) -> None:
        """Return by the menu, before the next question."""
        self.press(self.page.locator(".main-nav a[href$='/station/overview/']"))
        self.at_home()
        self.clicks = 0

    def at_home(self) -> None:
        assert urlsplit(self.page.url).path == f"{self.prefix}/station/overview/"

    def day(self, day: datetime.date) -> str:
        return f"{day.day}\\.? {MONTHS[self.prefix].split()[day.month - 1]} {day.year}"


def test_a_head_finds_three_answers_in_under_a_minute(whole_demo, open_page, check_axe):
    # One test: nothing is changed, and the demonstration takes longer to load than to be looked at.
    for run, (prefix, options) in RUNS.items():
        morning = Morning(open_page(**options), prefix, check_axe, has_touch="has_touch" in options)
        morning.begin()
        for question in (who_covers_vanloese, longest_neglected_group, overdue_message):
            morning.back_home()
            question(morning, whole_demo)
            assert morning.clicks <= MOST_CLICKS, (run, question)
        assert morning.seconds < SECONDS, run


def next_thursday() -> datetime.date:
    today = timezone.localdate()
    return today + ((THURSDAY - today.weekday()) % 7 or 7) * DAY


def who_covers_vanloese(morning: Morning, station: Station) -> None:
    """Read who answers on Thursday, in whose place and until when, from the first number of the week."""
    thursday = next_thursday()
    morning.press(morning.page.locator(".week-numbers a").first)
    morning.press(morning.page.locator(f".near-days a[href*='on={thursday:%Y-%m-%d}']"))
    sector = Sector.objects.get(station=station, name=VANLOESE)
    answer = answerable(sector.pk, instant_of(thursday, datetime.time(12)))
    told = morning.page.locator(".day-sectors > li", has_text=VANLOESE)
    expect(told).to_have_count(1)
    expect(told.locator("strong").first).to_have_text(answer.officer.name)
    expect(told.locator("a[href^='tel:']").first).to_have_text(answer.officer.phone)
    # Between two absences, on one day of the week that the tests may run on, the officer is there.
    if answer.basis == Basis.RESPONSIBLE:
        return
    assert answer.basis in (Basis.COVER, Basis.STAND_IN)
    expect(told).to_contain_text(answer.absent.officer.name)
    # Who is back at seven in the morning answers all of that day.
    until = timezone.localdate(answer.cover_until - datetime.timedelta(hours=7, microseconds=1))
    assert re.search(morning.day(until), " ".join(told.inner_text().split()))


def longest_neglected_group(morning: Morning, station: Station) -> None:
    """Read the first of the groups that wait, by how long they do, from the number of those that are neglected."""
    morning.press(morning.page.locator(".week-numbers a[href*='kind=group']"))
    morning.page.locator(".attention-filter [name=order]").select_option("longest")
    morning.clicks += 1
    morning.press(morning.page.locator(".attention-filter [type=submit]"))
    row = morning.page.locator(".attention-row").first
    late = neglected(station)
    longest = max(late.values())
    with translation.override(morning.prefix.strip("/") or "en"):
        names = [(str(group), sector) for (group, sector), days in late.items() if days == longest]
    said = " ".join(row.inner_text().split())
    assert any(group in said and sector in said for group, sector in names), said
    assert str(longest) in said


def neglected(station: Station) -> dict[tuple[TargetGroup, str], int]:
    """Return by how many days each target group of each sector is past what was agreed."""
    agreed = list(
        GroupInSector.objects.filter(sector__station=station, group__retired_at=None).select_related(
            "group", "sector"
        )
    )
    now = timezone.now()
    last = last_contacts([(one.sector_id, one.group_id) for one in agreed], now)
    found = {}
    for one in agreed:
        met = last.get((one.sector_id, one.group_id))
        since = (
            timezone.localdate(met) + one.interval_days * DAY if met else timezone.localdate(one.agreed_at)
        )
        found[one.group, one.sector.name] = (timezone.localdate(now) - since).days
    return found


def overdue_message(morning: Morning, station: Station) -> None:
    """Open the message that should have been answered first, as far as the question why one reads it."""
    morning.press(morning.page.locator(".week-numbers a[href*='kind=message']"))
    overdue = Message.objects.overdue_at(timezone.now()).filter(sector__station=station).order_by("due_at")
    assert overdue
    expect(morning.page.locator(".attention-row.is-past")).to_have_count(len(overdue))
    row = morning.page.locator(".attention-row.is-past").first
    expect(row).to_contain_text(overdue[0].sector.name)
    morning.press(row.locator("a"))
    assert str(overdue[0].uuid) in morning.page.url
    expect(morning.page.locator("[name=reason]")).to_be_visible()
    expect(morning.page.locator("main")).not_to_contain_text(overdue[0].text)
