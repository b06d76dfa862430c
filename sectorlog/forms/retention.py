"""What a head decides about records that come up for review."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectorlog.models import RecordKind
from sectorlog.retention.reviewing import LONGEST

# A page of the list has no more.
MOST_AT_ONCE = 100


class Act(models.TextChoices):
    """The buttons below the list."""

    EXTEND = "extend", gettext_lazy("Keep until then")
    LET_GO = "let_go", gettext_lazy("No longer needed: erase it tonight")
    HOLD = "hold", gettext_lazy("Put on hold")
    LIFT = "lift", gettext_lazy("Lift the hold")


class ReviewForm(forms.Form):
    """One decision about the records that are ticked."""

    until = forms.DateField(
        label=gettext_lazy("Keep until"),
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("It outlives the record: name no persons."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    act = forms.ChoiceField(choices=Act, widget=forms.HiddenInput)

    def clean_until(self) -> datetime.date | None:
        until: datetime.date | None = self.cleaned_data["until"]
        today = timezone.localdate()
        if until is not None and not today < until <= today + LONGEST:
            raise forms.ValidationError(
                _("Choose a day after today, at most two years from now: until %(last)s."),
                params={"last": date_format(today + LONGEST)},
            )
        return until

    def clean(self) -> dict[str, Any]:
        super().clean()
        found = self.cleaned_data
        act = found.get("act")
        if act == Act.EXTEND and "until" not in self.errors and not found.get("until"):
            self.add_error("until", _("Say until when."))
        if (
            act in (Act.EXTEND, Act.HOLD, Act.LIFT)
            and "reason" not in self.errors
            and not found.get("reason")
        ):
            self.add_error("reason", _("Say why."))
        return found


class FilterForm(forms.Form):
    """Which kinds the list shows."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("all kinds")), *RecordKind.choices],
        required=False,
        widget=forms.Select(attrs={"class": "keeping-choice"}),
    )

    @property
    def kinds(self) -> list[RecordKind]:
        chosen = self.cleaned_data.get("kind") if self.is_valid() else ""
        return [RecordKind(chosen)] if chosen else []
