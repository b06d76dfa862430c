"""What the page of gaps lists: a row for each sector that lacks something, and how many lack nothing."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from overview.gaps import Gap, GapKind
from overview.gaps.strip import Axis, Strip, strip
from sectors.models import Sector, Station

# More gaps of one row than these are left to the pages of the days and to the file.
MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A sector's gaps, or those of all of a station: `place`."""

    place: Sector | Station
    gaps: tuple[Gap, ...]
    strips: tuple[Strip, ...] = ()

    @property
    def sector(self) -> Sector | None:
        return self.place if isinstance(self.place, Sector) else None

    @property
    def url(self) -> str:
        return reverse("officers:sector_dossier", args=[self.sector.slug]) if self.sector else ""

    @property
    def listed(self) -> tuple[Gap, ...]:
        return self.gaps[:MOST_LISTED]

    @property
    def more(self) -> int:
        return max(0, len(self.gaps) - MOST_LISTED)


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of gap that one can choose, with how many there are."""

    key: str
    name: str
    count: int


def rows(gaps: Iterable[Gap]) -> list[Row]:
    """Return a row for each place, in the order of its first gap: they come by urgency."""
    by_place: dict[Sector | Station, list[Gap]] = {}
    for gap in gaps:
        by_place.setdefault(gap.sector or gap.station, []).append(gap)
    return [Row(place, tuple(of_place)) for place, of_place in by_place.items()]


def drawn(shown: Iterable[Row], axes: Sequence[Axis], first: datetime.date) -> list[Row]:
    """Return the rows of a page with their strips."""
    return [Row(row.place, row.gaps, tuple(strip(row.listed, axis, first) for axis in axes)) for row in shown]


def choices(gaps: Iterable[Gap], chosen: str) -> list[KindChoice]:
    """Return the kinds of which there are any, and the chosen one, the gravest first."""
    counts = Counter(str(gap.kind) for gap in gaps)
    return [
        KindChoice(kind.value, str(kind.label), counts[kind])
        for kind in GapKind
        if counts[kind] or kind == chosen
    ]
