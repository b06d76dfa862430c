"""The pages of logging in that allauth has not: one's account, and an invitation."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.internal.ratelimit import decorator as rate_limit
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from audit.context import acting_as
from notifications.text_messages import is_offered
from officers import invitations
from officers.invitations import InvitationOver, State
from officers.login.forms import AcceptInvitationForm
from officers.models import Invitation


@require_GET
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What one can change about one's own account."""
    return render(request, "account/home.html", {"texts_are_offered": is_offered()})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new_password1", "new_password2")
@rate_limit(app="allauth.account", action="invitation", limit_get=True)
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Let the invited set a password, and log them in. A link that is over says what to do."""
    found = invitations.find(secret)
    state = invitations.state_of(found) if found else None
    if found is None or state != State.OPEN:
        return _over(request, state)
    form = AcceptInvitationForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _accept(request, found, form.cleaned_data["new_password1"])
    response = render(request, "account/invitation.html", {"form": form, "account": found.user})
    # The address is a secret: no other site learns it.
    response["Referrer-Policy"] = "same-origin"
    return response


def _accept(request: HttpRequest, found: Invitation, password: str) -> HttpResponse:
    try:
        # The page is public, so nobody has been named yet: whoever has the link acts as the account's owner.
        with transaction.atomic(), acting_as(found.user.get_username(), actor_id=found.user_id):
            user = invitations.accept(found, password)
    except InvitationOver:
        return _over(request, State.ACCEPTED)
    record_authentication(request, user, "password", email=user.email)
    return perform_login(request, user, redirect_url=reverse("mfa_index"))


def _over(request: HttpRequest, state: State | None) -> HttpResponse:
    status = HTTPStatus.GONE if state else HTTPStatus.NOT_FOUND
    return render(request, "account/invitation_over.html", {"state": state and state.value}, status=status)
