"""The forms of roles beside the line: staff roles, and the units' contacts in sectors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from officers.forms.periods import GrantForm, TermForm
from officers.models import Liaison, StaffRole, User

# These work for one station; administrators and reviewers for all of them.
STATION_ROLES = (StaffRole.Role.EDITOR, StaffRole.Role.ANALYST)


class StaffRoleForm(GrantForm):
    """Give an account a staff role from an instant on, until another."""

    is_over_sentence = _("This role is over. The past cannot be changed.")

    class Meta:
        model = StaffRole
        fields = ("user", "role", "station")

    def clean(self) -> dict[str, Any]:
        super().clean()
        role, station = self.cleaned_data.get("role"), self.cleaned_data.get("station")
        if role in STATION_ROLES and station is None and "station" not in self.errors:
            self.add_error("station", _("Choose the station that this editor or analyst works for."))
        elif role and role not in STATION_ROLES and station is not None:
            self.add_error(
                "station", _("Administrators and reviewers have all stations. Leave the station empty.")
            )
        return self.cleaned_data


class LiaisonForm(TermForm):
    """Name a unit's contact person for a sector.

    Units have their people elsewhere, whom a station head has no list of: the account is told by its whole e-mail
    address.
    """

    is_over_sentence = _("This liaison is over. The past cannot be changed.")

    email = forms.EmailField(
        label=_("E-mail of the contact’s account"),
        help_text=_("As the unit gave it to you. An administrator makes the account if there is none yet."),
    )

    class Meta:
        model = Liaison
        fields = ("unit", "sector")

    field_order = ("sector", "unit", "email", "begins", "ends")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            kwargs["initial"] = {"email": instance.user.email, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"]
        account = User.objects.filter(email__iexact=typed, is_active=True).first()
        if account is None and not self.fields["email"].disabled:
            raise ValidationError(
                _("No account in use has this e-mail address. Check it, or ask an administrator to make one.")
            )
        if account is not None:
            self.instance.user = account
        return typed
