"""What every page behind the login asks of a session: that it is still in time, and had its second factor.

And that no browser and no machine in between keeps the page: whoever sits down next reads it by the Back button.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from officers.login import second_factor, sessions


class StaffSessionMiddleware:
    """Stands before the one that asks for the login. Public pages pass without a look at the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _is_personal(request):
            response.headers.setdefault("Cache-Control", "no-store, private")
        if _logs_out(request) and request.is_secure():
            # What the browser kept from before, pictures and files too: the next one at this computer is a stranger.
            response["Clear-Site-Data"] = '"cache"'
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not request.user.is_authenticated:
            return None
        if sentence := sessions.why_over(request):
            return _log_in_again(request, sentence)
        sessions.see(request)
        return second_factor.demand(request)


def _is_personal(request: HttpRequest) -> bool:
    """Whether the answer is behind the login, or made with a look at the session; a public page is neither."""
    view = request.resolver_match and request.resolver_match.func
    return bool(view and getattr(view, "login_required", True)) or request.session.accessed


def _logs_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.url_name in ("account_logout", "logout")


def _log_in_again(request: HttpRequest, sentence: str) -> HttpResponseRedirect:
    logout(request)
    messages.info(request, sentence)
    if request.method != "GET":
        # What was to be changed is not done behind somebody's back after the login.
        return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path())
