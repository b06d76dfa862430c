"""A police force's own sign-on by OpenID Connect: it opens accounts that are there already, and makes none.

Without OIDC_ISSUER in the environment there is none, and its addresses do not exist.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import add_query_params
from allauth.core.internal.ratelimit import decorator as rate_limit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from requests import RequestException

from officers.login.second_factor import BY_PROVIDER
from officers.models import User
from officers.readdressing import is_resting

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]


def _explained(view: View) -> View:
    """Turn an answer of the provider that makes no sense, or none at all, into a sentence."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponseBase:
        try:
            return view(request, provider_id)
        except (RequestException, OAuth2Error, KeyError, TypeError, ValueError) as failure:
            logger.warning("The sign-on's provider gave no usable answer: %s", type(failure).__name__)
            return _back_to_login(request, _failed())

    return guarded


def _with_nonce(view: View) -> View:
    """Send a nonce along to the provider, which puts it into the ID token."""

    @functools.wraps(view)
    def begun(request: HttpRequest, provider_id: str) -> HttpResponseBase:
        answer = view(request, provider_id)
        state = parse_qs(urlsplit(answer.get("Location", "")).query).get("state")
        if state:
            answer["Location"] = add_query_params(answer["Location"], {"nonce": _nonce(state[0])})
        return answer

    return begun


def _nonce(state: str) -> str:
    """Return the nonce of a login: derived from its state, which allauth binds to this browser, so kept nowhere."""
    return salted_hmac("officers.login.sign_on", state, algorithm="sha256").hexdigest()


# Each of these asks the provider something: a stranger must not make the site knock at its door without end.
_at_most_so_often = rate_limit(app="allauth.account", action="sign_on", limit_get=True)

begin = login_not_required(_at_most_so_often(_explained(_with_nonce(views.login))))
callback = login_not_required(_at_most_so_often(_explained(views.callback)))


class StationSignOnAdapter(DefaultSocialAccountAdapter):
    """Lets in whom the provider names by a verified e-mail address that has an account; tells all others why not."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = self._claims(request, sociallogin)
        user = sociallogin.user if sociallogin.is_existing else self._account(request, sociallogin)
        if not user.is_active:
            raise _refusal(request, gettext("This account is switched off. Ask your administrator."))
        # The provider's statements are for this login; nothing of them is kept.
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
        else:
            sociallogin.connect(request, user)
        if _vouches_for_second_factor(claims):
            record_authentication(request, user, "mfa", type=BY_PROVIDER)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **what: Any) -> None:
        logger.info("A sign-on failed: %s", type(what.get("exception")).__name__)
        raise _refusal(request, _failed())

    def _claims(self, request: HttpRequest, sociallogin: SocialLogin) -> dict[str, Any]:
        """Return the ID token's claims. Refuses an answer without one, or whose parts speak of different people.

        OpenID Connect Core 1.0, 5.3.2: the `sub` of the user info must be that of the ID token; 3.1.3.7: so must be
        the nonce that was sent. It tells a code that was slipped in even where the provider knows no PKCE.
        """
        data = sociallogin.account.extra_data
        claims = data.get("id_token") or {}
        if not claims.get("sub") or data.get("userinfo", claims).get("sub") != claims["sub"]:
            raise _refusal(request, _failed())
        if not constant_time_compare(claims.get("nonce", ""), _nonce(request.GET.get("state", ""))):
            raise _refusal(request, _failed())
        if sociallogin.state.get("process") != "login":
            raise _refusal(request, _failed())
        return claims

    def _account(self, request: HttpRequest, sociallogin: SocialLogin) -> User:
        address = next((one.email for one in sociallogin.email_addresses if one.verified is True), None)
        if address is None:
            raise _refusal(
                request,
                gettext(
                    "The sign-on does not say that your e-mail address is verified. Ask those who run it, or log in "
                    "with your password."
                ),
            )
        user = User.objects.filter(email__iexact=address).first()
        # An address that was changed a moment ago connects no sign-on: the old one is told of it first.
        if user is None or is_resting(user):
            raise _refusal(
                request,
                gettext("There is no account for %(address)s. Ask the head of your station for one.")
                % {"address": address},
            )
        return user


def _vouches_for_second_factor(claims: dict[str, Any]) -> bool:
    """Tell whether the provider says, in words that the setting knows, that it has asked for a second factor."""
    methods = claims.get("amr")
    said = {*(methods if isinstance(methods, list) else []), claims.get("acr")}
    return any(word in said for word in settings.OIDC_SECOND_FACTOR)


def _refusal(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(_back_to_login(request, sentence))


def _back_to_login(request: HttpRequest, sentence: str) -> HttpResponseRedirect:
    messages.error(request, sentence)
    return HttpResponseRedirect(reverse("account_login"))


def _failed() -> str:
    return gettext("The sign-on did not work. Try it once more, or log in with your password.")
