"""The entries of a hand-over pack: promises, follow-ups, events to come, and the forms of the last months."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from sectorlog.handover.gathering import Gathering, Rows, name_of, named, short
from sectorlog.models import LogEntry, LogEntryQuerySet, Promise, RecordKind

# The newest entries of so many days.
DAYS_BACK, MOST_ENTRIES, MOST_OTHERS = 92, 200, 60
MAJOR_EVENT = "major-event"


def promises_of(gathering: Gathering) -> Rows:
    rows = list(
        Promise.objects.open()
        .filter(sector=gathering.sector)
        .exclude(entry__uuid__in=gathering.held[RecordKind.ENTRY])
        .select_related("entry__author")[:MOST_OTHERS]
    )
    gathering.tell(rows)
    return [
        {
            "entry": row.entry.uuid,
            "what": row.what,
            "to_whom": row.to_whom,
            "due_on": row.due_on,
            "is_overdue": row.due_on < timezone.localdate(gathering.made_at),
            "given_at": row.entry.happened_at,
            "by": row.entry.author.name,
        }
        for row in rows
    ]


def _entries(gathering: Gathering, of: Q) -> LogEntryQuerySet:
    return (
        LogEntry.objects.filter(of, sector=gathering.sector)
        .exclude(uuid__in=gathering.held[RecordKind.ENTRY])
        .select_related("form_version__template", "author")
    )


def follow_ups_of(gathering: Gathering) -> Rows:
    of = Q(follow_up_on__isnull=False, follow_up_done_at=None)
    rows = list(_entries(gathering, of).order_by("follow_up_on", "pk")[:MOST_OTHERS])
    gathering.tell(rows)
    return [
        {
            "entry": row.uuid,
            "due_on": row.follow_up_on,
            "is_overdue": row.follow_up_on < timezone.localdate(gathering.made_at),
            "form": row.form_version.name,
            "happened_at": row.happened_at,
            "by": row.author.name,
            "text": short(row.text),
        }
        for row in rows
    ]


def events_of(gathering: Gathering) -> Rows:
    """Return the major events that take place again, as the forms about the last ones say (handbook, 14)."""
    of = Q(form_version__template__slug=MAJOR_EVENT, values__again__gte=gathering.on.isoformat())
    rows = list(_entries(gathering, of).order_by("values__again", "pk")[:MOST_OTHERS])
    gathering.tell(rows)
    return [
        {
            "entry": row.uuid,
            "event": str(row.values.get("event") or ""),
            "again_on": row.values["again"],
            "visitors": row.values.get("visitors"),
            "where": row.place_text,
            "happened_at": row.happened_at,
            "text": short(row.text),
        }
        for row in rows
    ]


def forms_of(gathering: Gathering) -> dict[str, Any]:
    """Return the newest entries, short, by the form that they were written with."""
    since = min(gathering.noon, gathering.made_at) - datetime.timedelta(days=DAYS_BACK)
    of = _entries(gathering, Q(happened_at__gte=since))
    rows = list(of.prefetch_related("parties", "groups").order_by("-happened_at", "-pk")[:MOST_ENTRIES])
    gathering.tell(rows)
    forms: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row.form_version.template.position):
        form = forms.setdefault(
            row.form_version.template.slug, {"name": row.form_version.name, "entries": []}
        )
        form["entries"].append(
            {
                "uuid": row.uuid,
                "happened_at": row.happened_at,
                "by": row.author.name,
                "outcome": row.outcome,
                "text": short(row.text),
                "where": row.place_text,
                "parties": named(gathering, row.parties.all()),
                "groups": [name_of(group) for group in row.groups.all()],
            }
        )
    return {
        "since_on": timezone.localdate(since),
        "by_form": list(forms.values()),
        "told": len(rows),
        "total": of.count() if len(rows) == MOST_ENTRIES else len(rows),
    }
