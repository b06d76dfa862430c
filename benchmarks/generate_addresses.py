"""Write a CSV of made-up addresses, by default 3.8 million: as many as Denmark has.

The street names are real ones where the environment variable SHARED_DATA names a folder that holds
`dk_streetnames.txt` and `dk_postnumre_dawa.geojson`, and generated ones elsewhere. Names are spread over postal
districts as real ones are: a few occur in a hundred of them, most in one. The same seed writes the same file.

    python -m benchmarks.generate_addresses FILE [--addresses 3800000] [--seed 1]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import shapely

ADDRESSES = 3_800_000
HEADER = ("vejnavn", "husnr", "postnr", "postnrnavn", "wgs84koordinat_længde", "wgs84koordinat_bredde")

_FIRST = [
    "Skov",
    "Sø",
    "Kirke",
    "Møl",
    "Eng",
    "Birke",
    "Elle",
    "Rose",
    "Nørre",
    "Vester",
    "Øster",
    "Sønder",
    "Stations",
    "Gartner",
    "Lærke",
    "Bøge",
]
_MIDDLE = [
    "ager",
    "bakke",
    "by",
    "dal",
    "gård",
    "høj",
    "holm",
    "kær",
    "lund",
    "mark",
    "mose",
    "næs",
    "skov",
    "toft",
    "vang",
    "ås",
]
_LAST = ["vej", "gade", "allé", "vænget", "parken", "stræde", "stien", "torv"]


@dataclass(frozen=True, slots=True)
class District:
    """A postal district with its rectangle in degrees: west, south, east, north."""

    postcode: str
    city: str
    bounds: tuple[float, float, float, float]


def street_names(folder: Path | None) -> list[str]:
    if folder is not None:
        names = (folder / "dk_streetnames.txt").read_text(encoding="utf-8").splitlines()
        return sorted({" ".join(name.split()) for name in names if name.strip()})
    made = {f"{a}{b}{c}" for a in _FIRST for b in ("", *_MIDDLE) for c in _LAST}
    made |= {f"{a}{b}{c}{d}" for a in _FIRST for b in _MIDDLE for c in _MIDDLE for d in _LAST}
    return sorted(made)


def districts(folder: Path | None) -> list[District]:
    if folder is None:
        return [
            District(
                str(1000 + 8 * place), f"By {place}", _cell(8.2 + place % 40 * 0.1, 55.0 + place // 40 * 0.1)
            )
            for place in range(1000)
        ]
    features = json.loads((folder / "dk_postnumre_dawa.geojson").read_text(encoding="utf-8"))["features"]
    return [
        District(
            feature["properties"]["code"],
            feature["properties"]["name"],
            tuple(shapely.from_geojson(json.dumps(feature["geometry"])).bounds),
        )
        for feature in features
    ]


def _cell(west: float, south: float) -> tuple[float, float, float, float]:
    return west, south, west + 0.1, south + 0.1


def addresses(total: int, seed: int, folder: Path | None) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield `total` records; a street's houses lie along a line within its postal district."""
    chance = random.Random(seed)
    names, places = street_names(folder), districts(folder)
    streets = [(name, place) for name in names for place in chance.sample(places, _occurrences(chance))]
    chance.shuffle(streets)
    mean = total / len(streets)
    left = total
    for position, (name, place) in enumerate(streets):
        streets_left = len(streets) - position
        drawn = max(1, round(chance.lognormvariate(-0.5, 1.0) * mean))
        # The last few share what chance has left over, so that the total is what was asked for.
        houses = min(left, drawn) if streets_left > len(streets) // 10 else left // streets_left
        left -= houses
        yield from _street(chance, name, place, houses)


def _occurrences(chance: random.Random) -> int:
    """In how many postal districts a name occurs: 2.2 on average, at most 150."""
    return min(150, int(chance.paretovariate(1.35)))


def _street(
    chance: random.Random, name: str, place: District, houses: int
) -> Iterator[tuple[str, str, str, str, str, str]]:
    west, south, east, north = place.bounds
    lon, lat = chance.uniform(west, east), chance.uniform(south, north)
    step_lon, step_lat = chance.uniform(-3e-4, 3e-4), chance.uniform(-1.5e-4, 1.5e-4)
    for house in range(houses):
        # Now and then a door with a letter.
        letter = "ABC"[house % 3] if house % 7 == 6 else ""
        along = house % 200
        yield (
            name,
            f"{house + 1}{letter}",
            place.postcode,
            place.city,
            f"{lon + along * step_lon:.6f}",
            f"{lat + along * step_lat:.6f}",
        )


def write(path: Path, total: int, seed: int, folder: Path | None) -> None:
    """Write `total` addresses with a line of column names as the Danish register has them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(addresses(total, seed, folder))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--addresses", type=int, default=ADDRESSES)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = os.environ.get("SHARED_DATA")
    write(asked.file, asked.addresses, asked.seed, Path(folder) if folder else None)
    print(f"{asked.addresses:,} addresses in {asked.file}")


if __name__ == "__main__":
    main()
