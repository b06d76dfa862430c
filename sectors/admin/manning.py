"""Manning in the admin: the figures, the sum that leads to a proposal, and the head's decision."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter
from sectors.forms import ConstraintCheckedForm
from sectors.instants import LONGEST_AHEAD
from sectors.manning import CRITERIA, decide, norm_of, proposal_for, required_on
from sectors.models import ManningBasis, ManningNorm, Station

if TYPE_CHECKING:
    from officers.models import User

EARLIEST = datetime.date(1990, 1, 1)
FIGURES = ("sector", "holds_from", *CRITERIA, "reason")


class ManningBasisForm(ConstraintCheckedForm):
    class Meta:
        model = ManningBasis
        fields = (*FIGURES, "required")

    def clean_holds_from(self) -> datetime.date:
        day = self.cleaned_data["holds_from"]
        if not EARLIEST <= day <= timezone.localdate() + LONGEST_AHEAD:
            raise ValidationError(
                _("This day lies before 1990 or more than five years ahead. Check the year.")
            )
        return day


class DecisionFilter(admin.SimpleListFilter):
    title = _("decision")
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("To be decided")), ("yes", _("Decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ManningBasis]) -> QuerySet[ManningBasis]:
        match self.value():
            case "no":
                return queryset.filter(required=None)
            case "yes":
                return queryset.exclude(required=None)
        return queryset


@admin.register(ManningBasis)
class ManningBasisAdmin(StationScopedAdmin):
    """A sector's figures from a day on. The form proposes a number; once the head has decided, the row stays."""

    form = ManningBasisForm
    change_form_template = "admin/sectors/manningbasis/change_form.html"
    list_display = ("sector", "holds_from", "proposed", "required", *CRITERIA)
    list_filter = (
        DecisionFilter,
        ("sector__station", VisibleRelatedFilter),
        ("sector__district", VisibleRelatedFilter),
        ("sector", VisibleRelatedFilter),
    )
    list_select_related = ("sector__station__manning_norm",)
    search_fields = ("sector__name", "=sector__number", "reason")
    search_help_text = _("Sector or reason")
    ordering = ("sector__station", "sector__number", "-holds_from")
    readonly_fields = ("decided_by", "decided_at")

    @admin.display(description=_("proposal"))
    def proposed(self, basis: ManningBasis) -> int:
        return proposal_for(basis).officers

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManningBasis]:
        """Leave out what an account sees as an officer or analyst: the figures are the heads'."""
        standing = cast("User", request.user).standing
        seen = super().get_queryset(request)
        return seen.filter(sector__station__in=standing.stations) | seen.filter(
            sector__district__in=standing.districts
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the basis, locked while it is saved: it may have been decided since the form was opened."""
        found = super().get_object(request, object_id, from_field)
        if request.method == "POST":
            return ManningBasis.objects.select_for_update().get(pk=found.pk)
        return found

    def has_change_permission(self, request: HttpRequest, obj: ManningBasis | None = None) -> bool:
        """What was decided is looked at; the database would refuse a change."""
        return super().has_change_permission(request, obj) and (obj is None or obj.required is None)

    def has_delete_permission(self, request: HttpRequest, obj: ManningBasis | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: ManningBasis | None = None) -> Any:
        if obj is None:
            later = _("Leave it empty to see the proposal first.")
            return (
                (None, {"fields": FIGURES}),
                (_("Decision"), {"fields": ("required",), "description": later}),
            )
        decision = ("required",) if obj.required is None else ("required", "decided_by", "decided_at")
        return ((None, {"fields": FIGURES}), (_("Decision"), {"fields": decision}))

    def get_readonly_fields(self, request: HttpRequest, obj: ManningBasis | None = None) -> tuple[str, ...]:
        return ("sector", *self.readonly_fields) if obj else self.readonly_fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"holds_from": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: ManningBasis, form: Any, change: bool) -> None:
        required, obj.required = obj.required, None
        super().save_model(request, obj, form, change)
        if required is not None:
            decide(obj, required, by=cast("User", request.user))

    def response_add(
        self, request: HttpRequest, obj: ManningBasis, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Lead on to the proposal, where nothing is decided yet."""
        if obj.required is not None or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, gettext("The figures are saved. Look at the proposal below and decide."))
        return HttpResponseRedirect(reverse("admin:sectors_manningbasis_change", args=[obj.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        basis = kwargs.get("obj")
        if basis is not None and basis.pk:
            before = required_on([basis.sector], basis.holds_from - datetime.timedelta(days=1))
            context.update(
                proposal=proposal_for(basis),
                before=before[basis.sector_id],
                norm=norm_of(basis.sector.station),
            )
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(ManningNorm)
class ManningNormAdmin(StationScopedAdmin):
    """How much of each criterion asks for one officer, at one station."""

    list_display = ("station", *CRITERIA)
    fields = ("station", *CRITERIA)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ManningNorm]:
        headed = Station.objects.headed_by(cast("User", request.user))
        return ManningNorm.objects.filter(station__in=headed).select_related("station")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One norm for each station."""
        headed = Station.objects.headed_by(cast("User", request.user))
        return super().has_add_permission(request) and headed.filter(manning_norm=None).exists()

    def has_delete_permission(self, request: HttpRequest, obj: ManningNorm | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ManningNorm | None = None) -> tuple[str, ...]:
        return ("station",) if obj else ()
