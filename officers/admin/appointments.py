"""Appointments in the admin: appoint, end, withdraw. Nothing is deleted here, and what was stays as it was."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers import appointment
from officers.admin.terms import PeriodColumns, StateFilter, TermAdmin
from officers.forms.appointments import AssignmentForm
from officers.models import Assignment, AssignmentQuerySet
from sectors.admin.scope import VisibleRelatedFilter


@admin.register(Assignment)
class AssignmentAdmin(TermAdmin):
    """Who is appointed to which sector, and when: the act that this admin is made for."""

    form = AssignmentForm
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
    fields = ("sector", "officer", "role", "begins", "ends", "is_stand_in", "hand_over_on", "takes_over")
    end_question = _("End this appointment now?")
    end_explanation = _(
        "From this moment the public pages no longer name this officer. A sector without a responsible "
        "officer shows how to reach its district. What has ended stays ended, but the officer can be "
        "appointed again."
    )
    withdraw_question = _("Withdraw this appointment?")
    begun_explanation = _(
        "This appointment has begun. Its beginning, officer, sector and role stay as they are; its end can be "
        "set to now or later."
    )

    def get_fields(self, request: HttpRequest, obj: Assignment | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else self.fields[:-1]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"role": Assignment.Role.RESPONSIBLE, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        appointment.appoint(obj, instead_of=form.predecessors)
        for predecessor in form.predecessors:
            self.log_change(
                request, predecessor, gettext("Ended: %(officer)s takes over.") % {"officer": obj.officer}
            )

    def lock_before(self, obj: Assignment) -> None:
        appointment.lock_sector(obj.sector)

    def end(self, request: HttpRequest, obj: Assignment) -> None:
        appointment.end_now(obj)

    def withdraw(self, request: HttpRequest, obj: Assignment) -> None:
        appointment.withdraw(obj)

    def summary(self, obj: Any) -> str:
        return f"{obj.officer}, {obj.get_role_display()}, {obj.sector}"


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
