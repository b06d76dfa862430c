"""Sites of different sizes, each with a database beside the benchmarks' own, and what they are asked."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from officers.models import User

# Each card of a page of the log has one.
CARD = b'class="line-head"'
# The databases beside the benchmarks' own that this run has been connected to.
_connected: set[str] = set()


@dataclass
class Asked:
    """One kind of question, and the seconds that its answers took in the small and in the large log."""

    name: str
    address: str
    answers: list[str]
    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    # How many cards the answers have.
    small_cards: list[int] = field(default_factory=list)
    large_cards: list[int] = field(default_factory=list)

    def path(self, turn: int) -> str:
        return self.address + self.answers[turn % len(self.answers)]


class Site:
    """A running site with a database, and somebody who is logged in there."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._port = port
        self._cookies = cookies

    def ask(self, who: str, path: str) -> tuple[float, int]:
        """Return how long the answer took, and how many cards it has. Raises RuntimeError when it is not 200."""
        # A connection of its own: one that is kept may end while the other site is asked.
        line = http.client.HTTPConnection("127.0.0.1", self._port)
        line.connect()
        begun = time.perf_counter()
        line.request("GET", path, headers={"Cookie": self._cookies[who], "Host": "localhost"})
        answer = line.getresponse()
        page = answer.read()
        seconds = time.perf_counter() - begun
        line.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return seconds, page.count(CARD)


def beside(
    benchmarks_url: str,
    size: str,
    *,
    is_filled: Callable[[], bool],
    fill: Callable[[], None],
    who: Iterable[str],
) -> tuple[str, dict[str, str]]:
    """Connect to the database `size` beside the benchmarks' own, and fill it unless it is filled.

    Return its DATABASE_URL, and the cookie of each of `who`, logged in there.
    """
    own = settings.DATABASES["default"]["NAME"]
    for earlier in _connected:
        own = own.removesuffix(f"_{earlier}")
    _connected.add(size)
    name = f"{own}_{size}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    if not is_filled():
        fill()
    head, _slash, tail = benchmarks_url.partition(f"/{own}")
    return f"{head}/{name}{tail}", {one: _cookie(f"{one}@benchmark.example") for one in who}


def _cookie(email: str) -> str:
    if "testserver" not in settings.ALLOWED_HOSTS:
        settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.force_login(User.objects.get(email=email))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def quantile(seconds: list[float], part: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * part), len(seconds) - 1)]
