"""Hours to meet in person: each week, each month, or on one day."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.telling.places import PlaceMixin
from contacts.models import ContactHours
from contacts.publishing import clashes
from officers import personal_data
from officers.forms.asking import AskingMixin
from officers.forms.unchanged import UnchangedMixin
from officers.models import DutyHours
from sectors.models import Sector

# In place of a week of the month.
ONCE = "once"
LONGEST_AHEAD = datetime.timedelta(days=2 * 366)


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class HoursForm(AskingMixin, PlaceMixin, UnchangedMixin, forms.ModelForm):
    """When and where; what does not belong to the rhythm that was chosen is passed over."""

    week = forms.ChoiceField(
        label=gettext_lazy("How often"),
        required=False,
        choices=[
            ("", gettext_lazy("Every week")),
            *((str(week.value), capfirst(week.label)) for week in ContactHours.Week),
            (ONCE, gettext_lazy("On one day only")),
        ],
    )

    class Meta:
        model = ContactHours
        fields = (
            *("week", "weekday", "on_date", "begins", "ends", "since", "until"),
            *("place", "address", "note_en", "note_da"),
        )
        widgets = {
            "on_date": day_input(),
            "since": day_input(),
            "until": day_input(),
            "begins": time_input(),
            "ends": time_input(),
            "address": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        labels = {"weekday": gettext_lazy("Weekday"), "on_date": gettext_lazy("Day")}
        help_texts = {
            "address": gettext_lazy("Street and house number put it on the map."),
            "since": gettext_lazy("Empty: from now on."),
            "until": gettext_lazy("Empty: until further notice."),
        }

    def __init__(self, *args: Any, sector: Sector, **kwargs: Any) -> None:
        self.sector = sector
        super().__init__(*args, **kwargs)
        self.instance.sector = sector
        if self.instance.on_date is not None:
            self.initial["week"] = ONCE
        weekday: Any = self.fields["weekday"]
        weekday.choices = [("", _("Choose a weekday")), *DutyHours.Weekday.choices]

    def place_sectors(self) -> list[Sector]:
        return [self.sector]

    def clean_on_date(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["on_date"]
        if day and self.data.get(self.add_prefix("week")) == ONCE and day != self.initial.get("on_date"):
            today = timezone.localdate()
            if day < today:
                raise forms.ValidationError(_("This day is over. Choose today or a later one."))
            if day > today + LONGEST_AHEAD:
                raise forms.ValidationError(_("This lies more than two years ahead. Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rhythm = cleaned.get("week", "")
        if rhythm == ONCE:
            cleaned |= {"week": None, "weekday": None, "since": None, "until": None}
            for name in ("weekday", "since", "until"):
                self.errors.pop(name, None)
            if not cleaned.get("on_date") and "on_date" not in self.errors:
                self.add_error("on_date", _("Say on which day."))
        else:
            cleaned |= {"week": int(rhythm) if rhythm else None, "on_date": None}
            self.errors.pop("on_date", None)
            if not cleaned.get("weekday") and "weekday" not in self.errors:
                self.add_error("weekday", _("Say on which weekday."))
        self._check_order(cleaned)
        return cleaned

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("They end later than they begin. Choose a later end."))
        since, until = cleaned.get("since"), cleaned.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and day > timezone.localdate() + 5 * LONGEST_AHEAD:
                self.add_error(name, _("This lies more than ten years ahead. Check the year."))
        if since and until and until < since:
            self.add_error("until", _("The last day is not before the first. Choose a later day."))

    def doubts(self) -> list[str]:
        words = (self.cleaned_data[name] for name in ("place", "address", "note_en", "note_da"))
        return [
            *clashes.doubts(self.instance),
            *self.place_doubts(),
            *self._half_told(),
            *personal_data.doubts(words, self.sector.station),
        ]

    def _half_told(self) -> list[str]:
        english, danish = self.cleaned_data["note_en"], self.cleaned_data["note_da"]
        if bool(english) is bool(danish):
            return []
        return [_("The note stands in one language only. Readers of the other see none.")]

    @property
    def preview(self) -> list[datetime.date]:
        """The next dates of what was typed; none while something in it is wrong."""
        if not self.is_bound or (self.errors and not self.is_asking):
            return []
        return clashes.next_days(self.instance)


class DateForm(forms.Form):
    """One of the dates on which the hours are held."""

    day = forms.DateField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """After which day the hours are held no more."""

    until = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=day_input(),
        error_messages={"required": gettext_lazy("Say which day is the last.")},
    )

    def __init__(self, *args: Any, hours: ContactHours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = hours
        self.fields["until"].initial = timezone.localdate()

    def clean_until(self) -> datetime.date:
        until: datetime.date = self.cleaned_data["until"]
        if until < timezone.localdate() - datetime.timedelta(days=1):
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        if until > timezone.localdate() + LONGEST_AHEAD:
            raise forms.ValidationError(_("This lies more than two years ahead. Check the year."))
        return until
