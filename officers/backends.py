"""What an account may do in the admin follows from dated leadership and ends with it, at the next request."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from officers.models import User

STATION_HEAD_PERMISSIONS = frozenset(
    {
        "sectors.view_station",
        "sectors.change_station",
        "sectors.view_district",
        "sectors.add_district",
        "sectors.change_district",
        "sectors.view_sector",
        "sectors.add_sector",
        "sectors.change_sector",
        "sectors.view_boundaryrelease",
        "sectors.add_boundaryrelease",
        "sectors.change_boundaryrelease",
        "sectors.delete_boundaryrelease",
        "sectors.publish_boundaryrelease",
        "officers.view_officer",
        "officers.add_officer",
        "officers.change_officer",
        "officers.view_assignment",
        "officers.add_assignment",
        "officers.change_assignment",
    }
)


class LeadershipBackend(BaseBackend):
    """Grants a station head the rights of design section 6 over the stations that they head now."""

    def has_perm(self, user_obj: User, perm: str, obj: Model | None = None) -> bool:  # type: ignore[override]
        if not user_obj.is_active or user_obj.is_anonymous or perm not in STATION_HEAD_PERMISSIONS:
            return False
        stations = user_obj.headed_stations()
        if obj is None:
            return stations.exists()
        return stations.filter(pk=station_of(obj)).exists()

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return any(
            permission.startswith(f"{app_label}.") and self.has_perm(user_obj, permission)
            for permission in STATION_HEAD_PERMISSIONS
        )


def station_of(obj: Model) -> int:
    """Return the primary key of the station that an object belongs to."""
    if obj._meta.label == "sectors.Station":
        return obj.pk
    if hasattr(obj, "station_id"):
        return obj.station_id
    return obj.sector.station_id
