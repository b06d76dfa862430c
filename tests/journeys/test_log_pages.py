"""Every page of the sector log that is reached without an act: nothing wrong for axe, nothing wider than a phone."""

import pytest
from django.urls import reverse
from django.utils import translation

from officers.demo.organisation import (
    ANALYST,
    DISTRICT_HEAD,
    OFFICER,
    STATION_HEAD,
    SUCCESSION_SECTOR,
    SUCCESSOR_LOGIN,
    Login,
)
from sectorlog.models import Challenge, Effort, FormTemplate, LogEntry, Party, Promise
from sectors.models import Sector, Station

# By who looks: names of addresses, some with what they are about ("sector" or a model).
OF_SECTOR = (
    "sector_overview entry_list party_list visit_round challenge_list group_list patrol_share handover_list"
    " mirror"
)
PAGES: dict[Login, str] = {
    OFFICER: f"log_home entry_create entry_list_all visit_rounds effort_list briefing_list matrix source_referral "
    f"party_create:own challenge_create:own effort_create {' '.join(f'{name}:own' for name in OF_SECTOR.split())}",
    SUCCESSOR_LOGIN: "entry_detail:entry party_detail:party challenge_detail:challenge promise_detail:promise "
    "effort_detail:effort party_visited:party contact_create:party challenge_note:challenge",
    DISTRICT_HEAD: "log_home form_list form_add form_preview:form group_catalogue source_referral_list source_keys "
    "retention_list erasure_list briefing_new handover_new:succession",
    STATION_HEAD: "log_home matrix source_words source_referral_list form_detail:form entry_export:succession",
    ANALYST: "fact_sectors fact_list:succession",
}


@pytest.fixture
def things(demo_with_log: Station) -> dict[str, object]:
    demo = demo_with_log
    succession = demo.sectors.get(number=SUCCESSION_SECTOR)
    entry = LogEntry.objects.filter(sector=succession, promises__isnull=False)[0]
    return {
        "own": Sector.objects.get(station=demo, number=1),
        "succession": succession,
        "entry": entry,
        "party": Party.objects.filter(sector=succession)[0],
        "challenge": Challenge.objects.filter(sector=succession)[0],
        "promise": Promise.objects.filter(sector=succession)[0],
        "effort": Effort.objects.get(),
        "form": FormTemplate.objects.get(slug="visit", station=None),
    }


def paths(login: Login, things: dict[str, object]) -> list[str]:
    found = []
    for page in PAGES[login].split():
        name, _colon, about = page.partition(":")
        thing = things.get(about)
        key = [getattr(thing, "slug" if isinstance(thing, Sector) else "uuid")] if thing else []
        found.append(reverse(f"sectorlog:{name}", args=key))
    return found


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("login", PAGES, ids=lambda login: login.who)
def test_every_page_is_in_order_on_a_phone(phone_page, things, check_axe, login, language):
    with translation.override(language):
        home, *pages = [reverse("sectorlog:log_home"), *paths(login, things)]
        phone_page.goto(f"{reverse('account_login')}?next={home}")
    phone_page.locator("[name=login]").fill(login.email)
    phone_page.locator("[name=password]").fill(login.password)
    phone_page.locator("form:has([name=login]) [type=submit]").click()
    phone_page.wait_for_url(lambda url: home in url)
    for path in pages:
        answer = phone_page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        check_axe(phone_page)
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360, path
