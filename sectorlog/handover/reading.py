"""A hand-over pack as it is read: days and instants again, choices in the reader's language, nothing that is gone.

A record that was erased, or that somebody put on hold, after the pack was made is told no more.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from officers.continuity import months_between, months_text
from officers.models import Assignment
from sectorlog.handover.pack import Pack
from sectorlog.models import (
    Challenge,
    Erasure,
    GroupInSector,
    Handover,
    HandoverItem,
    Hold,
    Outcome,
    Party,
    in_language,
)
from sectorlog.models.groups import HANDBOOK_GROUPS
from sectors.models import Sector

LABELS: dict[str, Any] = {
    "kind": Party.Kind,
    "need": GroupInSector.Need,
    "severity": Challenge.Severity,
    "outcome": Outcome,
    "role": Assignment.Role,
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A line of the table of contents: where it stands, its heading, how many; None where a number says nothing."""

    anchor: str
    title: str
    count: int | None = None


def gone_from(sector: Sector) -> set[str]:
    """Return the UUIDs of the sector's records that were erased or are on hold. One query."""
    erased = Erasure.objects.filter(sector=sector).order_by().values_list("record")
    held = Hold.objects.in_force().filter(sector=sector).order_by().values_list("record")
    return {str(record) for (record,) in erased.union(held)}


def read(pack: Pack, gone: Collection[str] = ()) -> dict[str, Any]:
    """Return the pack as templates show it, without the records whose UUIDs are `gone`."""
    told: dict[str, Any] = _read("", pack, gone)
    officers = told.get("officers") or {}
    on = told.get("on")
    for tenure in officers.get("history", ()):
        tenure["tenure"] = _tenure(tenure, told.get("made_at") or tenure["begins_at"])
    # Packs made before events were known have none.
    told.setdefault("to_come", [])
    if told.get("map"):
        told["map"]["points"] = _points(told)
    told["chapters"] = _chapters(told) if on else []
    return told


def _read(key: str, value: Any, gone: Collection[str]) -> Any:
    if isinstance(value, list):
        return [_read("", one, gone) for one in value if not _is_gone(one, gone)]
    if isinstance(value, dict):
        return in_language(value) if key in ("name", "form") else _told(value, gone)
    if isinstance(value, str) and (key == "at" or key.endswith("_at")):
        return parse_datetime(value)
    if isinstance(value, str) and (key == "on" or key.endswith("_on")):
        return _day(value)
    return value


def _told(found: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    told = {key: _read(key, value, gone) for key, value in found.items()}
    for key, choices in LABELS.items():
        if key in found:
            told[f"{key}_label"] = dict(choices.choices).get(found[key], "")
    told["about"] = _about(told)
    if found.get("group") in HANDBOOK_GROUPS:
        told["name"] = str(HANDBOOK_GROUPS[found["group"]])
    return told


def _about(told: dict[str, Any]) -> str:
    """Return, on one line, whom and what a challenge, an effort or an entry is about."""
    named = [told.get("where"), *(told.get("units") or ()), *(told.get("sectors") or ())]
    for key in ("groups", "parties"):
        rows = told.get(key)
        named += [row["name"] for row in rows] if isinstance(rows, list) else []
    return " · ".join(name for name in named if name)


def _is_gone(one: Any, gone: Collection[str]) -> bool:
    return isinstance(one, dict) and (
        "erased_on" in one or one.get("uuid") in gone or one.get("entry") in gone
    )


def _day(value: str) -> datetime.date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _tenure(tenure: dict[str, Any], made_at: datetime.datetime) -> str:
    """Return how long it lasted, or has lasted; empty while it has not begun."""
    until = min(tenure["ends_at"] or made_at, made_at) if tenure["state"] != "past" else tenure["ends_at"]
    return months_text(months_between(tenure["begins_at"], until)) if until > tenure["begins_at"] else ""


def _points(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Leave only the numbers of the parties that are told, and say whether they belong to the first round."""
    first = {party["number"] for party in told["parties"]["first"]}
    others = {party["number"] for party in told["parties"]["others"]}
    points = [point for point in told["map"]["points"] if point["number"] in first | others]
    # The first round is drawn last, on top.
    return sorted(
        (point | {"is_first": point["number"] in first} for point in points),
        key=lambda point: point["is_first"],
    )


def _chapters(told: dict[str, Any]) -> list[Chapter]:
    return [
        Chapter("officers", _("Officers")),
        Chapter("first", _("Visit first"), len(told["parties"]["first"])),
        Chapter("challenges", _("Open challenges"), len(told["challenges"])),
        Chapter("promises", _("Open promises"), len(told["promises"])),
        Chapter("events", _("Events to come"), len(told["to_come"])),
        Chapter("coming", _("To come back to"), len(told["follow_ups"]) + len(told["events"])),
        Chapter("efforts", _("Joint efforts"), len(told["efforts"])),
        Chapter("groups", _("Target groups"), len(told["groups"]["agreed"])),
        Chapter("parties", _("The other parties"), len(told["parties"]["others"])),
        Chapter("neighbours", _("Neighbouring sectors"), len(told["neighbours"])),
        Chapter(
            "entries",
            _("What was written lately"),
            sum(len(form["entries"]) for form in told["forms"]["by_form"]),
        ),
    ]


def rows_by_item(told: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return the rows of the pack that stand for items, by the item's position; none of a pack that tells nothing."""
    if not told.get("on"):
        return {}
    lists = (
        told["groups"]["agreed"],
        told["parties"]["first"],
        told["parties"]["others"],
        told["challenges"],
        told["promises"],
        told["efforts"],
        told["follow_ups"],
    )
    return {row["item"]: row for rows in lists for row in rows if row.get("item")}


def with_items(told: dict[str, Any], items: Collection[HandoverItem]) -> list[tuple[HandoverItem, str]]:
    """Put the state of each item into its row, as `accepted`; return the items with their titles as they are read.

    The title of an item whose record is gone is told no more.
    """
    rows = rows_by_item(told)
    found = []
    for item in items:
        row = rows.get(item.position)
        if row is None:
            found.append((item, _("No longer in the log")))
            continue
        row["accepted"] = item
        found.append((item, row["name"] if item.kind == HandoverItem.Kind.GROUP else item.title))
    return found


def tells(handover: Handover) -> dict[str, list[int]]:
    """Return the primary keys of what the pack tells of, by kind, for the read log."""
    told: dict[str, list[int]] = handover.pack.get("tells", {})
    return told
