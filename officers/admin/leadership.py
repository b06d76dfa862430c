"""Who heads what, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from officers.admin.terms import PeriodColumns
from officers.forms.leadership import LeadershipForm
from officers.models import Leadership
from sectors.admin.scope import tell_stations_apart


@admin.register(Leadership)
class LeadershipAdmin(PeriodColumns, admin.ModelAdmin):
    """Who heads a station or a district. Rights follow from it, so administrators alone keep it."""

    form = LeadershipForm
    fields = ("user", "station", "district", "begins", "ends")
    list_display = ("user", "station", "district", "begins", "ends", "state")
    list_filter = ("station",)
    list_select_related = ("user", "station", "district")
    search_fields = ("user__email", "user__name", "station__name")
    ordering = ("station", "district", "-period")
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Leadership | None = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        tell_stations_apart(field, request)
        return field
