"""Officers in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from officers.admin.appointments import appointment_rows
from officers.models import Officer
from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter


@admin.register(Officer)
class OfficerAdmin(StationScopedAdmin):
    """An officer as the public knows them."""

    list_display = ("name", "title", "phone", "email")
    list_filter = (("station", VisibleRelatedFilter),)
    search_fields = ("name", "email", "phone")
    change_form_template = "admin/officers/officer_change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        public = ("name", "title", "phone", "email")
        inner = ("station", "user", "patrol_form")
        shown = _("Citizens see this while the officer is appointed to a sector.")
        return ((_("Public"), {"fields": public, "description": shown}), (_("Internal"), {"fields": inner}))

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> tuple[str, ...]:
        """An officer who has served in a sector stays with its station."""
        return ("station",) if obj is not None and obj.assignments.exists() else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (officer := kwargs.get("obj")) is not None and officer.pk:
            context["appointments"] = appointment_rows(officer.assignments.visible_to(request.user))
        return super().render_change_form(request, context, *args, **kwargs)
