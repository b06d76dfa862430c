"""Forms of the target groups: what a sector agrees on, how things stand, the catalogue of a station."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from officers.forms.unchanged import UnchangedMixin
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import GroupInSector, GroupStatus, TargetGroup
from sectors.models import Station


class StatusForm(SourceQuestionMixin, forms.ModelForm):
    """How things stand with the group today."""

    class Meta:
        model = GroupStatus
        fields = ("note",)
        labels = {"note": _("How do things stand?")}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class AgreementForm(SourceQuestionMixin, UnchangedMixin, forms.ModelForm):
    """What a sector agrees on for a group: who they are, how much they need, how often they are met."""

    class Meta:
        model = GroupInSector
        fields = ("description", "need", "interval_days")
        labels = {"interval_days": _("A contact at least every … days")}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "need": forms.RadioSelect,
            "interval_days": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 365}),
        }
        error_messages = {
            "interval_days": {
                "invalid": _("Write a number of days, for example 30."),
                "min_value": _("Agree on an interval between 1 and 365 days."),
                "max_value": _("Agree on an interval between 1 and 365 days."),
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = GroupInSector.Need.choices  # type: ignore[attr-defined]  # a choice field


class GroupNameForm(UnchangedMixin, forms.ModelForm):
    """The name of a group that a head added."""

    class Meta:
        model = TargetGroup
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        refuse_known(name, self.instance.station, besides=self.instance)
        return name


class GroupAddForm(forms.ModelForm):
    """A new group of a station; the station is asked for where somebody heads several."""

    class Meta:
        model = TargetGroup
        fields = ("station", "name")
        labels = {"name": _("Name of the new group")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, stations: QuerySet[Station], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station: Any = self.fields["station"]
        station.queryset, station.required, station.empty_label = stations, True, None
        only = list(stations[:2])
        if len(only) == 1:
            station.initial, station.required, station.widget = only[0], False, forms.HiddenInput()
            self._only: Station | None = only[0]
        else:
            self._only = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["station"] = cleaned.get("station") or self._only
        if cleaned["station"] and cleaned.get("name"):
            try:
                refuse_known(cleaned["name"], cleaned["station"])
            except ValidationError as refusal:
                self.add_error("name", refusal)
        return cleaned


def refuse_known(name: str, station: Station | None, *, besides: TargetGroup | None = None) -> None:
    """Raise ValidationError if the station has a group of this name, retired ones included."""
    known = TargetGroup.objects.filter(station=None) | TargetGroup.objects.filter(station=station)
    for group in known:
        if group != besides and str(group).casefold() == name.casefold():
            message = (
                _("There was a group of this name. Bring it back in the list below.")
                if group.retired_at
                else _("There is a group of this name already.")
            )
            raise ValidationError(message)
