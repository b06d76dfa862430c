"""The directory of partners: an entry, and what to look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import PartnerContact
from contacts.permissions import can_keep_partners
from officers.forms.unchanged import UnchangedMixin
from sectors.models import District, Station

if TYPE_CHECKING:
    from officers.models import User


class PartnerForm(UnchangedMixin, forms.ModelForm):
    """Who it is, for which district, and how they are reached."""

    class Meta:
        model = PartnerContact
        fields = ("station", "district", "kind", "organisation", "name", "role", "phone", "email", "note")
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"phone": gettext_lazy("A telephone number or an e-mail address, or both.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self._user = user
        super().__init__(*args, **kwargs)
        standing = user.standing
        own = Q(station__in=standing.stations) | Q(pk__in=standing.districts)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("Choose a kind")), *PartnerContact.Kind.choices]
        district: Any = self.fields["district"]
        district.queryset = District.objects.filter(own).select_related("station")
        district.empty_label = _("All of the station")
        stations: Any = Station.objects.filter(
            Q(pk__in=standing.stations) | Q(districts__in=standing.districts)
        ).distinct()
        station: Any = self.fields["station"]
        station.queryset = stations
        first = stations.first()
        if len(stations) == 1 and first is not None:
            del self.fields["station"]
            self.instance.station = first
        if not standing.stations:
            district.required, district.empty_label, district.help_text = True, None, ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        station = cleaned.get("station") or (self.instance.station if "station" not in self.fields else None)
        district = cleaned.get("district")
        if station and district and district.station_id != station.pk:
            self.add_error("district", _("This district belongs to another station. Choose one of its own."))
        elif station and not self.errors and not can_keep_partners(self._user, station, district):
            self.add_error("district", _("Choose a district that you head."))
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Give a telephone number or an e-mail address."))
        return cleaned


class PartnerFilterForm(forms.Form):
    """What to look for. A filter that is none is passed over."""

    q = forms.CharField(label=gettext_lazy("Name or words"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All kinds")), *PartnerContact.Kind.choices],
    )
    district = forms.ChoiceField(label=gettext_lazy("District"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = District.objects.filter(station__in=user.standing.home)
        choice: Any = self.fields["district"]
        choice.choices = [("", _("All districts")), *((str(one.pk), str(one)) for one in found)]
