"""The form that says who heads a station or a district."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from officers.forms.periods import GrantForm
from officers.models import Leadership


class LeadershipForm(GrantForm):
    """Say who heads a station or a district, from when, and until when."""

    is_over_sentence = _("This leadership is over. The past cannot be changed.")

    class Meta:
        model = Leadership
        fields = ("user", "station", "district")

    def clean(self) -> dict[str, Any]:
        super().clean()
        station, district = self.cleaned_data.get("station"), self.cleaned_data.get("district")
        if station and district and district.station_id != station.pk:
            self.add_error("district", _("This district belongs to another station."))
        return self.cleaned_data
