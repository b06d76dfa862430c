"""One sector at two times, or with and without a change: who answers, how many are there, what is lacking when."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from officers.models import Officer
from officers.rota import Answer, Decision, PublicOfficer, Rota
from overview.gaps import GapKind
from overview.gaps.too_few import APPOINTED
from sectors.models import Sector


@dataclass(frozen=True, slots=True)
class Lack:
    """What is lacking in a sector between two instants, without the change and with it; None is nothing.

    `goes_on`: it does not end with `ends`, which is only how far anybody looked.
    """

    begins: datetime.datetime
    ends: datetime.datetime
    before: GapKind | None
    after: GapKind | None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class SectorCompared:
    """A sector today and then. `there` is how many are appointed today and then; `required` holds then.

    `lacks` are the times at which something changes for the better or the worse; with one plan alone, all gaps. They
    are looked for until `until`.
    """

    sector: Sector
    today: Answer
    then: Answer
    there: tuple[int, int]
    required: int
    lacks: tuple[Lack, ...]
    until: datetime.datetime
    officers: frozenset[int]

    @property
    def is_short(self) -> bool:
        return self.there[1] < self.required


def compared(
    sector: Sector,
    before: Rota,
    after: Rota,
    now: datetime.datetime,
    then: datetime.datetime,
    until: datetime.datetime,
    required: int,
) -> SectorCompared:
    """Compare today by `before` with the instant `then` by `after`. No query."""
    same_plan = before == after
    lacks = (lack for lack in _lacks(before, after, now, until) if same_plan or lack.before != lack.after)
    return SectorCompared(
        sector,
        before.answer_at(now),
        after.answer_at(then),
        (len(_present(before, now)), len(_present(after, then))),
        required,
        tuple(lack for lack in lacks if lack.before or lack.after),
        until,
        _named(before, now) | _named(after, then),
    )


def public(officer: Officer) -> PublicOfficer:
    return PublicOfficer(officer.name, officer.title, officer.phone, officer.email)


def lack_of(decision: Decision) -> GapKind | None:
    """Return what a decision lacks: a responsible officer, or somebody who answers for them."""
    if decision.responsible is None:
        return GapKind.VACANT
    return GapKind.UNCOVERED if decision.is_gap else None


def _lacks(before: Rota, after: Rota, begins: datetime.datetime, ends: datetime.datetime) -> Iterator[Lack]:
    """Yield the whole time between the instants, cut where what is lacking changes in either plan."""
    inner = {one for rota in (before, after) for one in rota.changes() if begins < one < ends}
    opened = begins
    pair = lack_of(before.decide(begins)), lack_of(after.decide(begins))
    for instant in sorted(inner):
        found = lack_of(before.decide(instant)), lack_of(after.decide(instant))
        if found != pair:
            yield Lack(opened, instant, *pair)
            opened, pair = instant, found
    yield Lack(opened, ends, *pair, goes_on=True)


def _present(rota: Rota, instant: datetime.datetime) -> set[int]:
    """Return who is appointed to the sector, away or not, as `officers.manning.actual` counts them."""
    return {row.officer_id for row in rota.rows if row.kind in APPOINTED and row.holds_at(instant)}


def _named(rota: Rota, instant: datetime.datetime) -> frozenset[int]:
    return frozenset(row.officer_id for row in rota.rows if row.holds_at(instant))
