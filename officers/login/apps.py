from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class LoginConfig(AppConfig):
    name = "officers.login"
    label = "login"
    verbose_name = _("Logging in")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        from officers.login import second_factor, sessions

        user_logged_in.connect(sessions.begin, dispatch_uid="begin the session's time")
        authenticator_added.connect(
            second_factor.remember_added, dispatch_uid="a new second factor is proved"
        )
        authenticator_removed.connect(
            second_factor.forget_removed, dispatch_uid="the last second factor went"
        )
