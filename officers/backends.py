"""What an account may do in the admin follows from dated leadership and ends with it, at the next request."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from officers.models import User
from sectors.models import Station

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

    def has_perm(self, user_obj: User, perm: str, obj: Model | None = None) -> bool:  # type: ignore[override]  # our own user
        if not user_obj.is_active or user_obj.is_anonymous or perm not in STATION_HEAD_PERMISSIONS:
            return False
        stations = _headed_now(user_obj)
        return bool(stations) if obj is None else station_of(obj) in stations

    def has_module_perms(self, user_obj: User, app_label: str) -> bool:
        return any(
            permission.startswith(f"{app_label}.") and self.has_perm(user_obj, permission)
            for permission in STATION_HEAD_PERMISSIONS
        )


def _headed_now(user: User) -> frozenset[int]:
    """Return the stations that the account heads, asked once per request: each request has its own `user`."""
    known: frozenset[int] | None = getattr(user, "_headed_now", None)
    if known is None:
        known = frozenset(user.headed_stations().values_list("pk", flat=True))
        user._headed_now = known  # type: ignore[attr-defined]  # as ModelBackend keeps its permissions there
    return known


def station_of(obj: Any) -> int:
    """Return the primary key of the station that an object belongs to."""
    if isinstance(obj, Station):
        return obj.pk
    if hasattr(obj, "station_id"):
        return obj.station_id
    return obj.sector.station_id
