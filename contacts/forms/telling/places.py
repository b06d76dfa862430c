"""Where something takes place: an address that the register may know, a point on the map, or words alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectors import division
from sectors.lookup import InvalidPosition
from sectors.models import Sector
from sectors.places import locate, typed_point

# So near its border a place still belongs to the sector: the library across the street.
NEAR_METRES = 150.0


class PlaceMixin(forms.Form):
    """Latitude and longitude beside a model's place; the row's `point` is set from them, else from the address.

    `place_sectors()` says in or near which sectors it must lie. No point is no error: the words stand alone.
    """

    instance: Any
    # The field that holds a street address, which the register may know.
    address_field = "address"

    lat = forms.CharField(label=gettext_lazy("Latitude"), required=False, max_length=30)
    lon = forms.CharField(label=gettext_lazy("Longitude"), required=False, max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (point := self.instance.point) is not None:
            self.initial.update(lat=f"{point.y:.6f}", lon=f"{point.x:.6f}")

    def place_sectors(self) -> list[Sector]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if found is None else found
        try:
            self.instance.point = self._point(cleaned)
        except InvalidPosition as refusal:
            self.add_error("lat", str(refusal))
        return cleaned

    def _point(self, cleaned: dict[str, Any]) -> Point | None:
        """Return the point that was set; that of the address where the address alone is new or nothing was set."""
        point = typed_point(cleaned.get("lat", ""), cleaned.get("lon", ""))
        address = cleaned.get(self.address_field, "")
        is_point_new = any(cleaned.get(name, "") != self.initial.get(name, "") for name in ("lat", "lon"))
        is_address_new = address != (self.initial.get(self.address_field) or "")
        sectors = self.place_sectors()
        if address and sectors and is_address_new and not (point is not None and is_point_new):
            return locate(address, sectors[0]).point or (point if is_point_new else None)
        return point

    def place_doubts(self) -> list[str]:
        """Return a question where the point lies neither in nor near its sectors."""
        point, sectors = self.instance.point, self.place_sectors()
        if point is None or not sectors or lies_near(point, sectors):
            return []
        named = ", ".join(str(sector) for sector in sectors[:3])
        return [
            _("This place lies neither in %(sectors)s nor near by. Is it the right one?") % {"sectors": named}
        ]


def lies_near(point: Point, sectors: Iterable[Sector]) -> bool:
    """Tell whether the point lies in one of the sectors or within NEAR_METRES of it, as they are in force."""
    current, slugs = division.current(), {sector.slug for sector in sectors}
    if not slugs & set(current.by_slug):
        return True
    owner = current.owner(point.x, point.y)
    if owner is not None and owner.slug in slugs:
        return True
    return any(near.sector.slug in slugs for near in current.near(point.x, point.y, NEAR_METRES))
