"""What changed in a district over a period, and what is due (handbook, How to perform the task, 11).

A briefing holds its period alone: the sheet is compiled for each reader. Who reads a sector's log reads what was
written there; of the district's other sectors everybody is told how many, nothing else. Who is away and who covers
stands on the public pages.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from officers.models import User
from officers.rota import Answer, Rotas
from sectorlog.challenges.story import silent, with_last_sign
from sectorlog.entries.naming import with_named
from sectorlog.groups.neglect import Cell, attention, neglected
from sectorlog.models import (
    Briefing,
    Challenge,
    Effort,
    EffortTask,
    GroupStatus,
    LogEntry,
    ProgressNote,
    Promise,
)
from sectorlog.permissions import can_read_log
from sectors.models import Sector

# A briefing takes a quarter of an hour: so much of a kind, and so many entries of a sector.
MOST, MOST_ENTRIES, MOST_NEGLECTED = 40, 8, 3
# What was written in the period may have happened so much earlier: a queue sends when the network is back.
WRITTEN_LATE = datetime.timedelta(days=14)


@dataclass(slots=True)
class SectorSheet:
    """One sector of the sheet. `is_read` where the reader reads its log; else there are numbers alone."""

    sector: Sector
    is_read: bool
    answer: Answer
    written: int = 0
    opened: int = 0
    closed: int = 0
    overdue: int = 0
    entries: list[LogEntry] = field(default_factory=list)
    challenges: list[Any] = field(default_factory=list)
    statuses: list[GroupStatus] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    follow_ups: list[LogEntry] = field(default_factory=list)
    silent: list[Challenge] = field(default_factory=list)
    neglected: list[Cell] = field(default_factory=list)

    @property
    def more_written(self) -> int:
        return self.written - len(self.entries)

    @property
    def is_due(self) -> bool:
        return bool(self.promises or self.follow_ups)

    @property
    def has_changed(self) -> bool:
        return bool(self.entries or self.challenges or self.statuses)

    @property
    def needs_a_look(self) -> bool:
        return bool(self.silent or self.neglected)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet as one account may read it. `day` is that which it is read for: due is what is due on it."""

    briefing: Briefing
    day: datetime.date
    sectors: list[SectorSheet]
    efforts: list[Effort]

    @property
    def read(self) -> list[SectorSheet]:
        return [one for one in self.sectors if one.is_read]

    @property
    def absent(self) -> list[SectorSheet]:
        """The sectors whose responsible officer does not answer on the day."""
        return [
            one
            for one in self.sectors
            if one.answer.absent or one.answer.officer is None or one.answer.is_cover
        ]

    @property
    def due(self) -> list[SectorSheet]:
        return [one for one in self.sectors if one.is_due]

    @property
    def changed(self) -> list[SectorSheet]:
        return [one for one in self.sectors if one.has_changed]

    @property
    def to_look_at(self) -> list[SectorSheet]:
        return [one for one in self.sectors if one.needs_a_look]

    @property
    def shown(self) -> list[Model]:
        """What the sheet names, for the read log."""
        rows: list[Any] = [*self.efforts]
        for effort in self.efforts:
            rows += effort.open_tasks  # type: ignore[attr-defined]  # prefetched by that name
        for one in self.read:
            rows += [
                *with_named(one.entries, where=("parties",)),
                *one.challenges,
                *one.statuses,
                *one.promises,
                *one.follow_ups,
                *one.silent,
            ]
        return rows


def sheet_of(briefing: Briefing, user: User) -> Sheet:
    """Compile the sheet for the reader. A bounded number of queries, whatever the log's size."""
    day = timezone.localdate(briefing.ends_at - datetime.timedelta(microseconds=1))
    sectors = list(
        Sector.objects.filter(district=briefing.district_id)
        .select_related("district", "station")
        .order_by("number")
    )
    rotas = Rotas.read(_noon(day), [sector.pk for sector in sectors])
    # Asked once for all sectors.
    _ = user.standing
    sheets = {
        sector.pk: SectorSheet(sector, can_read_log(user, sector), rotas.of(sector.pk).answer_at(_noon(day)))
        for sector in sectors
    }
    read = [one.sector for one in sheets.values() if one.is_read]
    _count(briefing, day, sheets)
    _give(sheets, "entries", _entries(briefing, read))
    _give(sheets, "challenges", _challenges(briefing, read))
    _give(sheets, "statuses", _statuses(briefing, read), of=lambda status: status.in_sector.sector_id)
    _give(sheets, "promises", _promises(day, read))
    _give(sheets, "follow_ups", _follow_ups(day, read))
    _give(sheets, "silent", _silent(briefing, read))
    for cell in neglected(attention(read, briefing.ends_at)):
        if len(found := sheets[cell.sector.pk].neglected) < MOST_NEGLECTED:
            found.append(cell)
    return Sheet(briefing, day, list(sheets.values()), _efforts(day, read))


def _noon(day: datetime.date) -> datetime.datetime:
    """Return the middle of the day: appointments and absences change in the morning."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _give(
    sheets: dict[int, SectorSheet], what: str, rows: Iterable[Any], *, of: Any = lambda row: row.sector_id
) -> None:
    for row in rows:
        getattr(sheets[of(row)], what).append(row)


def _written(briefing: Briefing, sectors: Any) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(
        sector__in=sectors,
        # Within these bounds the index of a sector's entries finds them.
        happened_at__range=(briefing.begins_at - WRITTEN_LATE, briefing.ends_at),
        written_at__gte=briefing.begins_at,
        written_at__lt=briefing.ends_at,
    )


def _count(briefing: Briefing, day: datetime.date, sheets: dict[int, SectorSheet]) -> None:
    """Fill in the numbers, of all sectors of the district. Three queries."""
    of_sectors = {"sector__in": list(sheets)}
    period = (briefing.begins_at, briefing.ends_at)
    troubles = Challenge.objects.filter(**of_sectors).filter(
        Q(opened_at__range=period) | Q(closed_at__range=period)
    )
    opened = Count("pk", filter=Q(opened_at__range=period))
    closed = Count("pk", filter=Q(closed_at__range=period))
    broken = Promise.objects.open().filter(due_on__lt=day, **of_sectors)
    for sector, written in (
        _written(briefing, list(sheets)).order_by().values_list("sector").annotate(Count("pk"))
    ):
        sheets[sector].written = written
    for sector, begun, ended in (
        troubles.order_by().values_list("sector").annotate(opened=opened, closed=closed)
    ):
        sheets[sector].opened, sheets[sector].closed = begun, ended
    for sector, overdue in broken.order_by().values_list("sector").annotate(Count("pk")):
        sheets[sector].overdue = overdue


def _entries(briefing: Briefing, read: list[Sector]) -> QuerySet[LogEntry]:
    """Return the newest entries of each sector."""
    nth = Window(RowNumber(), partition_by="sector", order_by=[F("happened_at").desc(), F("pk").desc()])
    found = _written(briefing, read).annotate(nth=nth).filter(nth__lte=MOST_ENTRIES)
    return (
        found.select_related("form_version__template", "author")
        .prefetch_related("parties")
        .order_by("-happened_at")
    )


def _challenges(briefing: Briefing, read: list[Sector]) -> list[Any]:
    """Return the challenges that were opened, noted or closed, each with `noted`, what was noted in the period."""
    period = (briefing.begins_at, briefing.ends_at)
    notes = ProgressNote.objects.filter(at__range=period)
    found = Challenge.objects.filter(
        Q(opened_at__range=period)
        | Q(closed_at__range=period)
        | Q(Exists(notes.filter(challenge=OuterRef("pk")))),
        sector__in=read,
    )
    last = notes.select_related("author").order_by("-at")
    challenges = list(found.prefetch_related(Prefetch("notes", last, to_attr="noted"))[:MOST])
    for one in challenges:
        one.is_new = period[0] <= one.opened_at <= period[1]
        one.is_closed = one.closed_at is not None and period[0] <= one.closed_at <= period[1]
    return challenges


def _statuses(briefing: Briefing, read: list[Sector]) -> QuerySet[GroupStatus]:
    period = (briefing.begins_at, briefing.ends_at)
    found = GroupStatus.objects.filter(at__range=period, in_sector__sector__in=read)
    return found.select_related("in_sector__group", "author").order_by("-at")[:MOST]


def _promises(day: datetime.date, read: list[Sector]) -> list[Any]:
    found: list[Any] = list(Promise.objects.open().filter(due_on__lte=day, sector__in=read)[:MOST])
    for one in found:
        one.is_overdue = one.due_on < day
    return found


def _follow_ups(day: datetime.date, read: list[Sector]) -> list[Any]:
    found = LogEntry.objects.with_follow_up().filter(follow_up_on__lte=day, sector__in=read)
    rows = list(found.select_related("form_version", "author").order_by("follow_up_on", "pk")[:MOST])
    for one in rows:
        one.is_overdue = one.follow_up_on < day
    return rows


def _silent(briefing: Briefing, read: list[Sector]) -> list[Challenge]:
    found = with_last_sign(Challenge.objects.open().filter(sector__in=read))
    return list(found.filter(silent(briefing.ends_at)).order_by("last_sign")[:MOST])


def _efforts(day: datetime.date, read: list[Sector]) -> list[Effort]:
    """Return the efforts that run on the day in the sectors, each with its open tasks as `open_tasks`."""
    tasks = EffortTask.objects.filter(done_at=None).select_related("who", "unit")
    running = Effort.objects.running().filter(Q(ends_on=None) | Q(ends_on__gte=day), begins_on__lte=day)
    return list(
        running.filter(sectors__in=read)
        .distinct()
        .prefetch_related("sectors", "units", Prefetch("tasks", tasks, to_attr="open_tasks"))[:MOST]
    )
