"""An instant as people write it: a day and a time on the clock of the place."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from sectors.instants import LONGEST_AHEAD, instant_text

EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)


class LocalInstantField(forms.DateTimeField):
    """Asks for a date and a time in the site's time zone; the browser offers its own calendar.

    In the night when clocks go forward an hour is missing, in the night when they go back one comes twice. A time in
    such an hour is refused with a sentence that says which times are beyond doubt.
    """

    default_error_messages = {
        "invalid": gettext_lazy("Give a date and a time, for example 2027-05-03 14:00."),
        "no_such_time": gettext_lazy(
            "The clocks go forward in this night, and %(time)s does not exist. Choose 03:00 or later."
        ),
        "twice": gettext_lazy(
            "The clocks go back in this night, and %(time)s comes twice. "
            "Choose a time before 02:00, or 03:00 or later."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime.datetime | None:
        try:
            return super().to_python(value)
        except OverflowError as beyond:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from beyond
        except ValidationError as refusal:
            if refusal.code == "ambiguous_timezone" and refusal.params:
                raise self._clock_change(str(refusal.params["datetime"])) from refusal
            raise

    def _clock_change(self, written: str) -> ValidationError:
        wall = datetime.datetime.fromisoformat(written)
        zone = timezone.get_current_timezone()
        code = "twice" if _exists(wall, zone) else "no_such_time"
        return ValidationError(self.error_messages[code], code=code, params={"time": f"{wall:%H:%M}"})


def _exists(wall: datetime.datetime, zone: datetime.tzinfo) -> bool:
    there = wall.replace(tzinfo=zone).astimezone(datetime.UTC)
    return there.astimezone(zone).replace(tzinfo=None) == wall


def end_text(instant: datetime.datetime | None) -> str:
    """Return when something ends; open ends last "until further notice"."""
    if instant is None:
        return gettext("until further notice")
    return gettext("until %(instant)s") % {"instant": instant_text(instant)}


def keep_unless_changed(
    typed: datetime.datetime | None, stored: datetime.datetime | None
) -> datetime.datetime | None:
    """Return what was stored when the form, which shows whole minutes, came back as it was."""
    if typed and stored and typed == stored.replace(second=0, microsecond=0):
        return stored
    return typed


class PeriodFields(forms.Form):
    """A beginning and an end in place of a raw range. A form with `instance.period` mixes this in."""

    begins = LocalInstantField(
        label=_("Begins"), required=False, help_text=_("Leave empty to begin at once.")
    )
    ends = LocalInstantField(
        label=_("Ends"), required=False, help_text=_("Leave empty to last until further notice.")
    )

    def clean_begins(self) -> datetime.datetime:
        begins, stored = self.cleaned_data["begins"], self.initial.get("begins")
        if stored and self.fields["begins"].disabled:
            # Django hands back the stored value without its microseconds.
            return stored
        if begins is None:
            return timezone.now()
        if begins < EARLIEST:
            raise ValidationError(_("A beginning before 1990 must be a slip. Check the year."))
        if begins > timezone.now() + LONGEST_AHEAD:
            raise ValidationError(_("This lies more than five years ahead. Check the year."))
        return keep_unless_changed(begins, stored) or begins

    def clean_ends(self) -> datetime.datetime | None:
        ends, stored = self.cleaned_data["ends"], self.initial.get("ends")
        if self.fields["ends"].disabled:
            return stored
        if ends and ends > timezone.now() + 10 * LONGEST_AHEAD:
            raise ValidationError(_("This lies more than fifty years ahead. Leave the end empty instead."))
        return keep_unless_changed(ends, stored)
