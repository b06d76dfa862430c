"""The page of a sector over HTTP, against an empty view with the same middleware under the same server.

    script/benchmark sector_page

As a browser asks for it: compressed. Cold are the queries of the first page of a process, which reads its copies when
it begins (`config.gunicorn`), warm those of the next.
"""

from benchmarks.database import open_database

DATABASE_URL = open_database()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from benchmarks.client import interleaved, load, median
from benchmarks.server import running_site
from officers.demo.organisation import STATION_SLUG, SUCCESSION_SECTOR
from sectors.models import Sector
from sectors.snapshot import Snapshot

CONNECTIONS = 4
ROUNDS = 9
SECONDS = 1.5
WARM_UP_SECONDS = 5.0
GOAL, COLD_GOAL = 2.0, 3
COMPRESSED = {"Accept-Encoding": "gzip"}


def main() -> None:
    call_command("load_demo", verbosity=0)
    # The sector about which the demonstration tells most.
    sector = Sector.objects.get(station__slug=STATION_SLUG, number=SUCCESSION_SECTOR)
    path = f"/sectors/{sector.slug}/"
    cold, warm = queries(path), queries(path, begins=False)
    with running_site(DATABASE_URL) as port:

        def ask(what: str, seconds: float = SECONDS):
            return load(port, [what], connections=CONNECTIONS, seconds=seconds, headers=COMPRESSED)

        ask(path, WARM_UP_SECONDS)
        ask("/empty/", WARM_UP_SECONDS)
        empty, page = interleaved(ROUNDS, lambda: ask("/empty/"), lambda: ask(path))
    ratio = median([a.per_second / b.per_second for a, b in zip(empty, page, strict=True)])
    for name, runs in (("empty view", empty), ("sector's page", page)):
        rate, half = median([run.per_second for run in runs]), median([run.quantile_ms(0.5) for run in runs])
        print(f"{name:16} {rate:8,.0f} requests/s   p50 {half:5.2f} ms")
    kept = ratio < GOAL and cold <= COLD_GOAL and warm == 0
    print(f"queries: {cold} cold, {warm} warm   goal ≤ {COLD_GOAL}, 0")
    print(f"ratio {ratio:.2f} ×   goal < {GOAL:.0f} ×   {'reached' if kept else 'NOT REACHED'}")


def queries(path: str, *, begins: bool = True) -> int:
    """Return how many queries a process asks for the page: one that has just begun, or one that knows all."""
    if begins:
        # The copies are made by the modules that the addresses import.
        _ = get_resolver().url_patterns
        Snapshot.forget_all()
        Snapshot.load_all()
    settings.ALLOWED_HOSTS = ["*"]
    with CaptureQueriesContext(connection) as asked:
        Client().get(path)
    return len(asked)


if __name__ == "__main__":
    main()
