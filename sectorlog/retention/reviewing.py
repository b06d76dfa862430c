"""Is a record about people still needed? What comes due, and what a head decides: longer, no longer, on hold.

The head of a district or station answers for its sectors. See `sectorlog.retention.erasing` for what goes at night.
"""

from __future__ import annotations

import datetime
import uuid as uuids
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.utils import timezone

from officers.models import User
from sectorlog.models import (
    Challenge,
    ContactPerson,
    Handover,
    Hold,
    LogEntry,
    Party,
    Promise,
    RecordKind,
    ReviewDecision,
)
from sectorlog.taking_turns import take_turn

# Heads see what comes due so long before.
NOTICE = datetime.timedelta(days=30)
# Nobody keeps a record for longer without asking again.
LONGEST = datetime.timedelta(days=2 * 365)

# Each kind's table, and the way from its rows to their sector.
TABLES: dict[RecordKind, tuple[type[Model], str]] = {
    RecordKind.ENTRY: (LogEntry, "sector"),
    RecordKind.PARTY: (Party, "sector"),
    RecordKind.CONTACT: (ContactPerson, "party__sector"),
    RecordKind.CHALLENGE: (Challenge, "sector"),
    RecordKind.HANDOVER: (Handover, "sector"),
}
# What a line of the list says about a record, in as many queries as there are kinds.
RELATED = {
    RecordKind.ENTRY: ("sector__district", "form_version"),
    RecordKind.CONTACT: ("party__sector__district",),
    RecordKind.HANDOVER: ("sector__district", "giver", "taker"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """A record under review, its hold if it has one, and what was decided about it last."""

    kind: RecordKind
    row: Any
    hold: Hold | None = None
    decision: ReviewDecision | None = None
    # An entry waits until whoever was promised something has been told what came of it.
    is_promised: bool = False

    @property
    def key(self) -> str:
        """Name it in a form."""
        return f"{self.kind}:{self.row.uuid}"

    @property
    def sector(self) -> Any:
        return self.row.party.sector if self.kind == RecordKind.CONTACT else self.row.sector

    @property
    def is_let_go(self) -> bool:
        """Whether a head found it no longer needed, and it goes with the next night."""
        decided = self.decision is not None and self.decision.until is None
        return decided and self.row.review_on <= timezone.localdate()


def kind_of(row: Model) -> RecordKind:
    """Return the kind of a row. Raises KeyError for one that has no review date."""
    return {model: kind for kind, (model, _sector) in TABLES.items()}[type(row)]


def headed_by(user: User, kind: RecordKind) -> QuerySet[Any]:
    """Return the rows of a kind that `user` decides about: those of the districts and stations that they head."""
    model, sector = TABLES[kind]
    standing = user.standing
    within = Q(**{f"{sector}__district__in": standing.districts})
    within |= Q(**{f"{sector}__station__in": standing.stations})
    return model._default_manager.filter(within)


def coming_due(
    user: User, *, kinds: Iterable[RecordKind] = (), until: datetime.date | None = None
) -> QuerySet[Any]:
    """Return (kind, primary key) of what `user` is to look at by `until`, in 30 days by default, the first due first.

    Of these kinds, or of all. One query for any number of kinds.
    """
    last = until or timezone.localdate() + NOTICE
    first, *others = [
        headed_by(user, kind)
        .filter(review_on__lte=last)
        .order_by()
        .values_list(Value(kind.value, CharField()), "pk", "review_on")
        for kind in kinds or RecordKind
    ]
    return (
        first.union(*others, all=True).order_by("review_on", "pk")
        if others
        else first.order_by("review_on", "pk")
    )


def records(rows: Iterable[tuple[str, int, Any]]) -> list[Record]:
    """Return the records that `coming_due` names, in its order. Two queries, and one for each kind among them."""
    keys: dict[RecordKind, list[int]] = defaultdict(list)
    order = [(RecordKind(kind), pk) for kind, pk, _review_on in rows]
    for kind, pk in order:
        keys[kind].append(pk)
    found = {}
    for kind, pks in keys.items():
        rows_of_kind = TABLES[kind][0]._default_manager.filter(pk__in=pks)
        for row in rows_of_kind.select_related(*RELATED.get(kind, ("sector__district",))):
            found[kind, row.pk] = row
    return with_decisions((kind, found[kind, pk]) for kind, pk in order if (kind, pk) in found)


def with_decisions(rows: Iterable[tuple[RecordKind, Any]]) -> list[Record]:
    """Return the rows as records, with hold and last decision. Two queries, a third for entries."""
    listed = list(rows)
    uuids_ = [row.uuid for _kind, row in listed]
    holds = {
        (hold.kind, hold.record): hold
        for hold in Hold.objects.in_force().filter(record__in=uuids_).select_related("by")
    }
    decisions = {
        (decision.kind, decision.record): decision
        for decision in ReviewDecision.objects.filter(record__in=uuids_).select_related("by").order_by("at")
    }
    entries = [row.pk for kind, row in listed if kind == RecordKind.ENTRY]
    open_promises = Promise.objects.open().filter(entry__in=entries)
    promised = set(open_promises.values_list("entry__uuid", flat=True)) if entries else set()
    return [
        Record(kind, row, holds.get((kind, row.uuid)), decisions.get((kind, row.uuid)), row.uuid in promised)
        for kind, row in listed
    ]


def named(user: User, keys: Iterable[str]) -> list[Record]:
    """Return the records that a form names and `user` decides about; what is erased by now or others' is left out."""
    wanted: dict[RecordKind, list[uuids.UUID]] = defaultdict(list)
    for key in keys:
        kind, _colon, uuid = key.partition(":")
        try:
            wanted[RecordKind(kind)].append(uuids.UUID(uuid))
        except ValueError:
            continue
    asked = {kind: headed_by(user, kind).filter(uuid__in=listed) for kind, listed in wanted.items()}
    take_turn({pk for kind, rows in asked.items() for pk in rows.values_list(TABLES[kind][1], flat=True)})
    found = []
    for kind, rows in asked.items():
        # Who extends a record waits for whoever does so at this instant, and the other way round.
        held = rows.select_for_update(of=("self",))
        found += [(kind, row) for row in held.select_related(*RELATED.get(kind, ("sector__district",)))]
    return with_decisions(found)


@transaction.atomic
def extend(found: Iterable[Record], until: datetime.date, reason: str, *, by: User) -> int:
    """Keep the records until a day, for a reason. Returns how many."""
    return _decide(list(found), {"review_on": until}, until=until, reason=reason, by=by)


@transaction.atomic
def let_go(found: Iterable[Record], reason: str = "", *, by: User) -> int:
    """Say that the records are no longer needed: they are erased in the night. Returns how many."""
    return _decide(list(found), {"review_on": timezone.localdate()}, until=None, reason=reason, by=by)


def _decide(found: list[Record], change: dict[str, Any], **decision: Any) -> int:
    by_kind: dict[RecordKind, list[int]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one.row.pk)
    for kind, pks in by_kind.items():
        TABLES[kind][0]._default_manager.filter(pk__in=pks).update(**change)
    ReviewDecision.objects.bulk_create(
        [ReviewDecision(kind=one.kind, record=one.row.uuid, sector=one.sector, **decision) for one in found]
    )
    return len(found)


@transaction.atomic
def hold(found: Iterable[Record], reason: str, *, by: User) -> int:
    """Let nothing erase the records until the hold is lifted. Returns how many were not held before."""
    free = [one for one in found if one.hold is None]
    Hold.objects.bulk_create(
        [Hold(kind=one.kind, record=one.row.uuid, sector=one.sector, reason=reason, by=by) for one in free]
    )
    return len(free)


def lift(record: Record, reason: str, *, by: User) -> bool:
    """Lift the record's hold, for a reason that stays with it. Returns False where it had none any more."""
    standing = Hold.objects.in_force().filter(kind=record.kind, record=record.row.uuid)
    return bool(standing.update(lifted_at=timezone.now(), lifted_by=by, lifted_reason=reason))


def sector_path(kind: RecordKind) -> F:
    """Return where a row of the kind says its sector's primary key."""
    return F(f"{TABLES[kind][1]}_id")
