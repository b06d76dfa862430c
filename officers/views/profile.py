"""An officer's own profile, on a phone: what citizens see, the draft, hours of duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.reads import shown
from officers.forms.profile import DutyHoursForm, ProfileForm
from officers.models import Officer, Portrait, ProfileDraft
from officers.permissions import can_draft_profile
from officers.portraits import MAX_BYTES
from officers.profile import (
    FIELDS,
    differences,
    draft_of,
    duty_lines,
    picture_address,
    set_duty_hours,
    submit,
)
from sectors.admin.upload_limit import UploadLimit
from sectors.uploads import takes_file

if TYPE_CHECKING:
    from officers.models import User


def _own_officer(request: HttpRequest) -> Officer:
    """Return the account's officer. Raises Http404 for an account that belongs to none."""
    user = cast("User", request.user)
    officer = Officer.objects.filter(user=user).first()
    if officer is None or not can_draft_profile(user, officer):
        raise Http404
    return officer


@require_http_methods(["GET", "HEAD", "POST"])
@takes_file(lambda: MAX_BYTES)
def profile(request: HttpRequest, *, upload: UploadLimit) -> HttpResponse:
    """Show the profile with its draft; a draft that comes in is handed to the head."""
    officer = _own_officer(request)
    if request.method != "POST":
        return _page(request, officer)
    form = ProfileForm(request.POST, request.FILES, instance=draft_of(officer))
    form.upload = upload
    if not form.is_valid():
        return _page(request, officer, form=form)
    values = {name: form.cleaned_data[name] for name in FIELDS}
    if submit(officer, values, picture=form.picture):
        messages.success(request, _("Your draft is handed in. The head of your station publishes it."))
    else:
        messages.info(request, _("This is what is published already, so there is no draft."))
    return redirect("officers:profile")


@require_http_methods(["GET", "HEAD", "POST"])
def profile_hours(request: HttpRequest) -> HttpResponse:
    """Set the hours of duty. They hold at once. Whoever reloads a page with a refusal is led back to the profile."""
    officer = _own_officer(request)
    if request.method != "POST":
        return redirect("officers:profile")
    form = DutyHoursForm(request.POST, officer=officer)
    if not form.is_valid():
        return _page(request, officer, hours_form=form)
    set_duty_hours(officer, form.pattern())
    messages.success(request, _("Your hours of duty are saved."))
    return redirect("officers:profile")


@require_http_methods(["GET", "HEAD", "POST"])
def profile_withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the draft (POST); anything else leads to the profile."""
    officer = _own_officer(request)
    if request.method != "POST":
        return redirect("officers:profile")
    ProfileDraft.objects.filter(officer=officer).delete()
    messages.success(request, _("Your draft is withdrawn. What is published stays."))
    return redirect("officers:profile")


def _page(
    request: HttpRequest,
    officer: Officer,
    *,
    form: ProfileForm | None = None,
    hours_form: DutyHoursForm | None = None,
) -> HttpResponse:
    draft = ProfileDraft.objects.filter(officer=officer).first()
    portrait = Portrait.objects.filter(officer=officer).first()
    shown(request, [one for one in (officer, draft) if one is not None])
    context = {
        "officer": officer,
        "draft": draft,
        "differences": differences(officer, draft) if draft else (),
        "portrait": picture_address(portrait.medium) if portrait else "",
        "draft_portrait": picture_address(draft.picture) if draft else "",
        "duty_lines": duty_lines(officer),
        "form": form or ProfileForm(instance=draft_of(officer)),
        "hours_form": hours_form or DutyHoursForm(officer=officer),
    }
    has_errors = any(one is not None and one.errors for one in (form, hours_form))
    return render(request, "officers/profile.html", context, status=422 if has_errors else 200)
