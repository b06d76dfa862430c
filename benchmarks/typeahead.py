"""Address type-ahead over HTTP, against an empty view with the same middleware under the same server.

    script/benchmark typeahead

3.8 million addresses, 3 to 12 typed characters, a quarter of the texts with one typing error: a wrong, missing or
superfluous letter, or two that changed places, anywhere, the first letter included. Texts that an error turns
into the beginning of another street are not left out. The street names are real ones when SHARED_DATA names the
folder that holds them.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from benchmarks.database import open_database

DATABASE_URL = open_database()

from django.core.management import call_command

from benchmarks import generate_addresses
from benchmarks.client import Connection, median
from benchmarks.server import running_site
from sectors.models import Address, Street

LENGTHS = range(3, 13)
TEXTS_A_LENGTH = 400
MISSPELT_SHARE = 4  # one in so many
ROUNDS = 5
LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"

GOAL_EXACT_RATIO = 3.0
GOAL_MISSPELT_MS = 30.0
GOAL_EXACT_FOUND, EXACT_FROM = 0.97, 6
GOAL_MISSPELT_FOUND, MISSPELT_FROM = 0.95, 8


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as far as it is typed, and the name of the street that is meant."""

    text: str
    street: str
    is_misspelt: bool
    length: int

    @property
    def path(self) -> str:
        return f"/api/v1/addresses?q={quote(self.text)}"


@dataclass
class Measured:
    """Seconds of the empty view, and of each text; whether the street meant was among the ten."""

    empty: list[float] = field(default_factory=list)
    exact: list[float] = field(default_factory=list)
    misspelt: list[float] = field(default_factory=list)
    found: dict[Typed, bool] = field(default_factory=dict)


def main() -> None:
    prepare()
    streets = list(Street.objects.order_by("pk").values_list("name", "address_count"))
    by_address = random.Random(12).choices(*zip(*streets, strict=True), k=50_000)
    by_name = random.Random(13).choices(sorted({name for name, _ in streets}), k=50_000)
    print(f"{Address.objects.count():,} addresses, {len({name for name, _ in streets}):,} street names")
    with running_site(DATABASE_URL) as port:
        connection = Connection(port)
        for text in list(typed_texts(by_name, seed=1))[:500]:
            connection.get(text.path)
        report("streets drawn by address, as citizens type", measure(connection, by_address, seed=2))
        report("streets drawn by distinct name", measure(connection, by_name, seed=3))


def prepare() -> None:
    """Fill the database once."""
    if Address.objects.count() >= generate_addresses.ADDRESSES * 0.99:
        return
    folder = os.environ.get("SHARED_DATA")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "addresses.csv"
        generate_addresses.write(path, generate_addresses.ADDRESSES, 1, Path(folder) if folder else None)
        started = time.perf_counter()
        call_command("import_addresses", str(path), report=Path(scratch) / "rejected.csv")
        print(f"imported in {time.perf_counter() - started:.0f} s")


def typed_texts(names: list[str], seed: int) -> Iterator[Typed]:
    """Yield texts of all lengths in turn; every fourth one misspelt."""
    chance = random.Random(seed)
    number = 0
    for length in LENGTHS:
        long_enough = (name for name in names if len(name) >= length)
        for name, _ in zip(long_enough, range(TEXTS_A_LENGTH), strict=False):
            number += 1
            is_misspelt = number % MISSPELT_SHARE == 0
            text = misspelt(chance, name[:length]) if is_misspelt else name[:length]
            yield Typed(text, name, is_misspelt, length)


def misspelt(chance: random.Random, text: str) -> str:
    """Return the text with one error."""
    while True:
        place, letter = chance.randrange(len(text)), chance.choice(LETTERS)
        before, after = text[:place], text[place + 1 :]
        wrong = chance.choice(
            [
                before + after,
                before + letter + text[place:],
                before + letter + after,
                before + after[:1] + text[place] + after[1:],
            ]
        )
        if wrong.strip().lower() not in (text.lower(), ""):
            return wrong


def measure(connection: Connection, names: list[str], seed: int) -> list[Measured]:
    rounds = []
    texts = list(typed_texts(names, seed))
    random.Random(seed).shuffle(texts)
    for _round in range(ROUNDS):
        measured = Measured()
        for typed in texts:
            # The empty view is asked in between, so that a slow moment of the machine meets both.
            seconds, _body = timed(connection, "/empty/")
            measured.empty.append(seconds)
            seconds, body = timed(connection, typed.path)
            (measured.misspelt if typed.is_misspelt else measured.exact).append(seconds)
            measured.found[typed] = is_offered(typed.street, body)
        rounds.append(measured)
    return rounds


def timed(connection: Connection, path: str) -> tuple[float, bytes]:
    begun = time.perf_counter()
    body = connection.get(path)
    return time.perf_counter() - begun, body


def is_offered(street: str, body: bytes) -> bool:
    texts = [suggestion["text"] for suggestion in json.loads(body)["suggestions"][:10]]
    return any(text == street or text.startswith(f"{street}, ") for text in texts)


def report(title: str, rounds: list[Measured]) -> None:
    """Print the table, each figure the median of the rounds, with its goal."""
    print(f"\n{title}: one connection, medians of {len(rounds)} rounds")
    for name in ("empty", "exact", "misspelt"):
        times = [getattr(measured, name) for measured in rounds]
        half, most = (median([quantile_ms(row, part) for row in times]) for part in (0.5, 0.95))
        print(f"  {name:9} p50 {half:6.2f} ms   p95 {most:6.2f} ms")
    empty, exact, wrong = (
        [quantile_ms(getattr(measured, name), 0.95) for measured in rounds]
        for name in ("empty", "exact", "misspelt")
    )
    ratio = median([a / b for a, b in zip(exact, empty, strict=True)])
    more = median([a - b for a, b in zip(wrong, exact, strict=True)])
    row("p95 of exact beginnings, × empty view", ratio, "<", GOAL_EXACT_RATIO)
    row("p95 of misspelt ones, ms more", more, "<", GOAL_MISSPELT_MS)
    found = rounds[0].found
    exactly = share(found, is_misspelt=False, shortest=EXACT_FROM)
    row(f"street among the ten, exact from {EXACT_FROM} on", exactly, "≥", GOAL_EXACT_FOUND)
    nearly = share(found, is_misspelt=True, shortest=MISSPELT_FROM)
    row(f"street among the ten, misspelt from {MISSPELT_FROM} on", nearly, "≥", GOAL_MISSPELT_FOUND)


def quantile_ms(seconds: list[float], part: float) -> float:
    return sorted(seconds)[int(len(seconds) * part)] * 1000


def share(found: dict[Typed, bool], *, is_misspelt: bool, shortest: int) -> float:
    rows = [
        hit for typed, hit in found.items() if typed.is_misspelt == is_misspelt and typed.length >= shortest
    ]
    return sum(rows) / len(rows)


def row(name: str, value: float, sign: str, goal: float) -> None:
    reached = value < goal if sign == "<" else value >= goal
    print(f"  {name:45} {value:7.3f}   goal {sign} {goal:<5} {'reached' if reached else 'NOT REACHED'}")


if __name__ == "__main__":
    main()
