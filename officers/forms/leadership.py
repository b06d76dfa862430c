"""The form that says who heads a station or a district."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from officers.forms.periods import PeriodModelForm
from officers.models import Leadership


class LeadershipForm(PeriodModelForm):
    """Say who heads a station or a district, from when, and until when."""

    class Meta:
        model = Leadership
        fields = ("user", "station", "district")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_over():
            self.freeze("user", "station", "district", "begins", "ends")
        elif self.has_begun():
            self.freeze("user", "station", "district", "begins")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.is_over():
            raise ValidationError(_("This leadership is over. The past cannot be changed."))
        station, district = self.cleaned_data.get("station"), self.cleaned_data.get("district")
        if station and district and district.station_id != station.pk:
            self.add_error("district", _("This district belongs to another station."))
        return self.cleaned_data
