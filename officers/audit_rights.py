"""What an account may read of the log (design, section 6): `audit` asks here by the setting AUDIT_RIGHTS."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from audit.permissions import AuditScope
from officers.models import Absence, DutyHours, Leadership, Officer, ProfileDraft, User
from sectors.models import AnalysisDocument, BoundaryRelease, District, Sector, Station


def audit_scope(user: User) -> AuditScope:
    """The reviewer all of it, a station head a sample of what was done with the station's sectors and what its people
    did with its other objects, the administrator only how the log is. What the people did elsewhere stays there."""
    standing = user.standing
    health = standing.is_administrator or standing.is_reviewer
    if standing.is_reviewer:
        return AuditScope(everything=True, health=health, sector_names=_names(Sector.objects.all()))
    if standing.stations:
        own = Sector.objects.filter(station__in=standing.stations)
        people = User.objects.filter(
            Q(officer__station__in=standing.stations)
            | Q(
                leaderships__in=Leadership.objects.active_at(timezone.now()).filter(
                    station__in=standing.stations
                )
            )
        )
        return AuditScope(
            actors=frozenset(people.values_list("pk", flat=True)),
            sectors=frozenset(own.values_list("pk", flat=True)),
            objects=_objects(standing.stations),
            is_sample=True,
            health=health,
            sector_names=_names(own),
        )
    return AuditScope(health=health)


def _objects(stations: frozenset[int]) -> dict[str, frozenset[int]]:
    """Return the stations' objects of the kinds that name no sector themselves."""
    officers = Officer.objects.filter(station__in=stations)
    kinds: dict[type[Model], QuerySet[Any]] = {
        Station: Station.objects.filter(pk__in=stations),
        District: District.objects.filter(station__in=stations),
        BoundaryRelease: BoundaryRelease.objects.filter(station__in=stations),
        AnalysisDocument: AnalysisDocument.objects.filter(station__in=stations),
        Leadership: Leadership.objects.filter(station__in=stations),
        Officer: officers,
        Absence: Absence.objects.filter(officer__in=officers),
        DutyHours: DutyHours.objects.filter(officer__in=officers),
        ProfileDraft: ProfileDraft.objects.filter(officer__in=officers),
    }
    return {
        kind._meta.label_lower: frozenset(rows.values_list("pk", flat=True)) for kind, rows in kinds.items()
    }


def _names(sectors: QuerySet[Sector]) -> dict[int, str]:
    found = list(sectors.select_related("station"))
    several = len({one.station_id for one in found}) > 1
    return {one.pk: f"{one} · {one.station}" if several else str(one) for one in found}
