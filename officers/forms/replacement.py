"""The form that replaces a sector's responsible officer on a date."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from officers.fields import LocalInstantField
from officers.models import Officer, User
from officers.replacement import Replacement, ReplacementRefused, check_hand_over, plan
from sectors.models import Sector


class ReplacementForm(forms.Form):
    """Who follows, and when; asked once to show what will happen, and once more to do it."""

    successor = forms.ModelChoiceField(Officer.objects.none(), label=_("New responsible officer"))
    at = LocalInstantField(
        label=_("From"), required=False, help_text=_("Leave empty for the change to happen at once.")
    )
    hand_over_on = forms.DateField(
        label=_("Hand-over on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day on which the officer who leaves introduces the new one."),
        error_messages={"invalid": _("Give a date, for example 2027-05-03.")},
    )
    keep_as_attached = forms.BooleanField(
        label=_("The officer who leaves stays on as an attached officer"), required=False
    )

    def __init__(self, *args: Any, sector: Sector, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector = sector
        self.planned: Replacement | None = None
        successors = Officer.objects.headed_by(user).filter(station=sector.station_id)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.planned = plan(self.sector, cleaned["successor"], cleaned["at"])
                check_hand_over(self.planned, cleaned["hand_over_on"])
            except ReplacementRefused as refusal:
                self.add_error(None, str(refusal))
        return cleaned

    def hide(self) -> None:
        """Carry what was chosen along, out of sight: the page says it in a sentence."""
        for field in self.fields.values():
            field.widget = field.hidden_widget()
