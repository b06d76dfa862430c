"""What a sector's log knows, gathered to be handed over (handbook, How to perform the task, 10).

A pack is pure data, as JSON keeps it: names of fields that end in `_at` hold instants, in `_on` days; choices stand
by their value and are put into the reader's language when it is read (`sectorlog.handover.reading`). What is on hold
is not told, and nothing of source handling ever is.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch, Window
from django.db.models.functions import RowNumber

from sectorlog.groups.neglect import attention
from sectorlog.handover.entries import events_of, follow_ups_of, forms_of, promises_of
from sectorlog.handover.events import events_to_come
from sectorlog.handover.gathering import Gathering, Rows, gathering_for, name_of, named
from sectorlog.handover.parties import parties_of
from sectorlog.handover.people import neighbours_of, officers_of
from sectorlog.models import (
    Challenge,
    Effort,
    EffortTask,
    GroupInSector,
    GroupStatus,
    ProgressNote,
    RecordKind,
)
from sectors.models import Sector
from sectors.sector_drawing import drawing_of

VERSION = 1
# Nobody reads more than that in one evening; the log has all of it.
MOST_CHALLENGES, MOST_NOTES, MOST_EFFORTS = 40, 3, 30

Pack = dict[str, Any]


def pack_of(sector: Sector, on: datetime.date) -> Pack:
    """Return the pack of the sector for the day `on`, from what the log knows now.

    A bounded number of queries, whatever the log's size.
    """
    gathering = gathering_for(sector, on)
    parties, places = parties_of(gathering)
    pack = {
        "version": VERSION,
        "on": on,
        "made_at": gathering.made_at,
        "sector": {
            "number": sector.number,
            "name": sector.name,
            "district": sector.district.name,
            "station": sector.station.name,
        },
        "map": drawing_of(sector, gathering.noon, places),
        "officers": officers_of(sector, gathering.noon),
        "neighbours": neighbours_of(sector, gathering.noon),
        "groups": _groups(gathering),
        "parties": parties,
        "challenges": _challenges(gathering),
        "promises": promises_of(gathering),
        "efforts": _efforts(gathering),
        "follow_ups": follow_ups_of(gathering),
        "events": events_of(gathering),
        "to_come": events_to_come(gathering),
        "forms": forms_of(gathering),
    }
    pack["tells"] = {subject: sorted(keys) for subject, keys in sorted(gathering.told.items())}
    kept: Pack = json.loads(json.dumps(pack, cls=DjangoJSONEncoder))
    return kept


def _groups(gathering: Gathering) -> dict[str, Any]:
    """Return the groups that something is agreed on, the most neglected first, and the names of the others."""
    sector = gathering.sector
    agreed = GroupInSector.objects.filter(sector=sector).select_related("group").order_by("group__position")
    statuses = GroupStatus.objects.filter(in_sector__sector=sector).order_by("in_sector_id", "-at")
    latest = {row.in_sector_id: row for row in statuses.distinct("in_sector_id").select_related("author")}
    cells = {cell.group.pk: cell for cell in attention([sector], gathering.made_at)}
    rows = [(row, cells[row.group_id], latest.get(row.pk)) for row in agreed if row.group_id in cells]
    gathering.tell([*(row for row, _cell, _status in rows), *latest.values()])
    return {
        "agreed": [
            name_of(row.group)
            | {
                "description": row.description,
                "need": row.need,
                "interval_days": row.interval_days,
                "last_contact_at": cell.last_contact,
                "state": cell.state.value,
                "overdue_by": cell.overdue_by,
                "status": status.note if status else "",
                "status_at": status.at if status else None,
                "status_by": status.author.name if status else "",
            }
            for row, cell, status in sorted(rows, key=lambda found: found[1].urgency)
        ],
        "others": [name_of(cell.group) for cell in cells.values() if cell.agreement is None],
    }


def _challenges(gathering: Gathering) -> Rows:
    """Return the open challenges, the gravest first, each with its last notes."""
    rows = list(
        Challenge.objects.open()
        .filter(sector=gathering.sector)
        .exclude(uuid__in=gathering.held[RecordKind.CHALLENGE])
        .prefetch_related("groups", "parties")[:MOST_CHALLENGES]
    )
    nth = Window(RowNumber(), partition_by="challenge", order_by="-at")
    last = ProgressNote.objects.filter(challenge__in=rows).annotate(nth=nth).filter(nth__lte=MOST_NOTES)
    notes: dict[int, Rows] = defaultdict(list)
    for note in last.select_related("author").order_by("-at"):
        notes[note.challenge_id].append({"at": note.at, "by": note.author.name, "text": note.text})
    gathering.tell(rows)
    return [
        {
            "uuid": row.uuid,
            "title": row.title,
            "severity": row.severity,
            "description": row.description,
            "opened_at": row.opened_at,
            "groups": [name_of(group) for group in row.groups.all()],
            "parties": named(gathering, row.parties.all()),
            "notes": notes[row.pk],
        }
        for row in rows
    ]


def _efforts(gathering: Gathering) -> Rows:
    tasks = EffortTask.objects.filter(done_at=None).select_related("who", "unit")
    rows = list(
        Effort.objects.running()
        .filter(sectors=gathering.sector)
        .prefetch_related("units", "sectors", Prefetch("tasks", tasks, to_attr="open_tasks"))[:MOST_EFFORTS]
    )
    gathering.tell(rows)
    return [
        {
            "title": row.title,
            "goal": row.goal,
            "begins_on": row.begins_on,
            "ends_on": row.ends_on,
            "sectors": [other.name for other in row.sectors.all() if other.pk != gathering.sector.pk],
            "units": [unit.name for unit in row.units.all()],
            "tasks": [
                {
                    "what": task.what,
                    "who": task.who.name if task.who else task.unit.name if task.unit else "",
                    "due_on": task.due_on,
                }
                for task in row.open_tasks
            ],
        }
        for row in rows
    ]
