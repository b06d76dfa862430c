"""What is erased from the log goes out of the packs that told of it; that something stood there stays.

The database lets a pack change only while `sectorlog.erasing` is on. A pack on hold keeps what it tells, out of
sight, until the hold is lifted.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, TextField, Value
from django.utils import timezone

from sectorlog.models import Erasure, Handover, HandoverItem, Hold, RecordKind

# What stands in place of the words that are gone.
NOTHING = "–"
AT_ONCE = 20


def forget(records: Collection[str], sectors: Iterable[int]) -> int:
    """Take what these UUIDs name out of the packs of the sectors; returns how many packs told of it.

    Within the transaction that erases. A query to find the packs, and two for each twenty of them.
    """
    packs = _packs().filter(sector__in=set(sectors))
    return _forget(packs, frozenset(records))


def forget_after_holds() -> int:
    """Take out of packs whose hold was lifted what was erased meanwhile; returns how many packs told of it."""
    lifted = Hold.objects.filter(kind=RecordKind.HANDOVER, lifted_at__isnull=False, record=OuterRef("uuid"))
    told = 0
    for pk, sector in _packs().filter(Exists(lifted)).values_list("pk", "sector").iterator():
        erased = Erasure.objects.filter(sector=sector).values_list("record", flat=True)
        told += _forget(Handover.objects.filter(pk=pk), frozenset(map(str, erased)))
    return told


def _packs() -> QuerySet[Handover]:
    held = Hold.objects.in_force().filter(kind=RecordKind.HANDOVER, record=OuterRef("uuid"))
    return Handover.objects.exclude(Exists(held)).order_by("pk")


def _forget(packs: QuerySet[Handover], records: frozenset[str]) -> int:
    tells = Func(
        F("pack"),
        Value(sorted(records), output_field=ArrayField(TextField())),
        function="sectorlog_pack_tells",
        output_field=BooleanField(),
    )
    keys = list(packs.filter(tells).values_list("pk", flat=True))
    for begin in range(0, len(keys), AT_ONCE):
        _forget_in(keys[begin : begin + AT_ONCE], records)
    return len(keys)


def _forget_in(keys: list[int], records: frozenset[str]) -> None:
    on = timezone.localdate()
    handovers = list(Handover.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    gone = {handover.pk: list(_gone(handover.pack, records)) for handover in handovers}
    for handover in handovers:
        numbers = {row["number"] for row in gone[handover.pk] if "number" in row}
        handover.pack = _without(handover.pack, records, on)
        _take_off_the_map(handover.pack, numbers)
    Handover.objects.bulk_update(handovers, ["pack"])
    positions = {pk: {row["item"] for row in rows if "item" in row} for pk, rows in gone.items()}
    items = [
        item
        for item in HandoverItem.objects.filter(handover__in=keys)
        if item.position in positions[item.handover_id]
    ]
    for item in items:
        # What was explained and not accepted stays settled.
        item.title, item.note = NOTHING, NOTHING if item.note else ""
    HandoverItem.objects.bulk_update(items, ["title", "note"])


def _is_of(one: dict[str, Any], records: frozenset[str]) -> bool:
    return "erased_on" not in one and (one.get("uuid") in records or one.get("entry") in records)


def _gone(value: Any, records: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows that tell of one of the records."""
    if isinstance(value, dict) and _is_of(value, records):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _gone(one, records)


def _without(value: Any, records: frozenset[str], on: datetime.date) -> Any:
    """Return the value with no more than the place and the day of what is gone."""
    if isinstance(value, list):
        return [_without(one, records, on) for one in value]
    if not isinstance(value, dict):
        return value
    if _is_of(value, records):
        kept = {name: value[name] for name in ("uuid", "entry", "item", "number") if name in value}
        return kept | {"erased_on": on.isoformat()}
    return {name: _without(one, records, on) for name, one in value.items()}


def _take_off_the_map(pack: dict[str, Any], numbers: set[int]) -> None:
    drawing = pack.get("map")
    if drawing and numbers:
        drawing["points"] = [point for point in drawing["points"] if point["number"] not in numbers]
