"""The forms of accounts in the admin: making one, for an officer too, and changing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from officers.models import Officer, User


class AccountForm(forms.ModelForm):
    """An account by its e-mail address, which no other account has, however written."""

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_active")

    def clean_email(self) -> str:
        return unused_email(self.cleaned_data["email"], self.instance)


class OfficerAccountForm(AccountForm):
    """A new account for an officer, with what the station knows of them."""

    def __init__(self, data: Any, *, officer: Officer) -> None:
        super().__init__(data, initial={"email": officer.email, "name": officer.name})
        del self.fields["is_active"]


def unused_email(typed: str, user: User) -> str:
    """Return the address in lower case. Raises ValidationError when another account has it, however written."""
    email = typed.lower()
    if User.objects.exclude(pk=user.pk).filter(email__iexact=email).exists():
        raise ValidationError(_("This e-mail address has an account already."))
    return email
