"""What the parts of a hand-over pack are gathered with: the sector, the day, what is on hold, what has been told."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.text import Truncator

from sectorlog.models import Hold, Party, RecordKind, TargetGroup
from sectors.models import Sector

# Texts of entries are told in so many characters.
SHORT = 240

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Gathering:
    """What the parts of a pack have in common: sector, day, instants, what is on hold, and what has been told."""

    sector: Sector
    on: datetime.date
    # The middle of the day: appointments change in the morning.
    noon: datetime.datetime
    made_at: datetime.datetime
    held: dict[str, set[Any]]
    told: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def tell(self, rows: Iterable[Model]) -> None:
        """Note for the read log what the pack tells of."""
        for row in rows:
            self.told[row._meta.label_lower].add(row.pk)

    def is_told(self, kind: str, record: Any) -> bool:
        return record.uuid not in self.held[kind]


def gathering_for(sector: Sector, on: datetime.date) -> Gathering:
    """Return the beginnings of a pack for the day `on`: what is on hold is read, nothing is told yet. One query."""
    noon = timezone.make_aware(datetime.datetime.combine(on, datetime.time(12)))
    return Gathering(sector, on, noon, timezone.now(), held_in(sector))


def held_in(sector: Sector) -> dict[str, set[Any]]:
    """Return the UUIDs of the records that are on hold in the sector, by kind."""
    held: dict[str, set[Any]] = {kind: set() for kind in RecordKind.values}
    for kind, record in Hold.objects.in_force().filter(sector=sector).values_list("kind", "record"):
        held[kind].add(record)
    return held


def short(text: str) -> str:
    """Return the beginning of a text, on one line."""
    return Truncator(" ".join(text.split())).chars(SHORT)


def name_of(group: TargetGroup) -> dict[str, str]:
    """Name a group so that the handbook's can be told in the reader's language."""
    return {"group": group.slug if group.is_of_handbook else "", "name": group.name}


def named(gathering: Gathering, parties: Iterable[Party]) -> Rows:
    """Return the names of the parties that are not on hold."""
    told = [party for party in parties if gathering.is_told(RecordKind.PARTY, party)]
    return [{"uuid": party.uuid, "name": party.name} for party in told]
