"""How allauth logs in here: by e-mail address, nobody by themselves, mails through the outbox."""

from __future__ import annotations

import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.context import acting_as
from notifications.sending import notify
from officers.models import User
from officers.permissions import can_enter_admin

ASKS_SECOND_FACTOR = "allauth.mfa.stages.AuthenticateStage"


class StationAccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together. Check both."
        ),
        "too_many_login_attempts": _("Too many attempts have failed. Wait for five minutes, then try again."),
        "rate_limited": _("Too many attempts have failed. Wait for five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by heads and administrators alone."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where the work is: the overview for heads, else the admin, or the log for who has none there.

        A head who works in a sector too is led to the log, as all officers are.
        """
        standing = cast("User", request.user).standing
        if standing.stations or standing.districts:
            return reverse("sectorlog:log_home" if standing.sectors else "overview:home")
        return reverse("admin:index" if can_enter_admin(request.user) else "sectorlog:log_home")

    def get_login_stages(self) -> list[str]:
        return [
            "officers.login.second_factor.SecondFactorStage" if stage == ASKS_SECOND_FACTOR else stage
            for stage in super().get_login_stages()
        ]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change, but not for a password that was given a moment ago, at the login."""
        request = self.request
        if request is None or not request.user.is_authenticated:
            return True
        since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        return not any(record["method"] in ("password", "mfa") and record["at"] > since for record in records)

    def set_password(self, user: User, password: str) -> None:
        """Record the change in the owner's name: by the link of a mail it is made on a public page."""
        with transaction.atomic(), acting_as(user.get_username(), actor_id=user.pk):
            super().set_password(user, password)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox, without its link: that is made when the mail is sent, and kept nowhere.

        An unknown address takes as long, but for one row: no mail server is talked to meanwhile.
        """
        with transaction.atomic():
            notify("officers.password_reset", to_user=user, context={"account": user.pk})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the account's owner of a change to how they log in, in case it was somebody else."""
        tell_of_change(user, template_prefix.rpartition("/")[2])


def tell_of_change(user: User, what: str, *, to_address: str = "") -> None:
    """Put a mail into the outbox: `what` is one of allauth's names, such as "totp_activated", or "email_changed"."""
    context = {"what": what, "at": timezone.now(), "name": str(user)}
    with transaction.atomic():
        if to_address:
            notify("officers.account_changed", to_address=to_address, language=user.language, context=context)
        else:
            notify("officers.account_changed", to_user=user, context=context)
