"""Who answers for one sector, worked out from its dated rows alone (handbook, Sector responsible officers).

The responsible officer answers unless they are away. Then whoever covers the sector, if they are not away
themselves; then the attached officer who is named as stand-in, also while nobody is responsible; else nobody: the
local police district takes care of the sector.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, F, Q, QuerySet, Value, When

from officers.models import Absence, Assignment, Cover


class Basis(StrEnum):
    """Why it is this officer who answers; by the district, nobody does."""

    RESPONSIBLE = "responsible"
    COVER = "cover"
    STAND_IN = "stand_in"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class PublicOfficer:
    """What the public may know of an officer. `portrait` is the digest of their picture, empty without one."""

    name: str
    title: str
    phone: str
    email: str
    portrait: str = ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@dataclass(frozen=True, slots=True)
class Absent:
    """The responsible officer while they are away; `until` is None when it is open."""

    officer: PublicOfficer
    until: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a sector: one named officer, or nobody (the district takes care of it).

    `since` is when the responsible officer's present appointment began, if it is they who answer. `cover_until` is
    until when another answers in their place: the end of the cover, or of the absence for a stand-in, unless
    something planned comes before; None where no end is known. `absent` is the responsible officer who is away.
    """

    officer: PublicOfficer | None = None
    basis: Basis = Basis.DISTRICT
    since: datetime.datetime | None = None
    cover_until: datetime.datetime | None = None
    absent: Absent | None = None
    colleagues: tuple[PublicOfficer, ...] = ()
    officer_id: int | None = None

    @property
    def is_cover(self) -> bool:
        """Somebody answers in place of the responsible officer."""
        return self.basis in (Basis.COVER, Basis.STAND_IN)

    @property
    def people(self) -> tuple[PublicOfficer, ...]:
        """Everybody who is named, in the order of the page."""
        first = (self.officer, self.absent.officer if self.absent else None)
        return (*(person for person in first if person), *self.colleagues)


class Kind(StrEnum):
    RESPONSIBLE = "responsible"
    ATTACHED = "attached"
    STAND_IN = "stand_in"
    COVER = "cover"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Row:
    """A dated row that says who answers: an appointment, a cover or an absence."""

    kind: Kind
    sector_id: int | None
    officer_id: int
    begins: datetime.datetime
    ends: datetime.datetime | None
    officer: PublicOfficer

    def holds_at(self, instant: datetime.datetime) -> bool:
        return self.begins <= instant and (self.ends is None or instant < self.ends)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who answers, and the appointment of whoever is responsible, present or away."""

    basis: Basis
    answering: Row | None
    responsible: Row | None

    @property
    def is_gap(self) -> bool:
        """The responsible officer is away, and nobody answers."""
        return self.basis is Basis.DISTRICT and self.responsible is not None


@dataclass(frozen=True, slots=True)
class Rota:
    """One sector's appointments and covers, and the absences of everybody in them."""

    rows: tuple[Row, ...] = ()
    absences: tuple[Row, ...] = ()

    def changes(self) -> set[datetime.datetime]:
        """Return the instants at which somebody else may begin to answer."""
        return {
            instant
            for row in (*self.rows, *self.absences)
            for instant in (row.begins, row.ends)
            if instant is not None
        }

    def decide(self, instant: datetime.datetime) -> Decision:
        holding = self._holding(instant)
        present = self._present(holding, instant)
        responsible = next((row for row in holding if row.kind is Kind.RESPONSIBLE), None)
        for kind, basis in (
            (Kind.RESPONSIBLE, Basis.RESPONSIBLE),
            (Kind.COVER, Basis.COVER),
            (Kind.STAND_IN, Basis.STAND_IN),
        ):
            answering = next((row for row in present if row.kind is kind), None)
            if answering:
                return Decision(basis, answering, responsible)
        return Decision(Basis.DISTRICT, None, responsible)

    def answer_at(self, instant: datetime.datetime) -> Answer:
        """Return what the public is told at the instant."""
        decision = self.decide(instant)
        row, responsible = decision.answering, decision.responsible
        absent = None
        if responsible is not None and responsible is not row:
            absent = Absent(responsible.officer, self._away_until(responsible.officer_id, instant))
        colleagues = self._colleagues(instant, row)
        if row is None:
            return Answer(absent=absent, colleagues=colleagues)
        until = self._answers_until(instant) if decision.basis is Basis.COVER or absent else None
        since = row.begins if decision.basis is Basis.RESPONSIBLE else None
        return Answer(row.officer, decision.basis, since, until, absent, colleagues, row.officer_id)

    def _answers_until(self, instant: datetime.datetime) -> datetime.datetime | None:
        """Return when somebody else begins to answer: maybe before the cover's end, if they go away themselves."""
        return next(end for _begins, end, _decision in self.stretches(instant, None))

    def stretches(
        self, begins: datetime.datetime, ends: datetime.datetime | None
    ) -> Iterator[tuple[datetime.datetime, datetime.datetime | None, Decision]]:
        """Yield who answers from when until when, within the period, in the order of time."""
        inner = {change for change in self.changes() if begins < change and (ends is None or change < ends)}
        open_stretch: tuple[datetime.datetime, Decision] | None = None
        for instant in sorted({begins, *inner}):
            decision = self.decide(instant)
            if open_stretch is None:
                open_stretch = instant, decision
            elif decision != open_stretch[1]:
                yield open_stretch[0], instant, open_stretch[1]
                open_stretch = instant, decision
        if open_stretch:
            yield open_stretch[0], ends, open_stretch[1]

    def _holding(self, instant: datetime.datetime) -> list[Row]:
        return [row for row in self.rows if row.holds_at(instant)]

    def _present(self, holding: list[Row], instant: datetime.datetime) -> list[Row]:
        away = {row.officer_id for row in self.absences if row.holds_at(instant)}
        return [row for row in holding if row.officer_id not in away]

    def _colleagues(self, instant: datetime.datetime, answering: Row | None) -> tuple[PublicOfficer, ...]:
        """Return the attached officers who are at work, but for the one who answers."""
        return tuple(
            row.officer
            for row in self._present(self._holding(instant), instant)
            if row.kind in (Kind.ATTACHED, Kind.STAND_IN)
            and (answering is None or row.officer_id != answering.officer_id)
        )

    def _away_until(self, officer_id: int, instant: datetime.datetime) -> datetime.datetime | None:
        """Return when the officer is back: one absence may follow upon another."""
        until: datetime.datetime | None = instant
        for absence in sorted(self.absences, key=lambda row: row.begins):
            if absence.officer_id == officer_id and until is not None and absence.holds_at(until):
                until = absence.ends
        return until


@dataclass(frozen=True, slots=True)
class Rotas:
    """The rows of many sectors, from one query."""

    by_sector: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    absences: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, instant: datetime.datetime, sectors: Collection[int] | None = None) -> Rotas:
        """Read what holds at the instant or begins later, for all sectors or those with these primary keys."""
        rotas = cls()
        for kind, sector, officer, period, *public in _rows(instant, sectors):
            row = Row(Kind(kind), sector, officer, period.lower, period.upper, _public(*public))
            if row.kind is Kind.ABSENCE:
                rotas.absences[officer].append(row)
            else:
                rotas.by_sector[sector].append(row)
        return rotas

    def of(self, sector_id: int, *, also: Collection[Row] = ()) -> Rota:
        """Return a sector's rota, with rows that are not stored yet, if they are given."""
        absences = [row for row in also if row.kind is Kind.ABSENCE]
        planned = [row for row in also if row.kind is not Kind.ABSENCE and row.sector_id == sector_id]
        rows = (*self.by_sector.get(sector_id, ()), *planned)
        stored = (
            absence for key in {row.officer_id for row in rows} for absence in self.absences.get(key, ())
        )
        return Rota(rows, (*stored, *absences))


def _public(name: str, title: str, phone: str, email: str, portrait: str | None) -> PublicOfficer:
    return PublicOfficer(name, title, phone, email, portrait or "")


def _rows(instant: datetime.datetime, sectors: Collection[int] | None) -> QuerySet[Any, Any]:
    """Return one query of (kind, sector, officer, period, public facts of the officer), by the officer's name."""
    appointed = Assignment.objects.from_instant(instant)
    covers = Cover.objects.from_instant(instant)
    absences = Absence.objects.from_instant(instant)
    if sectors is not None:
        appointed, covers = appointed.filter(sector__in=sectors), covers.filter(sector__in=sectors)
        absences = absences.filter(
            Q(officer__in=appointed.values("officer")) | Q(officer__in=covers.values("officer"))
        )
    stand_in = When(is_stand_in=True, then=Value(Kind.STAND_IN.value))
    selected = [
        _selected(appointed, Case(stand_in, default=F("role"), output_field=CharField()), F("sector")),
        _selected(covers, Value(Kind.COVER.value, CharField()), F("sector")),
        _selected(absences, Value(Kind.ABSENCE.value, CharField()), Value(None, BigIntegerField())),
    ]
    return selected[0].union(*selected[1:], all=True).order_by("shown_name")


def _selected(rows: Any, kind: Any, sector: Any) -> Any:
    return (
        rows.order_by()
        .annotate(kind=kind, of_sector=sector, shown_name=F("officer__name"))
        .values_list(
            "kind",
            "of_sector",
            "officer_id",
            "period",
            "shown_name",
            "officer__title",
            "officer__phone",
            "officer__email",
            "officer__portrait__digest",
        )
    )
