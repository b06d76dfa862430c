"""The sector log over HTTP: the page, each filter and full-text search among 10 thousand entries and 10 million.

    script/benchmark log

LOG_ROWS sets how many the large log has (10 million). Each of the two has a database of its own, of the same 19
sectors over ten years, kept between runs; 10 million entries take about a quarter of an hour and 16 GB. Asked as an
officer, of one sector, and as the station's head, of all 19; small and large in turn, under the same server.
"""

from __future__ import annotations

import http.client
import os
import random
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote

from benchmarks.database import open_database

DATABASE_URL = open_database()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from benchmarks import log_rows
from benchmarks.client import median
from benchmarks.server import running_site
from officers.models import User
from sectorlog.models import FormTemplate

SMALL, LARGE = 10_000, int(os.environ.get("LOG_ROWS", "10000000"))
# What an entry and all that hangs on it takes on disk.
BYTES_AN_ENTRY = 1_600
ROUNDS = 40
GOAL = 1.5
# The form that is filtered by: the same address in both databases.
FORM = uuid.UUID(int=1)
SECTOR = "/log/sectors/sector-1/entries/"
ALL = "/log/entries/"


@dataclass
class Asked:
    """One kind of question, and the seconds that its answers took in the small and in the large log."""

    name: str
    address: str
    answers: list[str]
    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)

    def path(self, turn: int) -> str:
        return self.address + self.answers[turn % len(self.answers)]


class Site:
    """A running site with a database, and somebody who is logged in there."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._port = port
        self._cookies = cookies

    def seconds(self, who: str, path: str) -> float:
        """Return how long the answer took. Raises RuntimeError when it is not 200."""
        # A connection of its own: one that is kept may end while the other site is asked.
        line = http.client.HTTPConnection("127.0.0.1", self._port)
        line.connect()
        begun = time.perf_counter()
        line.request("GET", path, headers={"Cookie": self._cookies[who], "Host": "localhost"})
        answer = line.getresponse()
        answer.read()
        seconds = time.perf_counter() - begun
        line.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return seconds


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
    own = settings.DATABASES["default"]["NAME"].removesuffix("_small").removesuffix("_large")
    name = f"{own}_{size}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    if not log_rows.is_filled(rows):
        _refuse_full_disk(rows)
        log_rows.fill(rows)
    FormTemplate.objects.filter(station=None, slug="visit").update(uuid=FORM)
    head, _slash, tail = DATABASE_URL.partition(f"/{own}")
    return f"{head}/{name}{tail}", {who: _cookie(f"{who}@benchmark.example") for who in ("officer", "head")}


def _refuse_full_disk(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        free = shutil.disk_usage(cursor.fetchone()[0]).free
    needed = rows * BYTES_AN_ENTRY
    print(f"{rows:,} entries take about {needed / 1e9:.1f} GB; {free / 1e9:.0f} GB are free")
    if needed * 1.3 > free:
        raise SystemExit("That is too little room. LOG_ROWS sets how many entries are measured.")


def _cookie(email: str) -> str:
    if "testserver" not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.force_login(User.objects.get(email=email))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def questions_of(address: str) -> list[Asked]:
    """Return the questions; those with words ask for others of the same frequency in turn."""
    words = log_rows.vocabulary()
    form = FORM
    chance = random.Random(3)
    pairs = list(zip(words[10:30], words[60:80], strict=True))

    def searched(first: int, last: int) -> list[str]:
        return [f"?q={quote(word)}" for word in chance.sample(words[first:last], 10)]

    return [
        Asked("page, the newest", address, [""]),
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
        Asked("word, frequent", address, searched(0, 40)),
        Asked("word, medium", address, searched(150, 600)),
        Asked("word, rare", address, searched(8_000, 10_000)),
        Asked("word, in four entries", address, [f"?q=sag{number}" for number in range(100, 120)]),
        Asked("two words", address, [f"?q={quote(a)}+{quote(b)}" for a, b in pairs]),
        Asked("two words and a filter", address, ["?q=cykel+kiosk&outcome=fine", "?q=butik+tyveri&group=trade"]),
        Asked("no hit", address, ["?q=findesikke", "?q=ingenting+nowhere"]),
    ]  # fmt: skip


def measure(sites: list[Site], who: str, questions: list[Asked]) -> None:
    """Ask everything in rounds, small and large in turn: a slow moment of the machine meets both."""
    for turn in range(-2, ROUNDS):
        for asked in questions:
            path = asked.path(turn)
            for site, times in list(zip(sites, (asked.small, asked.large), strict=True))[
                :: -1 if turn % 2 else 1
            ]:
                seconds = site.seconds(who, path)
                if turn >= 0:
                    times.append(seconds)


def report(who: str, questions: list[Asked]) -> None:
    print(f"\nas {who}, {ROUNDS} rounds: ms of {SMALL:,} entries and of {LARGE:,}")
    print(f"{'':26}{'p50':>8}{'p50':>8}   ratio{'p95':>9}{'p95':>8}   ratio")
    for asked in questions:
        print(f"{asked.name:26}" + " ".join(_figures(asked)))
    for part in (0.5, 0.95):
        ratios = [_quantile(one.large, part) / _quantile(one.small, part) for one in questions]
        # All questions together, each weighing the same.
        whole = sum(_quantile(one.large, part) for one in questions) / sum(
            _quantile(one.small, part) for one in questions
        )
        worst = max(ratios)
        verdict = "reached" if worst <= GOAL else "NOT REACHED"
        print(
            f"p{part * 100:.0f}: all {whole:.2f} ×, median {median(ratios):.2f} ×, worst {worst:.2f} ×",
            end="",
        )
        print(f"   goal ≤ {GOAL}   {verdict}")


def _figures(asked: Asked) -> Iterator[str]:
    for part in (0.5, 0.95):
        small, large = _quantile(asked.small, part) * 1000, _quantile(asked.large, part) * 1000
        yield f"{small:7.1f} {large:7.1f} {large / small:7.2f} "


def _quantile(seconds: list[float], part: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * part), len(seconds) - 1)]


if __name__ == "__main__":
    main()
