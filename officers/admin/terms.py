"""How a period and its state are shown in the admin, and filtered by."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.fields import instant_text
from officers.models import AssignmentQuerySet

STATES = {
    "now": _("in force"),
    "planned": _("planned"),
    "past": _("ended"),
    "withdrawn": _("withdrawn"),
}


def state_of(period: Any, *, withdrawn: bool = False) -> str:
    """Return "now", "planned", "past" or "withdrawn" for a period `[begins, ends)`."""
    if withdrawn:
        return "withdrawn"
    now = timezone.now()
    if period.lower > now:
        return "planned"
    return "past" if period.upper is not None and period.upper <= now else "now"


class PeriodColumns:
    """Columns `begins`, `ends` and `state` for the admin of a model with a `period`."""

    @admin.display(description=_("begins"), ordering="period")
    def begins(self, obj: Any) -> str:
        return instant_text(obj.period.lower)

    @admin.display(description=_("ends"))
    def ends(self, obj: Any) -> str:
        ends: datetime.datetime | None = obj.period.upper
        return gettext("until further notice") if ends is None else instant_text(ends)

    @admin.display(description=_("state"))
    def state(self, obj: Any) -> SafeString:
        state = state_of(obj.period, withdrawn=bool(getattr(obj, "withdrawn_at", None)))
        return format_html('<span class="state state-{}">{}</span>', state, STATES[state])


class StateFilter(admin.SimpleListFilter):
    """Appointments by what they are today."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: AssignmentQuerySet) -> AssignmentQuerySet:  # type: ignore[override]  # the admin of appointments hands it its own kind
        now = timezone.now()
        match self.value():
            case "now":
                return queryset.active_at(now)
            case "planned":
                return queryset.valid().filter(period__startswith__gt=now)
            case "past":
                return queryset.valid().filter(period__endswith__lte=now)
            case "withdrawn":
                return queryset.exclude(withdrawn_at=None)
        return queryset
