"""Staff roles, special units and their contacts in sectors, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from officers.admin.terms import GrantAdmin, StateFilter, TermAdmin
from officers.forms.roles import LiaisonForm, StaffRoleForm
from officers.models import Liaison, StaffRole, Unit
from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter


@admin.register(StaffRole)
class StaffRoleAdmin(GrantAdmin):
    """Editors, analysts, administrators and reviewers. Rights follow, so administrators alone keep it."""

    form = StaffRoleForm
    # Administrators head nothing, and choose among all.
    offers = ("visible_to",)
    fields = ("user", "role", "station", "begins", "ends")
    list_display = ("user", "role", "station", "begins", "ends", "state")
    list_filter = (StateFilter, "role", ("station", VisibleRelatedFilter))
    list_select_related = ("user", "station")
    search_fields = ("user__email", "user__name", "station__name")
    ordering = ("role", "user", "-period")
    end_question = _("End this role now?")
    end_explanation = _(
        "With the next click this account loses the rights of the role. What it did stays told."
    )


@admin.register(Unit)
class UnitAdmin(StationScopedAdmin):
    """Special units that sectors work with. Kept by administrators, named by heads in liaisons."""

    list_display = ("name",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        """Units are no secret; whoever may see the page sees all of them."""
        return admin.ModelAdmin.get_queryset(self, request)


@admin.register(Liaison)
class LiaisonAdmin(TermAdmin):
    """The units' contact persons in the sectors, named by the station head (handbook, The task)."""

    form = LiaisonForm
    fields = ("sector", "unit", "email", "begins", "ends")
    list_display = ("sector", "unit", "address", "begins", "ends", "state")
    list_display_links = ("sector", "unit")
    list_filter = (
        StateFilter,
        ("sector__station", VisibleRelatedFilter),
        ("sector__district", VisibleRelatedFilter),
        "unit",
    )
    list_select_related = ("sector", "unit", "user")
    search_fields = ("sector__name", "=sector__number", "unit__name", "=user__email")
    ordering = ("sector__station", "sector__number", "unit", "-period")
    end_question = _("End this liaison now?")
    end_explanation = _("With the next click this account no longer sees the sector’s flagged entries.")

    @admin.display(description=_("e-mail"), ordering="user__email")
    def address(self, liaison: Liaison) -> str:
        """Show what was typed: the account may be anybody's, and its name is not the station's to learn."""
        return liaison.user.email

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("address",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees the address as text, in place of the field that asks for it."""
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        shown = self.fields if may_change else ("sector", "unit", "address", "begins", "ends")
        return ((None, {"fields": shown}),)
