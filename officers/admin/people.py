"""Officers in the admin: who they are, how citizens reach them, what they drafted of their profile."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, TimeField
from django.forms import BaseInlineFormSet, TimeInput
from django.forms import TimeField as ClockField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reads import shown
from officers.admin.appointments import appointment_rows
from officers.forms.profile import OfficerForm, unlinked_accounts
from officers.models import Assignment, DutyHours, Officer, Portrait, ProfileDraft
from officers.permissions import can_publish_profile
from officers.portraits import MAX_BYTES
from officers.profile import DraftChanged, decline, differences, picture_address, publish, set_portrait
from sectors.admin.scope import StationScopedAdmin, VisibleRelatedFilter
from sectors.uploads import UploadAdminMixin

if TYPE_CHECKING:
    from officers.models import User

PUBLIC = ("name", "title", "phone", "email")
ACCOUNT_STATES = {
    "none": _("no account"),
    "off": _("switched off"),
    "new": _("never logged in"),
    "on": _("can log in"),
}


class DraftFilter(admin.SimpleListFilter):
    title = _("profile drafts")
    parameter_name = "draft"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Drafts to publish"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Officer]) -> QuerySet[Officer]:
        if self.value() != "waiting":
            return queryset
        return queryset.filter(Exists(ProfileDraft.objects.filter(officer=OuterRef("pk"))))


class LabelledFormSet(BaseInlineFormSet):
    """Tells each field of a row what it is: the admin's tables have words in their head alone."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = capfirst(field.label or "")


class DutyHoursInline(admin.TabularInline):
    """Hours of duty by weekday; the rights are those over the officer."""

    model = DutyHours
    formset = LabelledFormSet
    extra = 0
    max_num = len(DutyHours.Weekday)
    # The browser's own clock in place of the admin's, which knows seconds.
    formfield_overrides = {
        TimeField: {"widget": TimeInput(attrs={"type": "time"}, format="%H:%M"), "form_class": ClockField}
    }

    def _may(self, request: HttpRequest, verb: str, officer: Officer | None) -> bool:
        return request.user.has_perm(f"officers.{verb}_dutyhours", officer)

    def has_view_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Officer | None = None) -> bool:
        return self._may(request, "delete", obj)


@admin.register(Officer)
class OfficerAdmin(UploadAdminMixin, StationScopedAdmin):
    """An officer as the public knows them, with the draft that waits for the head."""

    form = OfficerForm
    inlines = (DutyHoursInline,)
    change_form_template = "admin/officers/officer_change_form.html"
    list_display = ("name", "present_sectors", "phone", "draft", "account")
    list_filter = (DraftFilter, ("station", VisibleRelatedFilter))
    list_select_related = ("user",)
    search_fields = ("name", "email", "phone", "assignments__sector__name")
    search_help_text = _("Name, e-mail, telephone or sector")

    def upload_limit_bytes(self) -> int:
        return MAX_BYTES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        present = Assignment.objects.active_at(timezone.now()).select_related("sector")
        drafts = ProfileDraft.objects.filter(officer=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(has_draft=Exists(drafts))
            .prefetch_related(Prefetch("assignments", present.order_by("sector__number"), to_attr="present"))
        )

    @admin.display(description=_("sectors now"), empty_value="–")
    def present_sectors(self, officer: Any) -> str | None:
        return ", ".join(str(assignment.sector) for assignment in officer.present) or None

    @admin.display(description=_("profile draft"), empty_value="–")
    def draft(self, officer: Any) -> SafeString | None:
        if not officer.has_draft:
            return None
        words = gettext("Look at the draft of %(officer)s") % {"officer": officer}
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>', _draft_url(officer), words, gettext("Look at it")
        )

    @admin.display(description=_("account"))
    def account(self, officer: Officer) -> str:
        return str(ACCOUNT_STATES[_account_state(officer)])

    @admin.display(description=_("portrait"), empty_value="–")
    def picture(self, officer: Officer) -> SafeString | None:
        portrait = Portrait.objects.filter(officer=officer).first()
        if portrait is None:
            return None
        words = gettext("Portrait of %(officer)s") % {"officer": officer}
        return format_html(
            '<img class="portrait" src="{}" alt="{}">', picture_address(portrait.medium), words
        )

    def get_fieldsets(self, request: HttpRequest, obj: Officer | None = None) -> Any:
        shown_to_all = _("Citizens see this while the officer is appointed to a sector.")
        return (
            (_("Public"), {"fields": PUBLIC, "description": shown_to_all}),
            (_("Portrait"), {"fields": self._portrait_fields(request, obj)}),
            (_("Internal"), {"fields": ("station", "user", "patrol_form")}),
        )

    def _portrait_fields(self, request: HttpRequest, obj: Officer | None) -> tuple[str, ...]:
        if obj is None:
            return ("new_portrait",)
        if not self.has_change_permission(request, obj):
            return ("picture",)
        has_one = Portrait.objects.filter(officer=obj).exists()
        return ("picture", "new_portrait", "remove_portrait") if has_one else ("new_portrait",)

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> tuple[str, ...]:
        """An officer who has served in a sector stays with its station, and who has an account with it."""
        kept = [] if obj is None or obj.user_id is None else ["user"]
        if obj is not None and obj.assignments.exists():
            kept.append("station")
        return ("picture", *kept)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the accounts that work in the station and are no officer's yet, such as its head's own."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "user":
            field.queryset = unlinked_accounts(cast("User", request.user).standing.stations)
        return field

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if pictures := form.cleaned_data.get("new_portrait"):
            set_portrait(obj, pictures)
        elif form.cleaned_data.get("remove_portrait"):
            Portrait.objects.filter(officer=obj).delete()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (officer := kwargs.get("obj")) is not None and officer.pk:
            user = cast("User", request.user)
            context["appointments"] = appointment_rows(officer.assignments.visible_to(user))
            shown(request, [row["assignment"] for row in context["appointments"]])
            if officer.has_draft and can_publish_profile(user, officer):
                context["draft_url"] = _draft_url(officer)
            if officer.user_id is None and user.has_perm("officers.add_user", officer):
                context["account_url"] = reverse("admin:officers_user_for_officer", args=[officer.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.draft_view)
        return [path("<int:pk>/draft/", view, name="officers_officer_draft"), *super().get_urls()]

    def draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what is published beside what was drafted (GET); publish or decline it (POST)."""
        officer = self.get_queryset(request).filter(pk=pk).first()
        if officer is None or not can_publish_profile(cast("User", request.user), officer):
            raise Http404
        draft = ProfileDraft.objects.filter(officer=officer).first()
        if request.method == "POST":
            return self._decide(request, officer, draft)
        shown(request, [one for one in (officer, draft) if one is not None])
        portrait = Portrait.objects.filter(officer=officer).first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Profile draft of %(officer)s") % {"officer": officer},
            "original": officer,
            "draft": draft,
            "differences": differences(officer, draft) if draft else (),
            "portrait": picture_address(portrait.medium) if portrait else "",
            "draft_portrait": picture_address(draft.picture) if draft else "",
        }
        return TemplateResponse(request, "admin/officers/officer_draft.html", context)

    def _decide(self, request: HttpRequest, officer: Officer, draft: ProfileDraft | None) -> HttpResponse:
        is_published = "publish" in request.POST
        try:
            if draft is None:
                raise DraftChanged
            (publish if is_published else decline)(draft, seen=_seen(request))
        except DraftChanged:
            messages.error(
                request, gettext("The draft has changed or was decided meanwhile. Look at it again.")
            )
            return HttpResponseRedirect(_draft_url(officer))
        done = gettext("The draft is published.") if is_published else gettext("The draft is declined.")
        self.log_change(request, officer, done)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:officers_officer_change", args=[officer.pk]))


def _draft_url(officer: Officer) -> str:
    return reverse("admin:officers_officer_draft", args=[officer.pk])


def _seen(request: HttpRequest) -> datetime.datetime:
    """Return when the draft was handed in that the page showed. Raises DraftChanged for what is no instant."""
    try:
        seen = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    if seen is None or timezone.is_naive(seen):
        raise DraftChanged
    return seen


def _account_state(officer: Officer) -> str:
    if officer.user is None:
        return "none"
    if not officer.user.is_active:
        return "off"
    return "on" if officer.user.last_login else "new"
