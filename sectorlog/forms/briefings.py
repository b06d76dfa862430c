"""A briefing sheet by hand: which district, from which day to which."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officers.models import User
from sectorlog.briefings.making import LONGEST
from sectors.models import District

# An older sheet is no briefing any more; entries are erased after some years anyway.
OLDEST = datetime.timedelta(days=2 * 365)


def headed_by(user: User) -> Any:
    """Return the districts that `user` heads, or whose station."""
    standing = user.standing
    return District.objects.filter(Q(pk__in=standing.districts) | Q(station__in=standing.stations))


class BriefingForm(forms.Form):
    district = forms.ModelChoiceField(
        District.objects.none(), label=gettext_lazy("Local police district"), empty_label=None
    )
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("Until and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = headed_by(user)  # type: ignore[attr-defined]  # a field of models

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and first > timezone.localdate():
            self.add_error("first", _("This day is still to come. Choose today or an earlier one."))
        elif first and first < timezone.localdate() - OLDEST:
            self.add_error("first", _("This day is more than two years ago. Choose a later one."))
        elif first and last and last < first:
            self.add_error("last", _("The period ends before it begins. Choose a later day."))
        elif first and last and last - first >= LONGEST:
            self.add_error("last", _("Choose at most %(days)d days.") % {"days": LONGEST.days})
        return cleaned
