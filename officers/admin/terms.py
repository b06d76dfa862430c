"""What all dated rows have in common in the admin: how they are shown, filtered, ended and withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers import ending
from officers.models import Term, TermQuerySet
from sectors.admin.scope import StationScopedAdmin
from sectors.instants import instant_text

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
    """Dated rows by what they are today."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: TermQuerySet) -> TermQuerySet:  # type: ignore[override]  # the admin of dated rows hands it its own kind
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


class TermAdmin(PeriodColumns, StationScopedAdmin):
    """Rows that hold for a period: entered, ended, withdrawn before they begin, never deleted."""

    change_form_template = "admin/officers/term/change_form.html"
    # What the page that asks before the act says will happen.
    end_question = _("End this now?")
    end_explanation = _("What has ended stays ended, and stays in the list.")
    withdraw_question = _("Withdraw this?")
    withdraw_explanation = _(
        "It has not begun and then never will. It stays in the list, marked as withdrawn."
    )
    # What stays as it is once the row has begun.
    begun_explanation = _("This has begun. What it says stays; its end can be set to now or later.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row, locked while it is saved: a form is held against what is there, not what was."""
        found = super().get_object(request, object_id, from_field)
        if request.method == "POST":
            self.lock_before(found)
            return self.model._default_manager.select_for_update().get(pk=found.pk)
        return found

    def lock_before(self, obj: Any) -> None:
        """Take the locks that everybody takes before the row's own, so that nobody waits for another in a circle."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        state = state_of(obj.period, withdrawn=bool(obj.withdrawn_at)) if obj and obj.pk else None
        if state in ("past", "withdrawn"):
            context.update(show_save=False, show_save_and_continue=False, show_save_and_add_another=False)
        acts = self.acts(obj, state) if state and self.has_change_permission(request, obj) else []
        context.update(state=state, acts=acts, show_delete=False, begun_explanation=self.begun_explanation)
        return super().render_change_form(request, context, *args, **kwargs)

    def acts(self, obj: Any, state: str) -> list[tuple[str, Any]]:
        """Return address and name of what can be done with a row in this state."""
        if state == "now":
            return [(self.page_of(obj, "end"), gettext("End now"))]
        return [(self.page_of(obj, "withdraw"), gettext("Withdraw"))] if state == "planned" else []

    def page_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def page_of(self, obj: Any, name: str = "change") -> str:
        return reverse(f"admin:{self.page_name(name)}", args=[obj.pk])

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/end/", wrap(self.end_view), name=self.page_name("end")),
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name=self.page_name("withdraw")),
            *super().get_urls(),
        ]

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            self.end,
            title=str(self.end_question),
            explanation=str(self.end_explanation),
            done=gettext("It has ended."),
            refused=gettext("This is not in force, so it cannot be ended."),
        )

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            self.withdraw,
            title=str(self.withdraw_question),
            explanation=str(self.withdraw_explanation),
            done=gettext("It is withdrawn."),
            refused=gettext("This has begun or is withdrawn already. What has begun can be ended."),
        )

    def end(self, request: HttpRequest, obj: Any) -> None:
        """End the row now. Raises TermRefused when it is not in force."""
        ending.end_now(obj)

    def withdraw(self, request: HttpRequest, obj: Any) -> None:
        """Withdraw the row. Raises TermRefused when it has begun."""
        ending.withdraw(obj)

    def summary(self, obj: Term) -> str:
        """Say in a line which row it is that an act is about."""
        return str(obj)

    def consequences(self, obj: Any) -> list[str]:
        """Return sentences on what else follows from ending or withdrawing the row."""
        return []

    def changeable_or_404(self, request: HttpRequest, pk: int) -> Any:
        found = self.get_object(request, str(pk))
        if not self.has_change_permission(request, found):
            raise Http404
        return found

    def _act(
        self, request: HttpRequest, pk: int, act: Callable[[HttpRequest, Any], None], **texts: str
    ) -> HttpResponse:
        """Ask (GET), then do it (POST) and go back to the row."""
        found = self.changeable_or_404(request, pk)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                **texts,
                "opts": self.opts,
                "original": found,
                "summary": self.summary(found),
                "consequences": self.consequences(found),
                "list_url": reverse(f"admin:{self.page_name('changelist')}"),
                "back_url": self.page_of(found),
            }
            return TemplateResponse(request, "admin/officers/term/act.html", context)
        try:
            act(request, found)
        except ending.TermRefused as refusal:
            messages.error(request, str(refusal) or texts["refused"])
        else:
            self.log_change(request, found, texts["done"])
            messages.success(request, texts["done"])
        return HttpResponseRedirect(self.page_of(found))


class GrantAdmin(TermAdmin):
    """Dated rows from which rights of an account follow; the form is told who writes."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        made_of: Any = type(form)
        return made_of(form.__name__, (form,), {"by": request.user})
