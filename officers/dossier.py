"""What a sector's page tells staff, each block only as far as the account's rights go (design, section 6)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from officers.chart import Chart, drawn
from officers.continuity import Continuity, continuity_of, months_text
from officers.manning import Step, history
from officers.models import Absence, Assignment, Cover, User
from officers.permissions import can_upload_document, can_view_manning
from sectors.documents import may_withdraw
from sectors.manning import Proposal, proposal_for
from sectors.models import AnalysisDocument, ManningBasis, Sector

# Nobody reads further back on a page; the admin has all of it.
MOST_EVENTS = 100
MOST_DOCUMENTS = 200
CHART_DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class Event:
    """A dated row on the time line, in words. `state` is "now", "planned" or "past"."""

    kind: str
    begins: datetime.datetime
    ends: datetime.datetime | None
    what: str
    who: str
    note: str = ""

    @property
    def state(self) -> str:
        now = timezone.now()
        if self.begins > now:
            return "planned"
        return "past" if self.ends is not None and self.ends <= now else "now"


@dataclass(frozen=True)
class Manning:
    """A sector's numbers over the last years, and what they rest on."""

    steps: list[Step]
    until: datetime.date
    bases: list[ManningBasis]

    @property
    def present(self) -> Step:
        return self.steps[-1]

    @property
    def missing(self) -> int:
        return max(0, self.present.required - self.present.actual)

    @cached_property
    def chart(self) -> Chart:
        return drawn(self.steps, self.until)

    @cached_property
    def latest_first(self) -> list[Step]:
        return self.steps[::-1]

    @cached_property
    def undecided(self) -> tuple[ManningBasis, Proposal] | None:
        """The latest basis, with its proposal, if the head has not decided on it."""
        newest = self.bases[0] if self.bases else None
        return (newest, proposal_for(newest)) if newest and newest.required is None else None


class Dossier:
    """One sector as one account may see it; `rows` are what was read for it, for the read log."""

    def __init__(self, sector: Sector, user: User) -> None:
        self.sector, self.user = sector, user

    @cached_property
    def assignments(self) -> list[Assignment]:
        rows = Assignment.objects.valid().visible_to(self.user).filter(sector=self.sector)
        return list(rows.select_related("officer").order_by("-period")[:MOST_EVENTS])

    @cached_property
    def covers(self) -> list[Cover]:
        rows = Cover.objects.valid().visible_to(self.user).filter(sector=self.sector)
        return list(rows.select_related("officer", "absence__officer").order_by("-period")[:MOST_EVENTS])

    @cached_property
    def absences(self) -> list[Absence]:
        """Absences of officers while they were appointed here."""
        here = Assignment.objects.valid().filter(
            sector=self.sector, officer=OuterRef("officer"), period__overlap=OuterRef("period")
        )
        rows = Absence.objects.valid().visible_to(self.user).filter(Exists(here))
        return list(rows.select_related("officer").order_by("-period")[:MOST_EVENTS])

    @property
    def events(self) -> list[Event]:
        """Return the time line, the latest beginning first."""
        return sorted(self._events(), key=lambda event: event.begins, reverse=True)[:MOST_EVENTS]

    def _events(self) -> Iterator[Event]:
        for one in self.assignments:
            note = _("stand-in") if one.is_stand_in else ""
            what = str(one.get_role_display())
            yield Event(one.role, one.period.lower, one.period.upper, what, str(one.officer), note)
        for away in self.absences:
            yield Event("absence", away.period.lower, away.period.upper, _("Away"), str(away.officer))
        for cover in self.covers:
            note = _("for %(officer)s") % {"officer": cover.absence.officer}
            yield Event("cover", cover.period.lower, cover.period.upper, _("Cover"), str(cover.officer), note)

    @cached_property
    def on_duty(self) -> list[Assignment]:
        """Who is appointed now, with hours and form of patrol: for those who work here or head them."""
        standing, sector = self.user.standing, self.sector
        if not (
            sector.pk in standing.sectors
            or sector.station_id in standing.stations
            or sector.district_id in standing.districts
        ):
            return []
        present = Assignment.objects.active_at(timezone.now()).filter(sector=sector)
        rows = present.select_related("officer").prefetch_related("officer__duty_hours")
        return list(rows.order_by("-role", "officer__name"))

    @cached_property
    def continuity(self) -> Continuity | None:
        """How long officers stay here: for those who see the appointments of others."""
        if not (can_view_manning(self.user, self.sector) or self.user.standing.is_reviewer):
            return None
        return continuity_of([self.sector])[self.sector.pk]

    @property
    def tenure(self) -> str:
        """Return how long the present officer has been responsible, in words; empty while nobody is."""
        months = self.continuity.months if self.continuity else None
        return "" if months is None else months_text(months)

    @cached_property
    def manning(self) -> Manning | None:
        if not can_view_manning(self.user, self.sector):
            return None
        today = timezone.localdate()
        steps = history(self.sector, today - datetime.timedelta(days=CHART_DAYS), today)
        return Manning(steps, today, list(self._bases()))

    def _bases(self) -> QuerySet[ManningBasis] | list[ManningBasis]:
        """Return the figures, the latest first: for heads."""
        if not self.user.has_perm("sectors.view_manningbasis", self.sector):
            return []
        bases = ManningBasis.objects.filter(sector=self.sector).select_related(
            "sector__station__manning_norm", "decided_by"
        )
        return bases.order_by("-holds_from")[:MOST_EVENTS]

    @cached_property
    def documents(self) -> list[AnalysisDocument]:
        rows = AnalysisDocument.objects.visible_to(self.user).filter(sectors=self.sector)
        found = list(rows.select_related("uploaded_by").prefetch_related("sectors")[:MOST_DOCUMENTS])
        for document in found:
            document.is_withdrawable = may_withdraw(self.user, document)  # type: ignore[attr-defined]  # for the page
        return found

    @property
    def can_upload(self) -> bool:
        return can_upload_document(self.user, self.sector)

    @property
    def rows(self) -> list[Any]:
        bases = self.manning.bases if self.manning else []
        here = [assignment.officer for assignment in self.on_duty]
        return [self.sector, *self.assignments, *self.covers, *self.absences, *here, *bases]
