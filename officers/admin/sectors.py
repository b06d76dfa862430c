"""Sectors in the admin, each with who is responsible for it now, or plainly vacant."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.admin.appointments import appointment_rows
from officers.models import Assignment
from officers.vacancy import answered_at
from sectors.admin.organisation import SectorAdmin
from sectors.admin.scope import VisibleRelatedFilter
from sectors.models import Sector


class VacancyFilter(admin.SimpleListFilter):
    title = _("responsible officer")
    parameter_name = "vacant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Vacant")), ("no", _("Appointed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sector]) -> QuerySet[Sector]:
        answered = answered_at(timezone.now())
        match self.value():
            case "yes":
                return queryset.exclude(answered)
            case "no":
                return queryset.filter(answered)
        return queryset


@admin.register(Sector)
class AnsweredSectorAdmin(SectorAdmin):
    """The list a head begins with: who answers for which sector today."""

    change_form_template = "admin/officers/sector_change_form.html"
    list_display = ("number", "name", "responsible", "attached", "district")
    list_filter = (
        VacancyFilter,
        ("station", VisibleRelatedFilter),
        ("district", VisibleRelatedFilter),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sector]:
        present = (
            Assignment.objects.active_at(timezone.now()).select_related("officer").order_by("officer__name")
        )
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("assignments", queryset=present, to_attr="present"))
        )

    @admin.display(description=_("responsible officer"))
    def responsible(self, sector: Any) -> SafeString | str:
        """Name the officer, with a link to the appointment; a vacancy says so and how to end it."""
        for assignment in sector.present:
            if assignment.role == Assignment.Role.RESPONSIBLE:
                return format_html('<a href="{}">{}</a>', _page_of(assignment), assignment.officer)
        return format_html(
            '<strong class="vacant">{}</strong> <a href="{}" aria-label="{}">{}</a>',
            gettext("Vacant"),
            appointing_url(sector),
            gettext("Appoint a responsible officer of %(sector)s") % {"sector": sector},
            gettext("Appoint"),
        )

    @admin.display(description=_("attached officers"), empty_value="–")
    def attached(self, sector: Any) -> SafeString | None:
        attached = [one for one in sector.present if one.role == Assignment.Role.ATTACHED]
        links = ((_page_of(assignment), assignment.officer) for assignment in attached)
        return format_html_join(", ", '<a href="{}">{}</a>', links) if attached else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        if (sector := kwargs.get("obj")) is not None and sector.pk:
            context["appointing_url"] = appointing_url(sector)
            context["appointments"] = appointment_rows(sector.assignments.all())
            context["is_vacant"] = not any(one.role == Assignment.Role.RESPONSIBLE for one in sector.present)
        return super().render_change_form(request, context, *args, **kwargs)


def appointing_url(sector: Sector) -> str:
    """Return the address of the form that appoints a responsible officer to the sector."""
    return f"{reverse('admin:officers_assignment_add')}?sector={sector.pk}&role={Assignment.Role.RESPONSIBLE}"


def _page_of(assignment: Assignment) -> str:
    return reverse("admin:officers_assignment_change", args=[assignment.pk])
