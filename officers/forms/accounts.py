"""The forms of accounts: logging in, making one, changing it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AdminUserCreationForm, AuthenticationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from officers.models import User
from officers.permissions import can_enter_admin


class StationLoginForm(AuthenticationForm):
    """Log in with an e-mail address; the admin opens for heads of stations and administrators."""

    required_css_class = "required"
    error_messages = {
        "invalid_login": _("This e-mail address and this password do not belong together. Check both."),
        "inactive": _("This account is switched off. Ask your administrator."),
        "no_business": _(
            "This account heads no station at present, so there is nothing for it here. "
            "Ask your administrator if that is wrong."
        ),
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not can_enter_admin(user):
            raise ValidationError(self.error_messages["no_business"], code="no_business")


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        return unused_email(self.cleaned_data["email"], self.instance)


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"  # the admin's fieldsets choose

    def clean_email(self) -> str:
        return unused_email(self.cleaned_data["email"], self.instance)


def unused_email(typed: str, user: User) -> str:
    """Return the address in lower case. Raises ValidationError when another account has it, however written."""
    email = typed.lower()
    if User.objects.exclude(pk=user.pk).filter(email__iexact=email).exists():
        raise ValidationError(_("This e-mail address has an account already."))
    return email
