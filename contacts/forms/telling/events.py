"""An event with its sectors and place; what of a published one still changes; who is to be present."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.telling.notices import text_area, title_input
from contacts.forms.telling.places import PlaceMixin
from contacts.models import Event, EventPresence
from contacts.permissions import can_head_station, can_tell_public
from contacts.publishing.presence import assignable, occupied
from officers.fields import LocalInstantField, keep_unless_changed
from officers.forms.asking import AskingMixin
from officers.forms.unchanged import UnchangedMixin
from officers.models import Officer
from sectors.instants import LONGEST_AHEAD
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User

LONGEST = datetime.timedelta(days=31)


class EventForm(AskingMixin, PlaceMixin, UnchangedMixin, forms.ModelForm):
    """A draft may lack texts; when and where it is stands from the beginning."""

    address_field = "place"
    begins_at = LocalInstantField(label=gettext_lazy("Begins"))
    ends_at = LocalInstantField(label=gettext_lazy("Ends"))

    class Meta:
        model = Event
        fields = (
            *("title_en", "title_da", "text_en", "text_da", "begins_at", "ends_at", "place", "sectors"),
            *("is_internal", "is_major", "required_presence", "briefing"),
        )
        widgets = {
            "title_en": title_input("en"),
            "title_da": title_input("da"),
            "text_en": text_area(6, "en"),
            "text_da": text_area(6, "da"),
            "sectors": forms.CheckboxSelectMultiple,
            "required_presence": forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 500}),
            "briefing": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {
            "title_en": gettext_lazy("Title"),
            "title_da": gettext_lazy("Title"),
            "text_en": gettext_lazy("Text"),
            "text_da": gettext_lazy("Text"),
            "is_internal": gettext_lazy("Internal: the public is not told of it"),
            "is_major": gettext_lazy("Major event: the police must be present"),
        }
        help_texts = {
            "is_internal": "",
            "is_major": "",
            "place": gettext_lazy("As people know it. Street and house number put it on the map."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self._user = user
        super().__init__(*args, **kwargs)
        sectors: Any = self.fields["sectors"]
        sectors.queryset = sectors_of(self.instance)
        sectors.choices = by_district(sectors.queryset)
        self._heads_station = can_head_station(user, self.instance.station)
        if not self._heads_station:
            sectors.help_text = ""
            sectors.error_messages["required"] = _("Choose at least one sector.")
            sectors.required = True
        self.fields["required_presence"].required = False

    def place_sectors(self) -> list[Sector]:
        return list(self.cleaned_data.get("sectors") or ())

    def clean_required_presence(self) -> int:
        return self.cleaned_data["required_presence"] or 0

    def clean_sectors(self) -> Any:
        sectors = self.cleaned_data["sectors"]
        if not self._heads_station and not any(can_tell_public(self._user, sector) for sector in sectors):
            raise forms.ValidationError(_("Choose at least one sector in which you work."))
        return sectors

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("begins_at", "ends_at"):
            if cleaned.get(name):
                cleaned[name] = keep_unless_changed(cleaned[name], getattr(self.instance, name))
        begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
        if begins and ends:
            self._check_times(begins, ends)
        if cleaned.get("is_major") and not cleaned.get("required_presence"):
            self.add_error("required_presence", _("Say how many officers must be present."))
        return cleaned

    def _check_times(self, begins: datetime.datetime, ends: datetime.datetime) -> None:
        if ends <= begins:
            self.add_error("ends_at", _("It ends later than it begins. Choose a later end."))
        elif ends - begins > LONGEST:
            self.add_error("ends_at", _("This lasts longer than a month. Check the end, or enter its parts."))
        elif ends <= timezone.now():
            self.add_error("ends_at", _("This is over already. Check day and time."))
        elif begins > timezone.now() + LONGEST_AHEAD:
            self.add_error("begins_at", _("This lies more than five years ahead. Check the year."))

    def doubts(self) -> list[str]:
        return self.place_doubts()


def sectors_of(event: Event) -> Any:
    """Return the station's sectors in force, and those that the event has already."""
    in_force = Sector.objects.in_force_at(timezone.now()).filter(station=event.station)
    known = Sector.objects.filter(events=event) if event.pk else Sector.objects.none()
    found = Sector.objects.filter(pk__in=in_force.values("pk")) | Sector.objects.filter(
        pk__in=known.values("pk")
    )
    return found.select_related("district").order_by("district__name", "number")


def by_district(sectors: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    grouped = groupby(sectors, key=lambda sector: sector.district)
    return [(str(district), [(one.pk, str(one)) for one in ones]) for district, ones in grouped]


class StaffingForm(UnchangedMixin, forms.ModelForm):
    """What of a published event still changes: how many must be there, and what staff are told."""

    class Meta:
        model = Event
        fields = ("is_major", "required_presence", "briefing")
        widgets = {name: EventForm.Meta.widgets[name] for name in ("required_presence", "briefing")}
        labels = {"is_major": EventForm.Meta.labels["is_major"]}
        help_texts = {"is_major": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["required_presence"].required = False

    def clean_required_presence(self) -> int:
        return self.cleaned_data["required_presence"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_major") and not cleaned.get("required_presence"):
            self.add_error("required_presence", _("Say how many officers must be present."))
        return cleaned


class OfficersField(forms.ModelMultipleChoiceField):
    """Officers with what may keep them from coming beside their names."""

    occupied: dict[int, list[str]]

    def label_from_instance(self, officer: Any) -> str:
        reasons = self.occupied.get(officer.pk)
        if not reasons:
            return str(officer)
        return format_html("{} <small>{}</small>", officer, "; ".join(reasons))


class PresenceForm(AskingMixin, forms.Form):
    """Who is to be at an event, with which task, for all of it or a part."""

    officers = OfficersField(
        label=gettext_lazy("Officers"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one officer.")},
    )
    task = forms.CharField(label=gettext_lazy("Task"), required=False, max_length=200)
    begins_at = LocalInstantField(
        label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Empty: from its beginning.")
    )
    ends_at = LocalInstantField(
        label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Empty: to its end.")
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        found = assignable(event)
        self.occupied = occupied(event, found)
        field: Any = self.fields["officers"]
        field.occupied = self.occupied
        field.queryset = Officer.objects.filter(pk__in=[officer.pk for officer in found]).order_by(
            "name", "pk"
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins = cleaned.get("begins_at") or self.event.begins_at
        ends = cleaned.get("ends_at") or self.event.ends_at
        if not self.errors and not self.event.begins_at <= begins < ends <= self.event.ends_at:
            self.add_error("begins_at", _("This part does not lie within the event. Look at its times."))
        return cleaned

    def doubts(self) -> list[str]:
        return [
            _("%(name)s: %(reasons)s. Assign even so?")
            % {"name": officer, "reasons": "; ".join(self.occupied[officer.pk])}
            for officer in self.cleaned_data["officers"]
            if officer.pk in self.occupied
        ]


class AnswerForm(forms.Form):
    """What an officer says to being assigned."""

    answer = forms.ChoiceField(choices=EventPresence.Answer.choices)
