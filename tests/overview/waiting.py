"""A city in which things wait, for the tests of what waits."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from officers.models import User
from overview.attention import Item, ItemKind
from overview.attention.asking import Asked
from overview.attention.gathering import gather
from overview.scope import in_attention, scope_of
from sectors.models import District, Sector, Station
from tests.factories import (
    BoundaryReleaseFactory,
    DistrictFactory,
    GroupInSectorFactory,
    LogEntryFactory,
    MessageFactory,
    SectorFactory,
    StationFactory,
    days_ago,
    head_of,
    square,
)


@dataclass(frozen=True)
class City:
    """A station with two districts, each with one sector in force, and its head."""

    station: Station
    north: District
    south: District
    sector: Sector
    southern: Sector
    head: User


def city_of(*, written: int = 0) -> City:
    """Return a city in whose logs somebody wrote so many days ago."""
    station = StationFactory()
    north, south = (
        DistrictFactory(station=station, name=name, slug=name.lower()) for name in ("North", "South")
    )
    sectors = [SectorFactory(district=north), SectorFactory(district=south)]
    BoundaryReleaseFactory(
        station=station, areas={one: square(at) for at, one in enumerate(sectors)}, in_force=True
    )
    for sector in sectors:
        LogEntryFactory(sector=sector, happened_at=days_ago(written))
    return City(station, north, south, *sectors, head_of(station))


def noon(days_back: int) -> datetime.datetime:
    """Return noon of the day so many days ago: no change of the clocks makes it another day."""
    day = timezone.localdate() - datetime.timedelta(days=days_back)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def waits(user: User, where: str = "", *, mine: bool = False) -> list[Item]:
    """Return what waits for the account, the most urgent first."""
    return gather(Asked(user, scope_of(user, where, in_attention(user)), mine), limit=100).items


def kinds(items: list[Item]) -> list[ItemKind]:
    return [item.kind for item in items]


def message(sector: Sector, *, hours_over: float, **rest: object) -> object:
    """Return a message whose time has been over for so many hours, or is so in as many if they are negative.

    The warning came a day before.
    """
    due = timezone.now() - datetime.timedelta(hours=hours_over)
    return MessageFactory(
        sector=sector,
        received_at=due - datetime.timedelta(hours=72),
        warn_at=due - datetime.timedelta(hours=24),
        due_at=due,
        **rest,
    )


def group(sector: Sector, *, met: int | None, interval: int = 20, agreed: int = 400) -> object:
    """Return a target group that was last met so many days ago, None for never."""
    found = GroupInSectorFactory(sector=sector, interval_days=interval, agreed_at=noon(agreed))
    if met is not None:
        LogEntryFactory(sector=sector, happened_at=noon(met), groups=[found.group])
    return found
