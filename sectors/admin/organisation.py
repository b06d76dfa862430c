"""Stations, local police districts and sectors in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter
from sectors.forms import ConstraintCheckedForm
from sectors.models import District, Sector, Station

PUBLIC_CONTACT = _(
    "Citizens see this where no single officer can be named, for example while a sector is vacant."
)
ADDRESS_STAYS = _("Part of public addresses and of printed cards, so it stays as it is once it is saved.")


@admin.register(Station)
class StationAdmin(StationScopedAdmin):
    """Made by an administrator; its head keeps its name and how to reach it up to date."""

    list_display = ("name", "phone", "email")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug")}),
        (_("Contact"), {"fields": ("phone", "email", "address"), "description": PUBLIC_CONTACT}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Station | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Station | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}


@admin.register(District)
class DistrictAdmin(StationScopedAdmin):
    """A part of the station's area; its contact is what citizens of a vacant sector see."""

    list_display = ("name", "station", "phone", "email")
    list_filter = (("station", VisibleRelatedFilter),)
    list_select_related = ("station",)
    search_fields = ("name", "slug")
    fieldsets = (
        (None, {"fields": ("station", "name", "slug")}),
        (_("Contact"), {"fields": ("phone", "email"), "description": PUBLIC_CONTACT}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: District | None = None) -> tuple[str, ...]:
        return ("station", "slug") if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: District | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}


class SectorForm(ConstraintCheckedForm):
    """A sector belongs to the station of its district, so the station is not asked for."""

    def clean(self) -> dict[str, Any]:
        district = self.cleaned_data.get("district")
        if district is not None:
            self.instance.station = district.station
        return self.cleaned_data


class SectorAdmin(StationScopedAdmin):
    """A sector's number, name and district. Its boundary is drawn in a release.

    The app that knows who is responsible registers it, with that beside each sector.
    """

    form = SectorForm
    list_display_links = ("number", "name")
    list_select_related = ("district", "station")
    search_fields = ("name", "=number", "slug")
    fields = ("district", "number", "name")

    def get_fields(self, request: HttpRequest, obj: Sector | None = None) -> Any:
        return ("station", *self.fields, "slug") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Sector | None = None) -> tuple[str, ...]:
        """The address stays once it is made, the number once a published release has drawn it."""
        if obj is None:
            return ()
        published = obj.boundaries.filter(release__period__isnull=False).exists()
        return ("station", "slug", "number") if published else ("station", "slug")

    def get_form(
        self, request: HttpRequest, obj: Sector | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Sector]]:
        """A sector moves between the districts of its own station only."""
        form = super().get_form(request, obj, change, **kwargs)
        field = form.base_fields.get("district")
        if obj is not None and field is not None:
            field.queryset = District.objects.filter(station=obj.station_id)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Sector, form: ModelForm[Sector], change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = Sector.objects.create_numbered(district=obj.district, number=obj.number, name=obj.name)
        obj.pk = made.pk
        obj.refresh_from_db()

    def view_on_site(self, obj: Sector) -> str:
        return obj.get_absolute_url()
