"""The forms of allauth, in the site's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from officers.models import User
from officers.readdressing import is_resting


class LoginForm(forms.LoginForm):
    """E-mail address first. What is forgotten is asked for below the form, not within it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ResetPasswordForm(forms.ResetPasswordForm):
    """Sends a link to who has a password to forget; who logs in by sign-on alone, or was only invited, has none.

    None goes to an address that an administrator has changed within a day.
    """

    users: list[User]

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password() and not is_resting(user)]
        return email


class AddKeyForm(AddWebAuthnForm):
    """A passkey or security key, in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].label = _("Log in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "It then asks for your finger, your face or a PIN each time."
        )


class RenameKeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class AcceptInvitationForm(SetPasswordForm):
    """A first password, typed twice, that the validators accept."""
