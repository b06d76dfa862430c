"""Sectors with the officers who answer for them, in the order that people read: station, district, number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from officers.responsibility import Answer, answerable
from sectors.division import Division, PublicDistrict, PublicSector, PublicStation
from sectors.spelling import search_key


@dataclass(frozen=True, slots=True)
class Row:
    """A sector and who answers for it."""

    sector: PublicSector
    answer: Answer

    @classmethod
    def of(cls, sector: PublicSector) -> Row:
        return cls(sector, answerable(sector.id))

    @property
    def words(self) -> str:
        """What a filter is compared with: number, names of sector, district and station, the officers' names."""
        answer, sector = self.answer, self.sector
        people = (answer.officer, answer.absent.officer if answer.absent else None)
        names = (str(sector.number), sector.name, sector.district.name, sector.station.name)
        return " ".join(_key(name) for name in (*names, *(person.name for person in people if person)))


@dataclass(frozen=True, slots=True)
class DistrictRows:
    district: PublicDistrict
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StationRows:
    station: PublicStation
    districts: tuple[DistrictRows, ...]


@dataclass(frozen=True, slots=True)
class Caretaker:
    """Whom to reach where no single officer can be named: the district, or else its station."""

    name: str
    phone: str
    email: str
    is_station: bool = False

    @classmethod
    def of(cls, district: PublicDistrict) -> Caretaker:
        if not (district.phone or district.email):
            return cls(district.station.name, district.station.phone, district.station.email, is_station=True)
        return cls(district.name, district.phone, district.email)


@lru_cache(maxsize=2)
def reading_order(division: Division) -> tuple[PublicSector, ...]:
    """Order a division's sectors by station, by district in the order of their first numbers, and by number."""
    first: dict[PublicDistrict, int] = {}
    for sector in division.sectors:
        first[sector.district] = min(sector.number, first.get(sector.district, sector.number))
    return tuple(
        sorted(
            division.sectors,
            key=lambda sector: (
                sector.station.name,
                first[sector.district],
                sector.district.slug,
                sector.number,
            ),
        )
    )


def answers_of(sectors: Iterable[PublicSector]) -> tuple[Answer, ...]:
    """Return who answers for each sector now: together with the division, all that a list of them says."""
    return tuple(answerable(sector.id) for sector in sectors)


def rows_of(sectors: Iterable[PublicSector], answers: Iterable[Answer]) -> tuple[Row, ...]:
    """Join sectors with the answers that `answers_of` gave for them."""
    return tuple(Row(sector, answer) for sector, answer in zip(sectors, answers, strict=True))


def matching(sectors: Iterable[PublicSector], text: str) -> list[PublicSector]:
    """Return the sectors in whose names, or in whose officer's name, every word of the text occurs."""
    wanted = search_key(text).split()
    if not wanted:
        return list(sectors)
    return [sector for sector in sectors if _has_all(Row.of(sector).words, wanted)]


def _has_all(words: str, wanted: list[str]) -> bool:
    return all(word in words for word in wanted)


# A key takes some 20 µs to make, and the names hardly ever change.
_key = lru_cache(maxsize=20_000)(search_key)


def grouped(rows: Iterable[Row]) -> tuple[StationRows, ...]:
    """Group rows that are in reading order by station and district."""
    return tuple(
        StationRows(
            station,
            tuple(
                DistrictRows(district, tuple(in_district))
                for district, in_district in groupby(in_station, key=lambda row: row.sector.district)
            ),
        )
        for station, in_station in groupby(rows, key=lambda row: row.sector.station)
    )


def stations_of(sectors: Iterable[PublicSector]) -> tuple[PublicStation, ...]:
    """Return the stations of the sectors, each once, by name."""
    return tuple(sorted({sector.station for sector in sectors}, key=lambda station: station.name))
