"""What is planned in the sectors of a scope: appointments that begin or end later, covers to come."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import Assignment, Cover
from officers.rota import Rotas
from overview.comparing.answers import SectorCompared, compared
from overview.gaps import DAYS_AHEAD
from sectors.manning import required_on
from sectors.models import Sector

ROWS_PER_PAGE = 20


class Step(StrEnum):
    BEGINS = "begins"
    ENDS = "ends"
    COVERS = "covers"


@dataclass(frozen=True, slots=True)
class Planned:
    """Something stored that happens later, at `at`."""

    step: Step
    at: datetime.datetime
    row: Assignment | Cover

    @property
    def minute(self) -> str:
        """The first whole minute at which it has happened, on the clock of the place, as an address has it."""
        local = timezone.localtime(self.at)
        begun = local.replace(second=0, microsecond=0)
        return f"{begun if begun == local else begun + datetime.timedelta(minutes=1):%Y-%m-%dT%H:%M}"

    @property
    def sentence(self) -> str:
        facts = {"officer": self.row.officer, "sector": self.row.sector}
        if isinstance(self.row, Cover):
            return _("%(officer)s begins to cover %(sector)s.") % facts
        is_responsible = self.row.role == Assignment.Role.RESPONSIBLE
        if self.step is Step.BEGINS and is_responsible:
            return _("%(officer)s becomes the responsible officer of %(sector)s.") % facts
        if self.step is Step.BEGINS:
            return _("%(officer)s is attached to %(sector)s.") % facts
        if is_responsible:
            return _("%(officer)s stops being the responsible officer of %(sector)s.") % facts
        return _("%(officer)s is no longer attached to %(sector)s.") % facts


def planned_page(sectors: Sequence[Sector], number: str | None) -> tuple[Page, list[Planned]]:
    """Return a page of what is planned, the soonest first. Four queries."""
    page = Paginator(_steps(sectors, timezone.now()), ROWS_PER_PAGE).get_page(number)
    return page, _read(list(page.object_list))


def all_planned(sectors: Sequence[Sector]) -> list[Planned]:
    """Return all that is planned, the soonest first. Three queries."""
    return _read(list(_steps(sectors, timezone.now())))


def _read(found: Sequence[tuple[str, int, datetime.datetime]]) -> list[Planned]:
    """Return the steps with their rows. Two queries."""
    terms = Assignment.objects.select_related("officer", "sector").in_bulk(
        {key for step, key, _at in found if step != Step.COVERS}
    )
    covers = Cover.objects.select_related("officer", "sector").in_bulk(
        {key for step, key, _at in found if step == Step.COVERS}
    )
    return [
        Planned(Step(step), at, covers[key] if step == Step.COVERS else terms[key]) for step, key, at in found
    ]


def _steps(sectors: Sequence[Sector], now: datetime.datetime) -> QuerySet[Any, Any]:
    """Return (step, primary key, instant) of all that is planned, in the order of time."""
    here = Assignment.objects.valid().filter(sector__in=sectors)
    covers = Cover.objects.valid().filter(sector__in=sectors)
    queries = [
        _step(here.filter(period__startswith__gt=now), Step.BEGINS, "period__startswith"),
        _step(here.filter(period__endswith__gt=now), Step.ENDS, "period__endswith"),
        _step(covers.filter(period__startswith__gt=now), Step.COVERS, "period__startswith"),
    ]
    return queries[0].union(*queries[1:], all=True).order_by("at", "step", "key")


def _step(rows: QuerySet[Any, Any], step: Step, at: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(step=Value(step.value, CharField()), key=F("pk"), at=F(at))
    return named.values_list("step", "key", "at")


def then(sector: Sector, at: datetime.datetime) -> SectorCompared:
    """Return the sector today and at an instant to come, as everything is stored. Two queries."""
    now = timezone.now()
    rota = Rotas.read(now, [sector.pk]).of(sector.pk)
    required = required_on([sector], timezone.localdate(at))[sector.pk]
    until = max(now, at) + datetime.timedelta(days=DAYS_AHEAD)
    return compared(sector, rota, rota, now, at, until, required)
