"""Requests the main pages of a running site once, as a citizen, a program and a watchdog would: smoke.py URL.

Ends with 0 when every page answers 200 with what belongs on it, and with 1 and a list of the others.
"""

import json
import string
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

READY_WITHIN = 60.0  # seconds: the worker may still be starting when the first page answers
TIMEOUT = 20.0  # seconds for one page


class Wrong(Exception):
    """A page that does not answer as it should; says how."""


class Site:
    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def get(self, path: str, *, expect: str = "") -> str:
        """Return the text of the page at `path`, redirects followed, if it holds `expect`; raise Wrong."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=TIMEOUT) as answer:
                text: str = answer.read().decode()
        except urllib.error.HTTPError as error:
            raise Wrong(f"answered {error.code}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Wrong(f"did not answer: {error}") from error
        if expect not in text:
            raise Wrong(f"does not hold {expect!r}")
        return text

    def get_json(self, path: str) -> Any:
        try:
            return json.loads(self.get(path))
        except json.JSONDecodeError as error:
            raise Wrong(f"is no JSON: {error}") from error


def query(**values: object) -> str:
    return urllib.parse.urlencode(values)


def wait_until_ready(site: Site) -> None:
    """Wait for database, broker and worker, which start at the same time as the web server."""
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            site.get("/readyz")
            return
        except Wrong:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def check_sector_page(site: Site) -> None:
    first = site.get_json("/api/v1/sectors")["sectors"][0]["sector"]
    site.get(f"/sectors/{first['slug']}/", expect=first["name"])


def check_locate(site: Site) -> None:
    """The middle of at least one sector must be found to lie in that sector."""
    features = site.get_json("/sectors.geojson")["features"]
    middles = [middle_of(feature["geometry"]) for feature in features]
    answers = [site.get_json(f"/api/v1/locate?{query(lat=lat, lon=lon)}") for lon, lat in middles[:5]]
    if not any(answer["outcome"] == "found" and answer["sector"] for answer in answers):
        raise Wrong("finds no sector at the middle of any")


def middle_of(geometry: dict[str, Any]) -> tuple[float, float]:
    """The mean corner, in degrees (EPSG:4326), of a polygon's or multipolygon's first ring."""
    ring = geometry["coordinates"][0]
    while isinstance(ring[0][0], list):
        ring = ring[0]
    return sum(corner[0] for corner in ring) / len(ring), sum(corner[1] for corner in ring) / len(ring)


def check_find(site: Site) -> None:
    """An address that the type-ahead offers leads to the page of the sector that the API names for it."""
    address = suggestion(site, suggestion(site, "vej", "e", "a", kind="street") + " ", kind="address")
    answer = site.get_json(f"/api/v1/locate?{query(address=address)}")
    if answer["outcome"] not in ("found", "near_border"):
        raise Wrong(f"the address {address!r} is {answer['outcome']}")
    site.get(f"/find/?{query(q=address)}", expect=answer["sector"]["name"])


def suggestion(site: Site, *beginnings: str, kind: str) -> str:
    """Return the first suggestion of `kind`; after what was given, each letter of the alphabet is tried."""
    for typed in (
        *beginnings,
        *(beginnings[0] + letter for letter in string.ascii_lowercase + string.digits),
    ):
        for found in site.get_json(f"/api/v1/addresses?{query(q=typed)}")["suggestions"]:
            if found["kind"] == kind:
                text: str = found["text"]
                return text
    raise Wrong(f"no {kind} is suggested for {beginnings[0]!r}")


CHECKS: dict[str, Callable[[Site], object]] = {
    "/healthz": lambda site: site.get("/healthz"),
    "/readyz": wait_until_ready,
    "/": lambda site: site.get("/", expect='lang="en"'),
    "/da/": lambda site: site.get("/da/", expect='lang="da"'),
    "/sectors/": lambda site: site.get("/sectors/", expect="/sectors/"),
    "/sectors/…/": check_sector_page,
    "/map/": lambda site: site.get("/map/", expect="sectors.geojson"),
    "/sectors.geojson": lambda site: site.get("/sectors.geojson", expect='"FeatureCollection"'),
    "/find/?q=…": check_find,
    "/api/v1/locate": check_locate,
    "/api/v1/openapi.json": lambda site: site.get("/api/v1/openapi.json", expect='"openapi"'),
    "/admin/login/": lambda site: site.get("/admin/login/", expect="csrfmiddlewaretoken"),
}


def main(address: str) -> int:
    site = Site(address)
    failures = 0
    for name, check in CHECKS.items():
        started = time.perf_counter()
        try:
            check(site)
            print(f"    {name:24} answers, {(time.perf_counter() - started) * 1000:.0f} ms")
        except (Wrong, KeyError, IndexError, TypeError) as error:
            failures += 1
            print(f"    {name:24} WRONG: {error or type(error).__name__}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
