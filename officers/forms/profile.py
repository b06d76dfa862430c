"""The forms of an officer's profile: contact, portrait, hours of duty."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.models import DutyHours, Leadership, Officer, PatrolForm, ProfileDraft, StaffRole, User
from officers.portraits import PictureRefused, Pictures, written_anew
from sectors.document_types import file_of
from sectors.uploads import UploadForm

PHONE_SIGNS = re.compile(r"\+?[0-9 ]*")
LEAST_DIGITS, MOST_DIGITS = 3, 20


def phone_number(typed: str) -> None:
    """Raise ValidationError for what is no telephone number at all. A light check: countries differ."""
    digits = sum(sign.isdigit() for sign in typed)
    if not PHONE_SIGNS.fullmatch(typed.strip()) or not LEAST_DIGITS <= digits <= MOST_DIGITS:
        raise ValidationError(
            _(
                "Write a telephone number in digits, with + and spaces if you like, for example +45 12 34 56 78."
            )
        )


class PictureField(forms.FileField):
    """Takes a portrait and hands it on written anew."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Pictures | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return written_anew(file_of(upload))
        except PictureRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ProfileForm(UploadForm, forms.ModelForm):
    """An officer's own draft. It is shown to nobody but the station's head before that head publishes it."""

    upload_field = "portrait"

    portrait = PictureField(
        label=_("New portrait"),
        help_text=_(
            "JPEG, PNG or WebP of at most 15 MB. It is cut to a square; place and time of the picture are removed."
        ),
    )
    without_portrait = forms.BooleanField(label=_("Take the new portrait out of the draft"), required=False)

    class Meta:
        model = ProfileDraft
        fields = ("title", "phone", "email", "patrol_form")
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "patrol_form": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(phone_number)
        cast("forms.ChoiceField", self.fields["patrol_form"]).choices = PatrolForm.choices
        self.order_fields(("title", "phone", "email", "portrait", "without_portrait", "patrol_form"))
        if not self.instance.picture:
            del self.fields["without_portrait"]

    @property
    def picture(self) -> bytes | None:
        """What becomes of the draft's portrait: a new one, none (empty), or what it was (None)."""
        if self.cleaned_data.get("portrait"):
            return self.cleaned_data["portrait"].large
        return b"" if self.cleaned_data.get("without_portrait") else None


class OfficerForm(UploadForm, forms.ModelForm):
    """An officer in the admin; the head may set or remove the portrait directly."""

    upload_field = "new_portrait"

    new_portrait = PictureField(
        label=_("New portrait"),
        help_text=_(
            "JPEG, PNG or WebP of at most 15 MB. It is cut to a square; place and time of the picture are removed."
        ),
    )
    remove_portrait = forms.BooleanField(label=_("Remove the portrait"), required=False)

    class Meta:
        model = Officer
        fields = ("station", "user", "name", "title", "phone", "email", "patrol_form")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "phone" in self.fields:
            self.fields["phone"].validators.append(phone_number)

    def clean(self) -> dict[str, Any]:
        super().clean()
        station = getattr(self.cleaned_data.get("station"), "pk", None) or self.instance.station_id
        user = self.cleaned_data.get("user")
        if user is not None and not unlinked_accounts({station}).filter(pk=user.pk).exists():
            self.add_error("user", self.fields["user"].error_messages["invalid_choice"])
        return self.cleaned_data


def unlinked_accounts(stations: Collection[int | None]) -> QuerySet[User]:
    """Return the accounts that lead or have a role in one of the stations now, and belong to no officer."""
    now = timezone.now()
    leads = Leadership.objects.active_at(now).filter(station__in=stations)
    works = StaffRole.objects.active_at(now).filter(station__in=stations)
    held = Q(pk__in=leads.values("user")) | Q(pk__in=works.values("user"))
    return User.objects.filter(held, officer=None)


class DutyHoursForm(forms.Form):
    """From and to for each weekday, within 07:00 and 23:00; a day without both is a day off.

    Rule: handbook, How to perform the task, 5. All days empty: on duty from 07:00 to 23:00 every day.
    """

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        self.officer = officer
        known = {hours.weekday: hours for hours in officer.duty_hours.all()}
        super().__init__(*args, **kwargs)
        for weekday in DutyHours.Weekday:
            for end in ("begins", "ends"):
                initial = getattr(known.get(weekday), end, None)
                self.fields[f"{end}_{weekday.value}"] = _clock(weekday, end, initial)

    def rows(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each weekday's name with its two fields."""
        for weekday in DutyHours.Weekday:
            yield str(weekday.label), self[f"begins_{weekday.value}"], self[f"ends_{weekday.value}"]

    def clean(self) -> dict[str, Any]:
        for weekday in DutyHours.Weekday:
            if not any(f"{end}_{weekday.value}" in self.errors for end in ("begins", "ends")):
                self._check(weekday)
        return self.cleaned_data

    def _check(self, weekday: DutyHours.Weekday) -> None:
        begins, ends = self._hours(weekday)
        if (begins is None) != (ends is None):
            self.add_error(f"begins_{weekday.value}", _("Give both times, or none for a day off."))
        elif begins and ends and not DutyHours.BEGINS <= begins < ends <= DutyHours.ENDS:
            self.add_error(
                f"begins_{weekday.value}",
                _("Duty lies between 07:00 and 23:00, and ends later than it begins."),
            )

    def _hours(self, weekday: DutyHours.Weekday) -> tuple[datetime.time | None, datetime.time | None]:
        return (
            self.cleaned_data.get(f"begins_{weekday.value}"),
            self.cleaned_data.get(f"ends_{weekday.value}"),
        )

    def pattern(self) -> dict[int, tuple[datetime.time, datetime.time]]:
        """Return the days on duty, by weekday."""
        found = {weekday.value: self._hours(weekday) for weekday in DutyHours.Weekday}
        return {weekday: (begins, ends) for weekday, (begins, ends) in found.items() if begins and ends}


def _clock(weekday: DutyHours.Weekday, end: str, initial: datetime.time | None) -> forms.TimeField:
    side = _("from") if end == "begins" else _("to")
    widget = forms.TimeInput(
        attrs={"type": "time", "min": "07:00", "max": "23:00", "aria-label": f"{weekday.label}, {side}"},
        format="%H:%M",
    )
    message = _("Give a time such as 07:00.")
    return forms.TimeField(
        required=False,
        initial=initial,
        widget=widget,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S", "%H"],
        error_messages={"invalid": message},
    )
