"""Who is overlooked: for each sector and target group, the last contact against the agreed interval.

Rule: handbook, The target group: focus goes to all target groups, adjusted to the estimated needs.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sectorlog.models import GroupInSector, TargetGroup
from sectorlog.models.entries import CLOCK_TOLERANCE
from sectors.models import Sector

Pair = tuple[int, int]

# One step into the index entrygroup_in_order for each pair of sector and group, however many entries there are:
# the newest stands first there.
LAST_CONTACTS = """
SELECT pair.sector, pair.target, last.happened_at
FROM unnest(%s::bigint[], %s::bigint[]) AS pair (sector, target)
CROSS JOIN LATERAL (
    SELECT link.happened_at FROM sectorlog_entrygroup AS link
    WHERE link.sector_id = pair.sector AND link.group_id = pair.target AND link.happened_at <= %s
    ORDER BY link.happened_at DESC
    LIMIT 1
) AS last
"""


class State(models.TextChoices):
    """How a group stands, the worst first."""

    NEVER = "never", _("not met yet")
    OVERDUE = "overdue", _("overdue")
    SOON = "soon", _("due soon")
    IN_TIME = "in-time", _("in time")
    NOT_AGREED = "not-agreed", _("nothing agreed")


ORDER = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Cell:
    """A target group in a sector. `need`, `interval_days` and `agreement` (a primary key) are None if not agreed."""

    sector: Sector
    group: TargetGroup
    need: GroupInSector.Need | None
    interval_days: int | None
    agreement: int | None
    last_contact: datetime.datetime | None
    days_since: int | None
    state: State

    @property
    def is_neglected(self) -> bool:
        return self.state in (State.NEVER, State.OVERDUE)

    @property
    def days_left(self) -> int:
        """Days until the next contact is due; below zero when it was due so long ago. 0 where none is agreed."""
        if self.interval_days is None or self.days_since is None:
            return 0
        return self.interval_days - self.days_since

    @property
    def overdue_by(self) -> int:
        """Days by which a contact is overdue, 0 if it is not."""
        return max(0, -self.days_left)

    @property
    def words(self) -> str:
        """How the group stands, in as few words as fit into a cell."""
        if self.state == State.OVERDUE:
            return ngettext("%(days)d day overdue", "%(days)d days overdue", self.overdue_by) % {
                "days": self.overdue_by
            }
        if self.state == State.SOON:
            return (
                ngettext("due in %(days)d day", "due in %(days)d days", self.days_left)
                % {"days": self.days_left}
                if self.days_left
                else gettext("due today")
            )
        return str(self.state.label)

    @property
    def urgency(self) -> tuple[float, ...]:
        """Sorts the most neglected first: by state, then by the share of the interval that is over, then by need."""
        over = (self.days_since or 0) / self.interval_days if self.interval_days else 0
        return ORDER[self.state], -over, -(self.need or 0), self.group.position


def attention(sectors: Sequence[Sector], at: datetime.datetime) -> list[Cell]:
    """Return a cell for each sector and each of its station's groups that is not retired, as it stood at `at`.

    In the order of the sectors given, and of the catalogue. Three queries, whatever there is.
    """
    if not sectors:
        return []
    catalogue = _groups({sector.station_id for sector in sectors})
    agreed = _agreed(sectors)
    pairs = [(sector, group) for sector in sectors for group in catalogue if _has(sector, group)]
    contacts = last_contacts([(sector.pk, group.pk) for sector, group in pairs], at)
    return [
        _cell(sector, group, agreed.get((sector.pk, group.pk)), contacts.get((sector.pk, group.pk)), at)
        for sector, group in pairs
    ]


def neglected(cells: Iterable[Cell]) -> list[Cell]:
    """Return those that are overdue or were never contacted, the most neglected first."""
    return sorted((cell for cell in cells if cell.is_neglected), key=lambda cell: cell.urgency)


def last_contacts(pairs: Sequence[Pair], at: datetime.datetime) -> dict[Pair, datetime.datetime]:
    """Return when the last entry about each (sector, group) happened, up to `at`; pairs without one are left out."""
    if not pairs:
        return {}
    sectors, groups = zip(*pairs, strict=True)
    # What a telephone wrote whose clock is ahead is no less a contact.
    with connection.cursor() as cursor:
        cursor.execute(LAST_CONTACTS, [list(sectors), list(groups), at + CLOCK_TOLERANCE])
        return {(sector, group): happened_at for sector, group, happened_at in cursor.fetchall()}


def _groups(stations: set[int]) -> list[TargetGroup]:
    return list(TargetGroup.objects.filter(Q(station=None) | Q(station__in=stations), retired_at=None))


def _has(sector: Sector, group: TargetGroup) -> bool:
    return group.station_id is None or group.station_id == sector.station_id


def _agreed(sectors: Sequence[Sector]) -> dict[Pair, tuple[int, int, int]]:
    """Return (primary key, need, interval) of what is agreed, by sector and group."""
    rows = (
        GroupInSector.objects.filter(sector__in=sectors)
        .order_by()
        .values_list("sector", "group", "pk", "need", "interval_days")
    )
    return {(sector, group): (pk, need, interval) for sector, group, pk, need, interval in rows}


def _cell(
    sector: Sector,
    group: TargetGroup,
    agreed: tuple[int, int, int] | None,
    last_contact: datetime.datetime | None,
    at: datetime.datetime,
) -> Cell:
    days = None if last_contact is None else max(0, (_day(at) - _day(last_contact)).days)
    pk, need, interval = agreed or (None, None, None)
    return Cell(
        sector=sector,
        group=group,
        need=None if need is None else GroupInSector.Need(need),
        interval_days=interval,
        agreement=pk,
        last_contact=last_contact,
        days_since=days,
        state=state_of(interval, days),
    )


def state_of(interval_days: int | None, days_since: int | None) -> State:
    """Return how a group stands whose last contact was `days_since` days ago, None for never."""
    if interval_days is None:
        return State.NOT_AGREED
    if days_since is None:
        return State.NEVER
    if days_since > interval_days:
        return State.OVERDUE
    # The last quarter of the interval.
    return State.SOON if 4 * days_since >= 3 * interval_days else State.IN_TIME


def _day(instant: datetime.datetime) -> datetime.date:
    return timezone.localdate(instant)
