"""Who is answerable for a sector at an instant (handbook, Sector responsible officers)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from officers.models import Assignment, AssignmentQuerySet
from sectors.models import RegisterVersion
from sectors.snapshot import Loaded, Snapshot, Subject


@dataclass(frozen=True, slots=True)
class PublicOfficer:
    """What the public may know of an officer."""

    name: str
    title: str
    phone: str
    email: str

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a sector: one named officer, or nobody (vacant: the district takes care of it).

    `since` is when the responsible officer's present appointment began.
    """

    officer: PublicOfficer | None = None
    since: datetime.datetime | None = None
    is_cover: bool = False
    cover_until: datetime.datetime | None = None
    colleagues: tuple[PublicOfficer, ...] = ()


VACANT = Answer()
_NEVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class _Term:
    role: str
    begins: datetime.datetime
    ends: datetime.datetime | None
    officer: PublicOfficer

    def holds_at(self, instant: datetime.datetime) -> bool:
        return self.begins <= instant and (self.ends is None or instant < self.ends)


@dataclass(frozen=True, slots=True)
class _Terms:
    """The appointments that hold at `read_at` or begin later, by sector."""

    read_at: datetime.datetime
    by_sector: dict[int, list[_Term]]
    # The answer of each sector that was asked for, and between which instants it holds.
    answers: dict[int, tuple[datetime.datetime, datetime.datetime, Answer]] = field(default_factory=dict)

    def answer(self, sector_id: int, instant: datetime.datetime) -> Answer:
        """Return who answers at an instant from `read_at` on; the same object until something changes."""
        known = self.answers.get(sector_id)
        if known is None or not known[0] <= instant < known[1]:
            terms = self.by_sector.get(sector_id, [])
            changes = {change for term in terms for change in (term.begins, term.ends) if change}
            since = max((change for change in changes if change <= instant), default=self.read_at)
            until = min((change for change in changes if change > instant), default=_NEVER)
            known = self.answers[sector_id] = (max(since, self.read_at), until, _answer(terms, instant))
        return known[2]


def answerable(sector_id: int, at: datetime.datetime | None = None) -> Answer:
    """Return who answers for the sector at the instant `at`, now by default.

    For the present and the future the process's own copy answers, without a query while it is current;
    for the past the database does.
    """
    terms = _terms.get()
    instant = at or timezone.now()
    if instant < terms.read_at:
        history = Assignment.objects.active_at(instant).filter(sector=sector_id)
        return _answer(_by_sector(history).get(sector_id, []), instant)
    return terms.answer(sector_id, instant)


def _answer(terms: list[_Term], instant: datetime.datetime) -> Answer:
    holding = [term for term in terms if term.holds_at(instant)]
    if not holding:
        return VACANT
    responsible = next((term for term in holding if term.role == Assignment.Role.RESPONSIBLE), None)
    colleagues = tuple(term.officer for term in holding if term is not responsible)
    if responsible is None:
        return Answer(colleagues=colleagues)
    return Answer(responsible.officer, responsible.begins, colleagues=colleagues)


def _load(now: datetime.datetime) -> Loaded[_Terms]:
    return Loaded(_Terms(now, _by_sector(Assignment.objects.from_instant(now))))


def _by_sector(assignments: AssignmentQuerySet) -> dict[int, list[_Term]]:
    terms: dict[int, list[_Term]] = defaultdict(list)
    rows = assignments.order_by("officer__name").values_list(
        "sector_id", "role", "period", "officer__name", "officer__title", "officer__phone", "officer__email"
    )
    row: tuple[Any, ...]
    for row in rows:
        sector_id, role, period, *public = row
        terms[sector_id].append(_Term(role, period.lower, period.upper, PublicOfficer(*public)))
    return dict(terms)


_terms = Snapshot(_load, Subject(RegisterVersion.Subject.APPOINTMENTS))
