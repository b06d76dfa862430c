"""What an account may read of the log (design, section 6): `audit` asks here by the setting AUDIT_RIGHTS."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.permissions import AuditScope
from officers.models import Leadership, User
from sectors.models import Sector


def audit_scope(user: User) -> AuditScope:
    """The reviewer all of it, a station head a sample of what the station's people did and what was done with its
    sectors, the administrator only how the log is."""
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
            is_sample=True,
            health=health,
            sector_names=_names(own),
        )
    return AuditScope(health=health)


def _names(sectors: QuerySet[Sector]) -> dict[int, str]:
    found = list(sectors.select_related("station"))
    several = len({one.station_id for one in found}) > 1
    return {one.pk: f"{one} · {one.station}" if several else str(one) for one in found}
