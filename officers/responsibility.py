"""Who is answerable for a sector at an instant (handbook, Sector responsible officers).

The rule is in `officers.rota`. The present and the future are answered from the process's own copy of the dated
rows, whose answers change at the very instant, with the clock alone; the past from the database, by the same rule.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils import timezone

from officers.rota import Absent, Answer, Basis, PublicOfficer, Rotas
from sectors.models import RegisterVersion
from sectors.snapshot import Loaded, Snapshot, Subject

__all__ = ["VACANT", "Absent", "Answer", "Basis", "PublicOfficer", "answerable", "is_shown"]

VACANT = Answer()
_NEVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class _Copy:
    """What holds at `read_at` or begins later, of all sectors."""

    read_at: datetime.datetime
    rotas: Rotas
    # By the digest of a portrait, the sectors whose page may show it, now or later.
    portraits: dict[str, set[int]]
    # The answer of each sector that was asked for, and between which instants it holds.
    answers: dict[int, tuple[datetime.datetime, datetime.datetime, Answer]] = field(default_factory=dict)

    def answer(self, sector_id: int, instant: datetime.datetime) -> Answer:
        """Return who answers at an instant from `read_at` on; the same object until something changes."""
        known = self.answers.get(sector_id)
        if known is None or not known[0] <= instant < known[1]:
            known = self.answers[sector_id] = self._answer(sector_id, instant)
        return known[2]

    def _answer(
        self, sector_id: int, instant: datetime.datetime
    ) -> tuple[datetime.datetime, datetime.datetime, Answer]:
        rota = self.rotas.of(sector_id)
        changes = rota.changes()
        since = max((change for change in changes if change <= instant), default=self.read_at)
        until = min((change for change in changes if change > instant), default=_NEVER)
        return max(since, self.read_at), until, rota.answer_at(instant)


def answerable(sector_id: int, at: datetime.datetime | None = None) -> Answer:
    """Return who answers for the sector at the instant `at`, now by default.

    For the present and the future the process's own copy answers, without a query while it is current;
    for the past the database does.
    """
    copy = _copy.get()
    instant = at or timezone.now()
    if instant < copy.read_at:
        return Rotas.read(instant, [sector_id]).of(sector_id).answer_at(instant)
    return copy.answer(sector_id, instant)


def is_shown(portrait: str, sectors: Collection[int]) -> bool:
    """Tell whether the pages of these sectors show the portrait with this digest now. No query."""
    copy, now = _copy.get(), timezone.now()
    return any(
        portrait == person.portrait
        for sector in copy.portraits.get(portrait, ())
        if sector in sectors
        for person in copy.answer(sector, now).people
    )


def _load(now: datetime.datetime) -> Loaded[_Copy]:
    rotas = Rotas.read(now)
    portraits: dict[str, set[int]] = defaultdict(set)
    for sector, rows in rotas.by_sector.items():
        for portrait in {row.officer.portrait for row in rows} - {""}:
            portraits[portrait].add(sector)
    return Loaded(_Copy(now, rotas, portraits))


_copy = Snapshot(_load, Subject(RegisterVersion.Subject.APPOINTMENTS))
