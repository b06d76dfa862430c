"""Accounts in the admin: administrators make them and switch them off, a head those of the station's officers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401  # so that they are registered before they are taken away
import django.contrib.auth.admin  # noqa: F401  # likewise
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from audit.reads import shown
from officers.fields import instant_text
from officers.forms.accounts import AccountForm, OfficerAccountForm
from officers.invitations import InvitationRefused, State, invite, state_of, withdraw_open
from officers.login.adapter import tell_of_change
from officers.models import Officer, User
from officers.readdressing import end_sessions, is_set_up, tell_overseers
from officers.standing import entered_for
from sectors.admin.scope import StationScopedAdmin
from sectors.models import Sector

# Rights follow from dated rows, not from groups; how somebody logs in is theirs, and no table to be edited.
for model in (
    Group,
    EmailAddress,
    Authenticator,
    SocialAccount,
    SocialApp,
    SocialToken,
    UserSession,
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

Act = Callable[[HttpRequest, User], str]


@admin.register(User)
class AccountAdmin(StationScopedAdmin):
    """Made and switched off here, never deleted: what an account did stays told. Nobody sets another's password."""

    form = AccountForm
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "is_active")}),
        (_("Logging in"), {"fields": ("invited", "has_second_factor", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "language"),
                "description": _("The owner gets a mail with a link, sets a password, and can log in."),
            },
        ),
    )
    list_display = ("email", "name", "language", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "name")
    ordering = ("email",)
    change_form_template = "admin/officers/user/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A head makes accounts on an officer's page, for that officer."""
        return _owner(request).standing.is_administrator

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return obj == request.user or super().has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Administrators alone change an address, or switch an account with rights beyond the head's stations."""
        told: tuple[str, ...] = ("invited", "has_second_factor", "last_login", "date_joined")
        if obj is None:
            return ()
        is_administrator = _owner(request).standing.is_administrator
        if obj == request.user or not (is_administrator or _is_within(obj, _owner(request))):
            told = (*told, "is_active")
        return told if is_administrator else ("email", *told)

    @admin.display(description=_("invitation"))
    def invited(self, user: User) -> str:
        last = user.invitations.select_related("invited_by").order_by("-created_at", "-pk").first()
        if last is None:
            return gettext("none")
        if state_of(last) == State.OPEN:
            return gettext("sent on %(sent)s, valid until %(until)s") % {
                "sent": instant_text(last.created_at),
                "until": instant_text(last.expires_at),
            }
        return str(State(state_of(last)).label)

    @admin.display(description=_("second factor"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        return Authenticator.objects.filter(user=user).exists()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Invite whom an account is made for; close an invitation to an address that changed or was switched off."""
        if not change:
            _make(request, obj)
            return
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            _readdressed(request, obj, old=form.initial["email"])
        if not obj.is_active:
            withdraw_open(obj)
            # Else they would go on where they were when the account is switched on again.
            end_sessions(obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (user := kwargs.get("obj")) is not None and user.pk:
            may = self.has_change_permission(request, user) and user.is_active and user != request.user
            open_ones = user.invitations.filter(accepted_at=None, withdrawn_at=None).exists()
            factor = _owner(request).standing.is_administrator and self.has_second_factor(user)
            context |= {
                "may_invite": may and not is_set_up(user),
                "may_withdraw": may and open_ones,
                "may_reset_factor": factor,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("for-officer/<int:pk>/", self.for_officer, "for_officer"),
            ("<int:pk>/invite/", self.invite, "invite"),
            ("<int:pk>/withdraw/", self.withdraw, "withdraw"),
            ("<int:pk>/reset-second-factor/", self.reset_second_factor, "reset_second_factor"),
        ]
        wrap = self.admin_site.admin_view
        return [
            path(where, wrap(view), name=f"officers_user_{name}") for where, view, name in own
        ] + super().get_urls()

    def for_officer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make an account for an officer of one's station, and invite them in the same act."""
        officer = get_object_or_404(Officer.objects.visible_to(_owner(request)), pk=pk)
        if not request.user.has_perm("officers.add_user", officer) or officer.user_id is not None:
            raise Http404
        shown(request, officer)
        form = OfficerAccountForm(request.POST or None, officer=officer)
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                officer.user = _make(request, form.save(commit=False))
                officer.save(update_fields=["user"])
            return redirect("admin:officers_officer_change", officer.pk)
        context = self.admin_site.each_context(request) | {
            "title": gettext("An account for %(officer)s") % {"officer": officer},
            "opts": self.opts,
            "officer": officer,
            "form": form,
        }
        return TemplateResponse(request, "admin/officers/user/for_officer.html", context)

    @method_decorator(require_POST)
    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(request: HttpRequest, user: User) -> str:
            invite(user, _owner(request))
            return gettext("An invitation is on its way to %(address)s.") % {"address": user.email}

        return self._do(request, pk, act)

    @method_decorator(require_POST)
    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(request: HttpRequest, user: User) -> str:
            count = withdraw_open(user)
            return ngettext("The invitation is withdrawn.", "%(count)d invitations are withdrawn.", count) % {
                "count": count
            }

        return self._do(request, pk, act)

    @method_decorator(require_POST)
    def reset_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take away the second factor of somebody who lost it, end their sessions and tell them."""
        if not _owner(request).standing.is_administrator:
            raise PermissionDenied

        def act(request: HttpRequest, user: User) -> str:
            Authenticator.objects.filter(user=user).delete()
            end_sessions(user)
            tell_of_change(user, "second_factor_reset")
            return gettext("The second factor is removed. A new one is set up at the next login.")

        return self._do(request, pk, act)

    def _do(self, request: HttpRequest, pk: int, act: Act) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        try:
            with transaction.atomic():
                done = act(request, user)
                self.log_change(request, user, done)
                messages.success(request, done)
        except InvitationRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:officers_user_change", args=[user.pk]))


def _is_within(user: User, head: User) -> bool:
    """Tell whether what the account is, even while it is switched off, lies within the stations that `head` heads."""
    held, stations = entered_for(user), head.standing.stations
    elsewhere = Sector.objects.filter(pk__in=held.liaison).exclude(station__in=stations)
    return not held.sees_all_accounts and held.home <= stations and not elsewhere.exists()


def _make(request: HttpRequest, user: User) -> User:
    """Save a new account without a password, and invite its owner to set one."""
    user.set_unusable_password()
    user.save()
    invite(user, _owner(request))
    messages.info(request, gettext("An invitation is on its way to %(address)s.") % {"address": user.email})
    return user


def _readdressed(request: HttpRequest, user: User, *, old: str) -> None:
    """Close the ways by which whoever reads the new address could get into the account, and tell of the change."""
    withdraw_open(user)
    tell_of_change(user, "email_changed", to_address=old)
    tell_overseers(user, old=old, by=_owner(request))
    if user != request.user:
        end_sessions(user)


def _owner(request: HttpRequest) -> User:
    return cast("User", request.user)
