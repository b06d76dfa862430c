"""The heads' overview over HTTP: each page of a station with 19 sectors, and of one with 300.

    script/benchmark overview

Each of the two stations has a database of its own, kept between runs; OVERVIEW_ROWS sets how many entries the large
one has (10 million: some minutes, 8 GB). They cannot be searched for: no page of the overview searches. Asked as the
station's head, small and large in turn, under the same server; OVERVIEW_ROUNDS sets how often (40). The goal: no page
of the large station takes more than 1.5 times as long as that of the small one. The meeting's PDF is left out: it is
made once a week, and most of its time is the typesetting of its sheets, as many as there are gaps.
"""

from __future__ import annotations

import datetime
import os
from contextlib import ExitStack

from benchmarks.database import open_database

DATABASE_URL = open_database()

from django.utils import timezone

from benchmarks import log_rows, overview_rows
from benchmarks.server import running_site
from benchmarks.sites import Asked, Site, beside, quantile
from officers.models import Officer
from overview.figures.catalogue import FIGURES

SMALL, LARGE = 10_000, int(os.environ.get("OVERVIEW_ROWS", "10000000"))
ROUNDS = int(os.environ.get("OVERVIEW_ROUNDS", "40"))
GOAL = 1.5
SMALL_STATION = {"north-east": 9, "north-west": 5, "frederiksberg": 5}
LARGE_STATION = {f"district-{number}": 20 for number in range(15)}
OVERVIEW = "/station/overview/"


def main() -> None:
    stations = [prepare("small", SMALL, SMALL_STATION), prepare("large", LARGE, LARGE_STATION)]
    questions = questions_of()
    with ExitStack() as running:
        sites = [
            (Site(running.enter_context(running_site(url, processes=1)), cookies), officer)
            for url, cookies, officer in stations
        ]
        measure(sites, questions)
    report(questions)


def prepare(size: str, rows: int, districts: dict[str, int]) -> tuple[str, dict[str, str], int]:
    """Fill a database beside the benchmarks' own, once.

    Return its DATABASE_URL, who is logged in there, and the primary key of an officer who is asked about.
    """
    url, cookies = beside(
        DATABASE_URL,
        f"overview_{size}",
        is_filled=lambda: log_rows.is_filled(rows),
        fill=lambda: overview_rows.fill(rows, districts),
        who=("head",),
    )
    return url, cookies, Officer.objects.get(name="Responsible 17").pk


def questions_of() -> list[Asked]:
    week = timezone.localdate() + datetime.timedelta(days=7)
    then = timezone.localdate() - datetime.timedelta(days=50)
    pages = {
        "this week": "",
        "gaps, 91 days": "gaps/",
        "one day": f"day/?on={week}",
        "what waits": "attention/",
        "what waits, groups": "attention/?kind=group",
        "what waits, parties": "attention/?kind=party",
        "map, contacts": "map/?measure=contacts",
        "what if": "what-if/",
        "what if, appointed": "what-if/appointment/?officer={officer}&sector=sector-17&role=responsible",
        "back then, empty": "back-then/",
        "back then, a sector": f"back-then/?sector=sector-17&date={then}",
        **{f"figure, {slug}": f"figures/?figure={slug}&period=12" for slug in FIGURES},
    }
    return [Asked(name, OVERVIEW + address, [""]) for name, address in pages.items()]


def measure(sites: list[tuple[Site, int]], questions: list[Asked]) -> None:
    """Ask everything in rounds, small and large in turn: a slow moment of the machine meets both."""
    for turn in range(-2, ROUNDS):
        for asked in questions:
            kept = list(zip(sites, (asked.small, asked.large), strict=True))
            for (site, officer), times in kept[:: -1 if turn % 2 else 1]:
                seconds, _cards = site.ask("head", asked.address.replace("{officer}", str(officer)))
                if turn >= 0:
                    times.append(seconds)


def report(questions: list[Asked]) -> None:
    print(f"\n{ROUNDS} rounds, ms: {sum(SMALL_STATION.values())} sectors, {SMALL:,} entries; ", end="")
    print(f"{sum(LARGE_STATION.values())} sectors, {LARGE:,} entries")
    print(f"{'':26}{'p50':>9}{'p50':>9}   ratio")
    ratios = []
    for asked in questions:
        small, large = quantile(asked.small, 0.5), quantile(asked.large, 0.5)
        ratios.append(large / small)
        print(f"{asked.name:26}{small * 1000:9.1f}{large * 1000:9.1f}{ratios[-1]:8.2f}")
    verdict = "reached" if max(ratios) <= GOAL else "NOT REACHED"
    print(f"worst {max(ratios):.2f} ×   goal ≤ {GOAL}   {verdict}")


if __name__ == "__main__":
    main()
