"""The gaps of the next four weeks on paper: how many in each district, and the gravest with a strip of days."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overview.gaps import Gap, GapKind
from overview.gaps.finding import Found
from overview.gaps.strip import GRAVE
from overview.scope import Scope
from sectors.models import District, Sector

WEEK, WEEKS = 7, 4
DAYS = WEEK * WEEKS
# So many fit on two pages; the rest is on the screen.
MOST_GAPS = 40
# Millimetres: how wide a week is, from where one day begins to the next, and a day's own width and height.
WEEK_WIDE, DAY_STEP, DAY_WIDE, DAY_HIGH = 14, 1.85, 1.6, 2.7
TOP = 0.7


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap and its days: four weeks of seven, True where it is there."""

    gap: Gap
    weeks: tuple[tuple[bool, ...], ...]

    @property
    def is_grave(self) -> bool:
        """Nobody is there to whom the public could turn."""
        return self.gap.kind in GRAVE

    @property
    def days_with(self) -> str:
        """Return what draws the days on which the gap is there: a box each."""
        return self._drawn(TOP, f"h{DAY_WIDE}v{DAY_HIGH}h-{DAY_WIDE}z", is_there=True)

    @property
    def days_without(self) -> str:
        """Return what draws the other days: a line each, so that no box means two things."""
        return self._drawn(TOP + DAY_HIGH, f"h{DAY_WIDE}", is_there=False)

    def _drawn(self, top: float, drawn: str, *, is_there: bool) -> str:
        """Return the path of one picture: an element for each day would take long to lay out."""
        return "".join(
            f"M{WEEK_WIDE * week + DAY_STEP * day:.2f} {top:.1f}{drawn}"
            for week, days in enumerate(self.weeks)
            for day, there in enumerate(days)
            if there is is_there
        )


@dataclass(frozen=True, slots=True)
class SectorGaps:
    """The gaps of one sector; None is what no single sector lacks."""

    sector: Sector | None
    rows: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class DistrictGaps:
    """A district, how many of its sectors lack something today, how often each kind is there, its gravest gaps.

    `district` is None for what several sectors or all of a station lack together; it has no sectors to count.
    """

    district: District | None
    sectors: int | None
    lacking_today: int | None
    counts: tuple[int, ...]
    shown: tuple[SectorGaps, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class PrintedGaps:
    """`kinds` are those that occur, in the order of each district's `counts`; `starts` the weeks' first days."""

    kinds: tuple[GapKind, ...]
    starts: tuple[datetime.date, ...]
    last: datetime.date
    districts: tuple[DistrictGaps, ...]
    total: int
    shown: tuple[Found, ...]

    @property
    def together(self) -> tuple[int, ...]:
        """Return the sums of the table: sectors, those that lack something today, and each kind."""
        columns = ((one.sectors or 0, one.lacking_today or 0, *one.counts) for one in self.districts)
        return tuple(map(sum, zip(*columns, strict=True)))


def gaps_by_district(scope: Scope, found: Sequence[Found], today: datetime.date) -> PrintedGaps:
    """Return the gaps by district, the first of them gap by gap. No query."""
    gaps = [one.gap for one in found]
    kinds = tuple(kind for kind in GapKind if any(gap.kind == kind for gap in gaps))
    shown = gaps[:MOST_GAPS]
    districts: list[District | None] = list(scope.districts)
    if any(gap.sector is None for gap in gaps):
        districts.append(None)
    return PrintedGaps(
        kinds=kinds,
        starts=tuple(today + datetime.timedelta(days=WEEK * week) for week in range(WEEKS)),
        last=today + datetime.timedelta(days=DAYS - 1),
        districts=tuple(_district(scope, one, gaps, shown, kinds, today) for one in districts),
        total=len(gaps),
        shown=tuple(found[:MOST_GAPS]),
    )


def _district(
    scope: Scope,
    district: District | None,
    gaps: Sequence[Gap],
    shown: Sequence[Gap],
    kinds: tuple[GapKind, ...],
    today: datetime.date,
) -> DistrictGaps:
    own = [gap for gap in gaps if _is_of(gap, district)]
    counted = Counter(gap.kind for gap in own)
    sectors = sum(sector.district == district for sector in scope.sectors)
    lacking_today = len({gap.sector for gap in own if gap.covers(today)})
    return DistrictGaps(
        district=district,
        sectors=sectors if district else None,
        lacking_today=lacking_today if district else None,
        counts=tuple(counted[kind] for kind in kinds),
        shown=tuple(_by_sector((gap for gap in shown if _is_of(gap, district)), today)),
    )


def _is_of(gap: Gap, district: District | None) -> bool:
    return (gap.sector.district if gap.sector is not None else None) == district


def _by_sector(gaps: Iterable[Gap], today: datetime.date) -> list[SectorGaps]:
    """Return the gaps sector by sector; the sector with the gravest comes first."""
    rows: dict[Sector | None, list[GapRow]] = {}
    for gap in gaps:
        rows.setdefault(gap.sector, []).append(GapRow(gap, _weeks(gap, today)))
    return [SectorGaps(sector, tuple(found)) for sector, found in rows.items()]


def _weeks(gap: Gap, today: datetime.date) -> tuple[tuple[bool, ...], ...]:
    days = [gap.covers(today + datetime.timedelta(days=ahead)) for ahead in range(DAYS)]
    return tuple(tuple(days[first : first + WEEK]) for first in range(0, DAYS, WEEK))
