"""Absences and covers in the admin: entered, ended and withdrawn by acts (`officers.absence`), not edited."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reads import shown
from officers.absence import AbsenceRefused, end_absence, end_cover, withdraw_absence, withdraw_cover
from officers.admin.absence_pages import enter_view, gap_text
from officers.admin.cover_pages import add_view
from officers.admin.terms import StateFilter, TermAdmin
from officers.attention import gaps_of
from officers.cover import responsible_sectors, uncovered
from officers.ending import TermRefused
from officers.forms.absences import AbsenceEndForm
from officers.models import Absence, Cover, User
from sectors.admin.scope import VisibleRelatedFilter


class ActedOnAdmin(TermAdmin):
    """A page to read, with the acts that change the row beside it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            raise Http404
        return super().change_view(request, object_id, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row without a lock: the acts lock the sectors first, in one order for everybody."""
        return super(TermAdmin, self).get_object(request, object_id, from_field)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context.update(show_save=False, show_save_and_continue=False, show_save_and_add_another=False)
        return super().render_change_form(request, context, *args, **kwargs)

    def step(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        """Show a page of an act in several steps."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/officers/absence/{template}", context)


class CoveredFilter(admin.SimpleListFilter):
    """Absences in which a sector stays without anybody who answers."""

    title = _("cover")
    parameter_name = "covered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Without cover"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Absence]) -> QuerySet[Absence]:
        if self.value() != "no":
            return queryset
        absent = {gap.absent_id for gap in gaps_of(request)}
        return cast("Any", queryset).from_instant(timezone.now()).filter(officer__in=absent)


@admin.register(Absence)
class AbsenceAdmin(ActedOnAdmin):
    """Who is away, and what is covered meanwhile."""

    change_form_template = "admin/officers/absence/change_form.html"
    fields = ("officer", "begins", "ends", "state")
    list_display = ("officer", "begins", "ends", "state")
    list_filter = (StateFilter, CoveredFilter, ("officer__station", VisibleRelatedFilter))
    list_select_related = ("officer",)
    search_fields = ("officer__name", "officer__email")
    search_help_text = _("Officer")
    ordering = ("-period",)
    begun_explanation = _("This absence has begun. Its end can be changed, and covers can be added.")
    end_question = _("Is the officer back?")
    end_explanation = _(
        "From this moment the officer answers for the own sectors again, and the covers end. Citizens see it at once."
    )
    withdraw_question = _("Withdraw this absence?")
    withdraw_explanation = _("It has not begun and then never will. Its covers are withdrawn with it.")

    def get_list_display(self, request: HttpRequest) -> Any:
        """Beside each absence the sectors that nobody covers, worked out once for the whole list."""
        open_at = {gap.absent_id for gap in gaps_of(request)}
        return (self.list_display[0], _cover_column(open_at), *self.list_display[1:])

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return enter_view(self, request)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        until = path("<int:pk>/until/", wrap(self.until_view), name=self.page_name("until"))
        return [until, *super().get_urls()]

    def acts(self, obj: Absence, state: str) -> list[tuple[str, Any]]:
        if state not in ("now", "planned"):
            return []
        cover = f"{reverse('admin:officers_cover_add')}?absence={obj.pk}"
        changing = [(self.page_of(obj, "until"), gettext("Change the end"))] if state == "now" else []
        return [(cover, gettext("Add a cover")), *changing, *super().acts(obj, state)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        absence = cast("Absence", kwargs["obj"])
        seen = Cover.objects.visible_to(cast("User", request.user)).filter(absence=absence)
        rows = seen.select_related("sector", "officer").order_by("sector__number", "period")
        shown(request, list(rows))
        context["covers"] = [
            {"cover": row, "begins": self.begins(row), "ends": self.ends(row), "state": self.state(row)}
            for row in rows
        ]
        context["gaps"] = [gap_text(gap) for gap in _open_now(absence)]
        return super().render_change_form(request, context, *args, **kwargs)

    def end(self, request: HttpRequest, obj: Absence) -> None:
        _refused_as_term(partial(end_absence, obj, timezone.now()))

    def withdraw(self, request: HttpRequest, obj: Absence) -> None:
        _refused_as_term(partial(withdraw_absence, obj))

    def consequences(self, obj: Absence) -> list[str]:
        rows = obj.covers.from_instant(timezone.now()).select_related("officer", "sector")
        sentence = gettext("%(officer)s no longer covers %(sector)s.")
        return [sentence % {"officer": row.officer, "sector": row.sector} for row in rows]

    def until_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask until when, and set it: back earlier, or away for longer."""
        absence = self.changeable_or_404(request, pk)
        form = AbsenceEndForm(request.POST or None, initial={"ends": absence.period.upper})
        if request.method == "POST" and form.is_valid():
            try:
                end_absence(absence, form.cleaned_data["ends"])
            except AbsenceRefused as refusal:
                form.add_error("ends", str(refusal))
            else:
                done = gettext("The absence of %(officer)s now ends otherwise.") % {
                    "officer": absence.officer
                }
                self.log_change(request, absence, done)
                messages.success(request, done)
                return HttpResponseRedirect(self.page_of(absence))
        title = gettext("Until when is %(officer)s away?") % {"officer": absence.officer}
        return self.step(
            request, "until.html", title=title, form=form, absence=absence, ends=self.ends(absence)
        )


@admin.register(Cover)
class CoverAdmin(ActedOnAdmin):
    """Who answers for a sector while its officer is away."""

    fields = ("sector", "officer", "absence", "begins", "ends", "state")
    list_display = ("sector", "officer", "absent", "begins", "ends", "state")
    list_display_links = ("sector", "officer")
    list_filter = (
        StateFilter,
        ("sector__station", VisibleRelatedFilter),
        ("sector__district", VisibleRelatedFilter),
    )
    list_select_related = ("sector", "officer", "absence__officer")
    search_fields = ("officer__name", "sector__name", "=sector__number", "absence__officer__name")
    search_help_text = _("Officer or sector")
    ordering = ("-period", "sector__number")
    begun_explanation = _("This cover has begun. It can be ended; for a later end add another cover.")
    end_question = _("End this cover now?")
    end_explanation = _(
        "From this moment nobody covers the sector unless you enter somebody else: citizens are shown how to reach "
        "the district, or the stand-in. The covering officer loses access to the sector."
    )
    withdraw_question = _("Withdraw this cover?")

    @admin.display(description=_("in place of"))
    def absent(self, cover: Cover) -> str:
        return str(cover.absence.officer)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return add_view(self, request)

    def end(self, request: HttpRequest, obj: Cover) -> None:
        _refused_as_term(partial(end_cover, obj, timezone.now()))

    def withdraw(self, request: HttpRequest, obj: Cover) -> None:
        _refused_as_term(partial(withdraw_cover, obj))


def _refused_as_term(act: Any) -> None:
    try:
        act()
    except AbsenceRefused as refusal:
        raise TermRefused(str(refusal)) from refusal


def _open_now(absence: Absence) -> list[Any]:
    """Return what of the absence's sectors nobody covers, from now on."""
    now, period = timezone.now(), absence.period
    if absence.withdrawn_at or (period.upper and period.upper <= now):
        return []
    sectors = responsible_sectors(absence.officer, period)
    gaps = uncovered(sectors, max(now, period.lower), period.upper)
    return [gap for gap in gaps if gap.absent_id == absence.officer_id]


def _cover_column(open_officers: set[int]) -> Any:
    @admin.display(description=_("cover"))
    def cover(absence: Absence) -> SafeString | str:
        ends = absence.period.upper
        if absence.withdrawn_at or (ends and ends <= timezone.now()):
            return "–"
        if absence.officer_id in open_officers:
            return format_html('<strong class="vacant">{}</strong>', gettext("Without cover"))
        return gettext("Nothing open")

    return cover
