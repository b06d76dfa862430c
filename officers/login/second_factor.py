"""The second factor: who must have one, when a session has shown it, and how its secrets are kept."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext

if TYPE_CHECKING:
    from officers.models import User

logger = logging.getLogger(__name__)

# What an account that still lacks a second factor can reach, besides static files and the public pages.
REACHABLE = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
# The record of a second factor that the police force's own sign-on has asked for (`officers.login.sign_on`).
BY_PROVIDER = "provider"


def demand(request: HttpRequest) -> HttpResponseRedirect | None:
    """Lead a session without a second factor to showing it, or to setting one up, where one is required."""
    match = request.resolver_match
    if not settings.SECOND_FACTOR_REQUIRED or is_shown(request) or (match and match.view_name in REACHABLE):
        return None
    methods = get_account_adapter(request).get_reauthentication_methods(request.user)
    showing = next((method["url"] for method in methods if method["id"].startswith("mfa_")), None)
    if showing:
        return redirect_to_login(request.get_full_path(), showing)
    messages.warning(
        request, gettext("Set up a second factor first: your work is open to you once it is there.")
    )
    return HttpResponseRedirect(reverse("mfa_index"))


def is_shown(request: HttpRequest) -> bool:
    """Tell whether this very session has shown a second factor; a passkey is one by itself. No query."""
    records = get_authentication_records(request, cast("User", request.user))
    return any(record["method"] == "mfa" for record in records)


def remember_added(request: HttpRequest, user: User, authenticator: Authenticator, **signal: Any) -> None:
    """Take a factor that has just been set up, by showing it, as shown."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def forget_removed(request: HttpRequest, user: User, **signal: Any) -> None:
    """Take the second factor as not shown, once the account has none any more."""
    if not Authenticator.objects.filter(user=user).exists():
        records = get_authentication_records(request, user)
        kept = [record for record in records if record["method"] != "mfa"]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


class SecondFactorStage(AuthenticateStage):
    """Ask for the second factor, unless the police force's own sign-on has vouched for one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record["method"] == "mfa" and record.get("type") == BY_PROVIDER for record in records):
            return False
        return super()._should_handle(request)


class StationMFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted, with a key made of SECRET_KEY.

    Who reads the database, or a copy of it, cannot make codes. A former key stands in SECRET_KEY_FALLBACKS.
    """

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text).decode()
        except InvalidToken:
            # A secret that nobody knows: no code fits, and the administrator resets the second factor.
            logger.error(
                "A second factor cannot be read: is a former SECRET_KEY missing in SECRET_KEY_FALLBACKS?"
            )
            return base64.b32encode(os.urandom(20)).decode()


def _fernet() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(force_bytes(secret))) for secret in secrets])


def _key(secret: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factor:" + secret).digest())
