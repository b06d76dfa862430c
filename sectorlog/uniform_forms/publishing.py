"""A form's life: drawn up, adapted, published in versions, retired (handbook, How to perform the task, 10).

All of it inside the transaction of the request; whoever changes a form holds its row until then.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sectorlog.models import FormTemplate, FormVersion
from sectorlog.uniform_forms.design import new_key
from sectors.models import District, Station

if TYPE_CHECKING:
    from officers.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """For whom a form is drawn up: all of a station, or one of its districts."""

    station: Station
    district: District | None = None

    def __str__(self) -> str:
        return str(self.district or self.station)

    @property
    def key(self) -> str:
        return f"district:{self.district.slug}" if self.district else f"station:{self.station.slug}"

    def templates(self) -> Any:
        """Return the forms drawn up for exactly this place."""
        return FormTemplate.objects.filter(station=self.station, district=self.district)


def places_of(user: User) -> list[Place]:
    """Return the places that `user` draws up forms for: the stations and districts that they head."""
    standing = user.standing
    if not standing.stations and not standing.districts:
        return []
    stations = Station.objects.filter(pk__in=standing.stations).order_by("name")
    headed = Q(pk__in=standing.districts) | Q(station__in=standing.stations)
    districts = District.objects.filter(headed).select_related("station").order_by("station__name", "name")
    return [
        *(Place(station) for station in stations),
        *(Place(district.station, district) for district in districts),
    ]


def drawn_up(place: Place, name: dict[str, str], purpose: dict[str, str], *, by: User) -> FormTemplate:
    """Return a new form with a draft of its first version. Its name must be free: `taken_name`."""
    template = place.templates().create(station=place.station, district=place.district, slug=slug_for(name))
    template.versions.create(number=1, name=name, purpose=purpose, created_by=by)
    return template


def slug_for(name: dict[str, str]) -> str:
    return new_key(next((text for text in name.values() if text), ""), (), fallback="form")


def taken_name(place: Place, name: dict[str, str]) -> str:
    """Return why a new form cannot be called so there; empty where it can.

    A form of the same slug stands in the place of the station's or of the first set's: that is what adapting is for.
    """
    slug = slug_for(name)
    if place.templates().filter(slug=slug).exists():
        return _("There is a form of this name already. Choose another name.")
    wider = Q(station=None) | Q(station=place.station, district=None)
    if FormTemplate.objects.filter(wider, slug=slug).exists():
        return _("There is a form of this name that you can adapt. Adapt that one, or choose another name.")
    return ""


def adapted(template: FormTemplate, place: Place, *, by: User) -> FormTemplate:
    """Return a form of the place's own that stands for `template` once it is published, its draft a copy of that."""
    base = in_force(template)
    own: FormTemplate = place.templates().create(
        station=place.station, district=place.district, slug=template.slug, position=template.position
    )
    _copy(base, own, 1, by)
    return own


def can_be_adapted_at(template: FormTemplate, place: Place) -> bool:
    """Tell whether a form of the place may stand for `template`: one of the first set or of the station."""
    wider = template.station_id is None or (
        place.district is not None
        and template.district_id is None
        and template.station_id == place.station.pk
    )
    return wider and not place.templates().filter(slug=template.slug).exists()


def in_force(template: FormTemplate) -> FormVersion | None:
    """Return the version that was published last, also of a retired form."""
    return template.versions.filter(published_at__isnull=False).order_by("-number").first()


def draft_of(template: FormTemplate) -> FormVersion | None:
    return template.versions.filter(published_at=None).first()


def locked(template: FormTemplate) -> FormTemplate:
    """Return the form with its row held until the transaction ends: two heads come one after the other."""
    # One may be a lock's wait away from the other: what is read after this is what the other left.
    return (
        FormTemplate.objects.select_for_update(of=("self",))
        .select_related("station", "district")
        .get(pk=template.pk)
    )


def start_version(template: FormTemplate, *, by: User) -> FormVersion:
    """Return the draft that there is, or a new one that begins as what is in force."""
    if (draft := draft_of(template)) is not None:
        return draft
    highest = template.versions.aggregate(highest=Max("number"))["highest"] or 0
    return _copy(in_force(template), template, highest + 1, by)


def _copy(base: FormVersion | None, template: FormTemplate, number: int, by: User) -> FormVersion:
    said = (
        {part: copy.deepcopy(getattr(base, part)) for part in ("name", "purpose", "fields")} if base else {}
    )
    return template.versions.create(number=number, created_by=by, **({"name": {}} | said))


def publish(draft: FormVersion, *, by: User) -> None:
    """Put the draft in force, at once: whoever opens a new entry writes it with this version."""
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=["published_at", "published_by"])


def discard(template: FormTemplate) -> bool:
    """Delete the draft, and with it a form that was never published. Returns whether the form is still there."""
    template.versions.filter(published_at=None).delete()
    if template.versions.exists():
        return True
    template.delete()
    return False


def retire(template: FormTemplate, is_retired: bool) -> None:
    """Offer the form no more, or again. What was written with it stays as it is."""
    template.retired_at = timezone.now() if is_retired else None
    template.save(update_fields=["retired_at"])


def known_keys(template: FormTemplate) -> dict[str, str]:
    """Return the keys of all published versions with their kinds: an answer's key keeps its meaning for ever."""
    versions = template.versions.filter(published_at__isnull=False).order_by("number")
    return {one["key"]: one["kind"] for version in versions for one in version.fields}
