"""The period of a mirror."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_DAYS = 5 * 366


class PeriodForm(forms.Form):
    """From a day to a day, both included; at most five years."""

    begins = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        begins, ends = self.cleaned_data.get("begins"), self.cleaned_data.get("ends")
        if begins and ends:
            if ends < begins:
                self.add_error("ends", _("The period ends before it begins."))
            elif ends - begins > datetime.timedelta(days=LONGEST_DAYS):
                self.add_error("begins", _("Choose a period of five years at most."))
            elif begins > timezone.localdate():
                self.add_error("begins", _("This day is still to come."))
        return self.cleaned_data

    def clean_begins(self) -> datetime.date:
        return _within_reason(self.cleaned_data["begins"])

    def clean_ends(self) -> datetime.date:
        return _within_reason(self.cleaned_data["ends"])


def _within_reason(day: datetime.date) -> datetime.date:
    """Raise ValidationError for a year that no log has: the first and the last ones have no time zone either."""
    if not 2000 <= day.year <= 2200:
        raise forms.ValidationError(_("Choose a day of this century."))
    return day
