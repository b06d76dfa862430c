"""Point → sector and officer over HTTP, against an empty view with the same middleware under the same server.

    script/benchmark locate

2,149 parishes of Denmark when SHARED_DATA names the folder that holds them, else as many generated cells.
"""

import json
import os
import random
from pathlib import Path

from benchmarks.database import open_database

DATABASE_URL = open_database()

import shapely
from django.core.management import call_command
from django.utils import timezone

from benchmarks.client import interleaved, load, median
from benchmarks.server import running_site
from officers.models import Assignment, Officer
from sectors import division
from sectors.models import Sector, Station

AREAS = 2_149
POINTS = 20_000
CONNECTIONS = 16
ROUNDS = 15
SECONDS = 2.0
WARM_UP_SECONDS = 25.0  # every process has seen every point
GOAL = 0.85


def main() -> None:
    prepare()
    queries = [f"?lat={lat:.6f}&lon={lon:.6f}" for lon, lat in seeded_points()]
    # The empty view is asked the same: a server reads a longer request for longer, whatever answers it.
    idle = [f"/empty/{query}" for query in queries]
    paths = [f"/api/v1/locate{query}" for query in queries]
    with running_site(DATABASE_URL) as port:
        load(port, paths, connections=CONNECTIONS, seconds=WARM_UP_SECONDS)
        empty, located = interleaved(
            ROUNDS,
            lambda: load(port, idle, connections=CONNECTIONS, seconds=SECONDS),
            lambda: load(port, paths, connections=CONNECTIONS, seconds=SECONDS),
        )
    ratio = median([b.per_second / a.per_second for a, b in zip(empty, located, strict=True)])
    areas = len(division.current().sectors)
    print(f"{areas:,} areas, {POINTS:,} points, {CONNECTIONS} connections, medians of {ROUNDS} rounds")
    for name, runs in (("empty view", empty), ("/api/v1/locate", located)):
        rate, half = median([run.per_second for run in runs]), median([run.quantile_ms(0.5) for run in runs])
        print(f"{name:16} {rate:8,.0f} requests/s   p50 {half:5.2f} ms")
    print(f"ratio {ratio:.2f}   goal ≥ {GOAL}   {'reached' if ratio >= GOAL else 'NOT REACHED'}")


def prepare() -> None:
    """Fill the database once: the areas in force, an officer for each."""
    if not Station.objects.filter(slug="benchmark").exists():
        folder = os.environ.get("SHARED_DATA")
        source = Path(folder) / "dk_sogne.geojson" if folder else generated_areas()
        call_command(
            "import_boundaries",
            str(source),
            station="benchmark",
            create_station="Benchmark",
            activate_on="now",
            renumber_duplicates=True,
            cut_overlaps=True,
        )
    vacant = Sector.objects.filter(station__slug="benchmark", assignments=None)
    for sector in vacant.select_related("station"):
        officer = Officer.objects.create(
            station=sector.station,
            name=f"Officer {sector.number}",
            phone="+45 00 00 00 00",
            email="o@police.example",
        )
        Assignment.objects.create(
            sector=sector, officer=officer, role=Assignment.Role.RESPONSIBLE, period=(timezone.now(), None)
        )


def generated_areas() -> Path:
    """Write as many Voronoi cells over Denmark's extent as there are parishes, and return the file."""
    random.seed(2149)
    west, south, east, north = 8.1, 54.6, 15.1, 57.7
    seeds = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(AREAS)]
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(seeds), extend_to=shapely.box(west, south, east, north)
    )
    features = [
        {
            "type": "Feature",
            "properties": {"number": number, "name": f"Cell {number}"},
            "geometry": shapely.geometry.mapping(cell),
        }
        for number, cell in enumerate(cells.geoms, start=1)
    ]
    path = Path(".local") / "benchmark-areas.geojson"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def seeded_points() -> list[tuple[float, float]]:
    """Return points inside the areas: a random area, a random point of its box until one lies inside."""
    random.seed(20_000)
    current = division.current()
    west, south, east, north = shapely.total_bounds(current._areas)
    points: list[tuple[float, float]] = []
    while len(points) < POINTS:
        point = random.uniform(west, east), random.uniform(south, north)
        if current.owner(*point):
            points.append(point)
    return points


if __name__ == "__main__":
    main()
