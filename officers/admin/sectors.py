"""Sectors in the admin, each with who is responsible for it now, or plainly vacant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reads import shown
from officers.admin.replacing import replace_view
from officers.admin.terms import STATES
from officers.attention import below_manning, departures, gaps_of
from officers.models import Assignment
from officers.permissions import can_appoint_officer
from officers.time_line import Row, drawn, rows_of
from officers.vacancy import answered_at
from sectors.admin.organisation import SectorAdmin
from sectors.admin.scope import VisibleRelatedFilter
from sectors.instants import instant_text
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


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


class AttentionFilter(admin.SimpleListFilter):
    """Sectors that need attention for one reason; each reason is a filter of its own."""

    value_name: str
    label: Any

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.value_name, self.label)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sector]) -> QuerySet[Sector]:
        if self.value() != self.value_name:
            return queryset
        return queryset.filter(pk__in=self.sectors(request, queryset))

    def sectors(self, request: HttpRequest, queryset: QuerySet[Sector]) -> Any:
        """Return the primary keys of the sectors that need attention."""
        raise NotImplementedError


class DepartureFilter(AttentionFilter):
    title, parameter_name = _("departure"), "departure"
    value_name, label = "yes", _("Within 60 days, without successor")

    def sectors(self, request: HttpRequest, queryset: QuerySet[Sector]) -> Any:
        return departures(timezone.now()).order_by().values("sector")


class UncoveredFilter(AttentionFilter):
    title, parameter_name = _("absence"), "uncovered"
    value_name, label = "yes", _("Without cover")

    def sectors(self, request: HttpRequest, queryset: QuerySet[Sector]) -> Any:
        return {gap.sector.pk for gap in gaps_of(request)}


class ManningFilter(AttentionFilter):
    title, parameter_name = _("manning"), "manning"
    value_name, label = "below", _("Too few officers")

    def sectors(self, request: HttpRequest, queryset: QuerySet[Sector]) -> Any:
        return {few.sector.pk for few in below_manning(list(queryset))}


@admin.register(Sector)
class AnsweredSectorAdmin(SectorAdmin):
    """The list a head begins with: who answers for which sector today."""

    change_form_template = "admin/officers/sector_change_form.html"
    list_display = ("number", "name", "responsible", "attached", "district")
    list_filter = (
        VacancyFilter,
        DepartureFilter,
        UncoveredFilter,
        ManningFilter,
        ("station", VisibleRelatedFilter),
        ("district", VisibleRelatedFilter),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sector]:
        seen = Assignment.objects.active_at(timezone.now()).visible_to(cast("User", request.user))
        present = seen.select_related("officer").order_by("officer__name")
        headed = cast("User", request.user).standing.stations
        return (
            super()
            .get_queryset(request)
            .annotate(is_headed=ExpressionWrapper(Q(station__in=headed), BooleanField()))
            .prefetch_related(Prefetch("assignments", queryset=present, to_attr="present"))
        )

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Leave out who is appointed for whom that is none of their business."""
        if sees_appointments(request):
            return self.list_display
        return tuple(name for name in self.list_display if name not in ("responsible", "attached"))

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Leave out what would tell who is appointed."""
        if sees_appointments(request):
            return self.list_filter
        return tuple(one for one in self.list_filter if isinstance(one, tuple))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Log the officers that the list names as well."""
        response = super().changelist_view(request, extra_context)
        listed = (getattr(response, "context_data", None) or {}).get("cl")
        if listed is not None and sees_appointments(request):
            present = [one for sector in listed.result_list for one in sector.present]
            shown(request, present, verb="listed")
            shown(request, dict.fromkeys(one.officer for one in present), verb="listed")
        return response

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        page = path("<int:pk>/replace/", wrap(partial(replace_view, self)), name="sectors_sector_replace")
        return [page, *super().get_urls()]

    @admin.display(description=_("responsible officer"))
    def responsible(self, sector: Any) -> SafeString | str:
        """Name the officer, with a link to the appointment; a vacancy says so, and a head how to end it."""
        if (assignment := _responsible(sector)) is not None:
            return format_html('<a href="{}">{}</a>', _page_of(assignment), assignment.officer)
        if not sector.is_headed:
            return format_html('<strong class="vacant">{}</strong>', gettext("Vacant"))
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
            self._show_appointments(request, sector, context)
        return super().render_change_form(request, context, *args, **kwargs)

    def _show_appointments(self, request: HttpRequest, sector: Any, context: dict[str, Any]) -> None:
        user = cast("User", request.user)
        if can_appoint_officer(user, sector):
            context["tools"] = list(_tools(sector, is_vacant=not _responsible(sector)))
        if sees_appointments(request):
            context["sees_appointments"] = True
            rows = rows_of(sector, user)
            shown(request, [row.object for row in rows])
            context["time_line"] = [_time_line_row(row) for row in rows]
            context["drawing"] = drawn(rows, timezone.now())
            context["is_vacant"] = not _responsible(sector)


def _responsible(sector: Any) -> Assignment | None:
    """Return the present appointment of the responsible officer, of those that `get_queryset` put there."""
    return next((one for one in sector.present if one.role == Assignment.Role.RESPONSIBLE), None)


def _tools(sector: Sector, *, is_vacant: bool) -> Iterator[tuple[str, str]]:
    """Yield address and name of what a head does with a sector's people."""
    if is_vacant:
        yield appointing_url(sector), gettext("Appoint a responsible officer")
    else:
        replacing = reverse("admin:sectors_sector_replace", args=[sector.pk])
        yield replacing, gettext("Replace the officer")
    yield appointing_url(sector, Assignment.Role.ATTACHED), gettext("Appoint an attached officer")


def _time_line_row(row: Row) -> dict[str, Any]:
    return {
        "officer": row.officer,
        "what": row.what,
        "note": row.note,
        "begins": instant_text(row.begins),
        "ends": gettext("until further notice") if row.ends is None else instant_text(row.ends),
        "state": row.state,
        "state_name": STATES[row.state],
        "url": reverse(f"admin:officers_{row.object._meta.model_name}_change", args=[row.object.pk]),
    }


def sees_appointments(request: HttpRequest) -> bool:
    return request.user.has_perm("officers.view_assignment")


def appointing_url(sector: Sector, role: str = Assignment.Role.RESPONSIBLE) -> str:
    """Return the address of the form that appoints an officer to the sector, a responsible one by default."""
    return f"{reverse('admin:officers_assignment_add')}?sector={sector.pk}&role={role}"


def _page_of(assignment: Assignment) -> str:
    return reverse("admin:officers_assignment_change", args=[assignment.pk])
