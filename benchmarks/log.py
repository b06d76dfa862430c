"""The sector log over HTTP: the page, each filter and full-text search among 10 thousand entries and 10 million.

    script/benchmark log

LOG_ROWS sets how many the large log has (10 million). Each of the two has a database of its own, of the same 19
sectors over ten years, kept between runs; 10 million entries take about a quarter of an hour and 16 GB. Asked as an
officer, of one sector, and as the station's head, of all 19; small and large in turn, under the same server.

A rare word or one party's entries fill a page of the large log, while the small one has a handful of them or none.
To draw a card takes as long in either, so that says nothing of the search. The report therefore states how many cards
an answer has, and two ratios: of the times as they are, and with the small log given what the cards that it lacks
take. That is taken from the small log in the same run: its newest page against one that finds nothing, and a page
of a frequent word for the questions with words, whose cards are marked. LOG_ROUNDS sets how often all is asked (40).
"""

from __future__ import annotations

import os
import random
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

from benchmarks.database import open_database

DATABASE_URL = open_database()

from django.db import connection

from benchmarks import log_rows
from benchmarks.client import median
from benchmarks.server import running_site
from benchmarks.sites import Asked, Site, beside, quantile
from sectorlog.models import FormTemplate

SMALL, LARGE = 10_000, int(os.environ.get("LOG_ROWS", "10000000"))
# What an entry and all that hangs on it takes on disk.
BYTES_AN_ENTRY = 1_600
ROUNDS = int(os.environ.get("LOG_ROUNDS", "40"))
GOAL = 1.5
NEWEST, NO_HIT, FREQUENT = "page, the newest", "no hit", "word, frequent"
# The form that is filtered by: the same address in both databases.
FORM = uuid.UUID(int=1)
SECTOR = "/log/sectors/sector-1/entries/"
ALL = "/log/entries/"


def main() -> None:
    urls = [prepare("small", SMALL), prepare("large", LARGE)]
    with ExitStack() as running:
        sites = []
        for url, cookies in urls:
            port = running.enter_context(running_site(url, processes=1))
            sites.append(Site(port, cookies))
        for who, questions in (("officer", questions_of(SECTOR)), ("head", questions_of(ALL))):
            measure(sites, who, questions)
            report(who, questions)


def prepare(size: str, rows: int) -> tuple[str, dict[str, str]]:
    """Fill a database beside the benchmarks' own, once; return its DATABASE_URL, and who is logged in there."""

    def fill() -> None:
        _refuse_full_disk(rows)
        log_rows.fill(rows)

    who = ("officer", "head")
    prepared = beside(DATABASE_URL, size, is_filled=lambda: log_rows.is_filled(rows), fill=fill, who=who)
    FormTemplate.objects.filter(station=None, slug="visit").update(uuid=FORM)
    return prepared


def _refuse_full_disk(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        free = shutil.disk_usage(cursor.fetchone()[0]).free
    needed = rows * BYTES_AN_ENTRY
    print(f"{rows:,} entries take about {needed / 1e9:.1f} GB; {free / 1e9:.0f} GB are free")
    if needed * 1.3 > free:
        raise SystemExit("That is too little room. LOG_ROWS sets how many entries are measured.")


def questions_of(address: str) -> list[Asked]:
    """Return the questions; those with words ask for others of the same frequency in turn."""
    words = log_rows.vocabulary()
    form = FORM
    chance = random.Random(3)
    pairs = list(zip(words[10:30], words[60:80], strict=True))

    def searched(first: int, last: int) -> list[str]:
        return [f"?q={quote(word)}" for word in chance.sample(words[first:last], 10)]

    return [
        Asked(NEWEST, address, [""]),
        Asked("page, five years back", address, ["?after=1636000000.000000-1"]),
        Asked("period, a month", address, ["?since=2023-05-01&until=2023-05-31"]),
        Asked("form", address, [f"?form={form}"]),
        Asked("target group", address, ["?group=homeless"]),
        Asked("party", address, [f"?party=Party+1.{number}" for number in range(20, 40)]),
        Asked("challenge", address, [f"?challenge=Challenge+1.{number}" for number in range(2, 10)]),
        Asked("author", address, [f"?author=Author+1.{number}" for number in range(10)]),
        Asked("place, within 250 m", address, ["?near=55.70,12.55&within=250", "?near=55.68,12.50&within=250"]),
        Asked("outcome", address, ["?outcome=arrest", "?outcome=fine"]),
        Asked("shared with a unit", address, ["?flagged=on"]),
        Asked("to come back to", address, ["?follow_up=on"]),
        Asked("form, group, outcome", address, [f"?form={form}&group=young&outcome=arrest"]),
        Asked(FREQUENT, address, searched(0, 40)),
        Asked("word, medium", address, searched(150, 600)),
        Asked("word, rare", address, searched(8_000, 10_000)),
        Asked("word, in four entries", address, [f"?q=sag{number}" for number in range(100, 120)]),
        Asked("two words", address, [f"?q={quote(a)}+{quote(b)}" for a, b in pairs]),
        Asked("two words and a filter", address, ["?q=cykel+kiosk&outcome=fine", "?q=butik+tyveri&group=trade"]),
        Asked(NO_HIT, address, ["?q=findesikke", "?q=ingenting+nowhere"]),
    ]  # fmt: skip


def measure(sites: list[Site], who: str, questions: list[Asked]) -> None:
    """Ask everything in rounds, small and large in turn: a slow moment of the machine meets both."""
    for turn in range(-2, ROUNDS):
        for asked in questions:
            path = asked.path(turn)
            kept = ((asked.small, asked.small_cards), (asked.large, asked.large_cards))
            for site, (times, cards) in list(zip(sites, kept, strict=True))[:: -1 if turn % 2 else 1]:
                seconds, drawn = site.ask(who, path)
                if turn >= 0:
                    times.append(seconds)
                    cards.append(drawn)


def report(who: str, questions: list[Asked]) -> None:
    a_card = _card_prices(questions)
    print(f"\nas {who}, {ROUNDS} rounds: ms of {SMALL:,} entries and of {LARGE:,}; cards a page")
    print(f"a card takes {a_card[False] * 1000:.2f} ms, of a search {a_card[True] * 1000:.2f} ms")
    print(f"{'':26}{'cards':>12}{'p50':>9}{'p50':>8}   ratio  same cards{'p95':>9}{'p95':>8}   ratio")
    ratios = []
    small, large, even = 0.0, 0.0, 0.0
    for asked in questions:
        missing = max(_mean(asked.large_cards) - _mean(asked.small_cards), 0)
        whole = quantile(asked.small, 0.5) + missing * a_card["q=" in asked.answers[0]]
        ratios.append(quantile(asked.large, 0.5) / whole)
        small, large, even = (
            small + quantile(asked.small, 0.5),
            large + quantile(asked.large, 0.5),
            even + whole,
        )
        cards = f"{_mean(asked.small_cards):6.1f}{_mean(asked.large_cards):6.1f}"
        first, last = _figures(asked)
        print(f"{asked.name:26}{cards} {first} {ratios[-1]:8.2f}   {last}")
    worst = max(ratios)
    verdict = "reached" if worst <= GOAL else "NOT REACHED"
    print(
        f"p50, all together: {large / small:.2f} ×; with the same number of cards {large / even:.2f} ×,",
        end="",
    )
    print(f" median {median(ratios):.2f} ×, worst {worst:.2f} ×   goal ≤ {GOAL}   {verdict}")


def _card_prices(questions: list[Asked]) -> dict[bool, float]:
    """Return the seconds that a card takes in the small log; with words, and so with marks in it, under True."""
    by_name = {asked.name: asked for asked in questions}
    nothing = quantile(by_name[NO_HIT].small, 0.5)
    prices = {}
    for has_words, name in ((False, NEWEST), (True, FREQUENT)):
        page = by_name[name]
        prices[has_words] = max(quantile(page.small, 0.5) - nothing, 0) / _mean(page.small_cards)
    return prices


def _figures(asked: Asked) -> Iterator[str]:
    for part in (0.5, 0.95):
        small, large = quantile(asked.small, part) * 1000, quantile(asked.large, part) * 1000
        yield f"{small:7.1f} {large:7.1f} {large / small:7.2f} "


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)


if __name__ == "__main__":
    main()
