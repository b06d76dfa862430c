"""Appointments in the admin: appoint, end, withdraw. Nothing is deleted here, and what was stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers import appointment
from officers.admin.terms import PeriodColumns, StateFilter, state_of
from officers.forms.appointments import AssignmentForm
from officers.models import Assignment, AssignmentQuerySet
from officers.permissions import can_end_assignment
from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter

if TYPE_CHECKING:
    from officers.models import User


@admin.register(Assignment)
class AssignmentAdmin(PeriodColumns, StationScopedAdmin):
    """Who is appointed to which sector, and when: the act that this admin is made for."""

    form = AssignmentForm
    change_form_template = "admin/officers/assignment/change_form.html"
    list_display = ("sector", "officer", "role", "begins", "ends", "state")
    list_display_links = ("sector", "officer")
    list_filter = (
        StateFilter,
        "role",
        ("sector__station", VisibleRelatedFilter),
        ("sector__district", VisibleRelatedFilter),
        ("sector", VisibleRelatedFilter),
    )
    list_select_related = ("sector", "officer")
    search_fields = ("officer__name", "officer__email", "sector__name", "=sector__number")
    search_help_text = _("Officer or sector")
    ordering = ("sector__station", "sector__number", "-role", "-period")
    addable = ("officer",)
    fields = ("sector", "officer", "role", "begins", "ends", "takes_over")

    def get_fields(self, request: HttpRequest, obj: Assignment | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else self.fields[:-1]

    def has_delete_permission(self, request: HttpRequest, obj: Assignment | None = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Assignment:
        """Return the appointment, locked while it is saved: a form is held against what is there, not what was."""
        found = super().get_object(request, object_id, from_field)
        if request.method == "POST":
            return Assignment.objects.select_for_update().get(pk=found.pk)
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"role": Assignment.Role.RESPONSIBLE, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        appointment.appoint(obj, instead_of=form.predecessors)
        for predecessor in form.predecessors:
            self.log_change(
                request, predecessor, gettext("Ended: %(officer)s takes over.") % {"officer": obj.officer}
            )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        state = state_of(obj.period, withdrawn=bool(obj.withdrawn_at)) if obj and obj.pk else None
        if state in ("past", "withdrawn"):
            context.update(show_save=False, show_save_and_continue=False, show_save_and_add_another=False)
        context.update(state=state, show_delete=False)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/end/", wrap(self.end_view), name="officers_assignment_end"),
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name="officers_assignment_withdraw"),
            *super().get_urls(),
        ]

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            appointment.end_now,
            title=gettext("End this appointment now?"),
            explanation=gettext(
                "From this moment the public pages no longer name this officer. A sector without a responsible "
                "officer shows how to reach its district. What has ended stays ended, but the officer can be "
                "appointed again."
            ),
            done=gettext("The appointment has ended."),
            refused=gettext("This appointment is not in force, so it cannot be ended."),
        )

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            appointment.withdraw,
            title=gettext("Withdraw this appointment?"),
            explanation=gettext(
                "It has not begun and then never will. It stays in the list, marked as withdrawn."
            ),
            done=gettext("The appointment is withdrawn."),
            refused=gettext(
                "This appointment has begun or is withdrawn already. One that has begun can be ended."
            ),
        )

    def _act(
        self, request: HttpRequest, pk: int, act: Callable[[Assignment], None], **texts: str
    ) -> HttpResponse:
        """Ask (GET), then do it (POST) and go back to the appointment."""
        found = self.get_queryset(request).filter(pk=pk).first()
        if found is None or not can_end_assignment(cast("User", request.user), found):
            raise Http404
        if request.method != "POST":
            context = {**self.admin_site.each_context(request), "opts": self.opts, "original": found, **texts}
            return TemplateResponse(request, "admin/officers/assignment/act.html", context)
        try:
            act(found)
        except appointment.AppointmentRefused:
            messages.error(request, texts["refused"])
        else:
            self.log_change(request, found, texts["done"])
            messages.success(request, texts["done"])
        return HttpResponseRedirect(reverse("admin:officers_assignment_change", args=[pk]))


def appointment_rows(assignments: AssignmentQuerySet) -> list[dict[str, Any]]:
    """Return what the pages of a sector and of an officer list: each appointment, the latest first."""
    columns = PeriodColumns()
    return [
        {
            "assignment": assignment,
            "begins": columns.begins(assignment),
            "ends": columns.ends(assignment),
            "state": columns.state(assignment),
        }
        for assignment in assignments.select_related("sector", "officer").order_by("-period")
    ]
