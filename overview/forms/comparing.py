"""What heads ask: what if somebody were appointed, and who it was back then. Sent by GET, nothing is stored."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.forms.find import AddressField
from officers.fields import EARLIEST, LocalInstantField
from officers.models import Assignment, Officer, User
from overview.comparing.appointing import Wanted
from overview.forms.by_name import Words, ask_by_name
from overview.scope import MOST_SECTORS_OFFERED, headed
from sectors.instants import CLOCK_SKEW, LONGEST_AHEAD, instant_of
from sectors.lookup import MAX_ADDRESS_LENGTH, InvalidPosition, parse_position
from sectors.models import Sector

NOON = datetime.time(12)
# More are asked for by name.
MOST_OFFICERS_OFFERED = 200
OFFICER_WORDS = Words(
    help=_("Type part of the name."),
    which=_("Which officer?"),
    missing=_("Type part of the officer's name."),
    unknown=_("No officer of yours has this in the name. Check the spelling."),
)
SECTOR_WORDS = Words(
    help=_("Type its number, or part of its name."),
    which=_("Which sector?"),
    missing=_("Type the sector's number, or part of its name."),
    unknown=_("No sector of yours has this number or name. Check the spelling."),
)


def sectors_of(user: User) -> Any:
    """Return all sectors that ever were of what the account heads, in the order of its stations."""
    return Sector.objects.filter(headed(user).condition).order_by("station__name", "station", "number")


class SectorChoice(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": _("Choose one of the sectors in the list.")}


class OfficerChoice(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": _("Choose one of the officers in the list.")}


class AppointmentForm(forms.Form):
    """What if an officer is appointed to a sector from an instant on? `from` is now where it is empty."""

    use_required_attribute = False

    officer = OfficerChoice(
        Officer.objects.none(),
        label=_("What if this officer"),
        empty_label=_("Choose an officer"),
        error_messages={"required": _("Choose an officer.")},
    )
    sector = SectorChoice(
        Sector.objects.none(),
        label=_("is appointed to"),
        to_field_name="slug",
        empty_label=_("Choose a sector"),
        error_messages={"required": _("Choose a sector.")},
    )
    role = forms.ChoiceField(
        label=_("as"),
        choices=Assignment.Role.choices,
        initial=Assignment.Role.RESPONSIBLE,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the roles in the list.")},
    )
    leaves = forms.BooleanField(label=_("and leaves all other sectors then"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {"sector": sectors_of(user).in_force_at(timezone.now())}
        choices["officer"] = Officer.objects.visible_to(user).select_related("user").order_by("name", "pk")
        for name, queryset in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queryset
        # `from` is no name that a class could give; it is what the address says.
        self.fields["from"] = LocalInstantField(
            label=_("from"), required=False, help_text=_("Leave empty for now.")
        )
        self.fields["until"] = LocalInstantField(
            label=_("until"), required=False, help_text=_("Leave empty for until further notice.")
        )
        ask_by_name(self, "officer", MOST_OFFICERS_OFFERED, OFFICER_WORDS)
        ask_by_name(self, "sector", MOST_SECTORS_OFFERED, SECTOR_WORDS)
        asked = ("officer_name", "officer", "sector_name", "sector", "role", "from", "until", "leaves")
        self.order_fields(asked)

    def clean_role(self) -> str:
        return self.cleaned_data["role"] or Assignment.Role.RESPONSIBLE

    def clean(self) -> dict[str, Any]:
        begins, ends = self.cleaned_data.get("from"), self.cleaned_data.get("until")
        now = timezone.now()
        if begins and begins < now - CLOCK_SKEW:
            self.add_error("from", _("This has passed. Choose a later time, or leave it empty for now."))
        elif begins and begins > now + LONGEST_AHEAD:
            self.add_error("from", _("This lies more than five years ahead. Check the year."))
        if ends and ends > now + 10 * LONGEST_AHEAD:
            self.add_error("until", _("This lies more than fifty years ahead. Leave the end empty instead."))
        elif ends and ends <= (begins or now):
            self.add_error("until", _("This ends before it begins. Choose a later end, or leave it empty."))
        return self.cleaned_data

    @property
    def wanted(self) -> Wanted:
        """Return what a form without errors asks for."""
        asked = self.cleaned_data
        begins = max(asked["from"] or timezone.now(), timezone.now())
        return Wanted(
            asked["sector"], asked["officer"], asked["role"], begins, asked["until"], asked["leaves"]
        )


class PlannedForm(forms.Form):
    """A sector and an instant to come: what is stored already is compared with today."""

    sector = SectorChoice(Sector.objects.none(), to_field_name="slug")
    at = LocalInstantField(label=_("at"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sector"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = sectors_of(user).select_related("district", "station")
        ask_by_name(self, "sector", MOST_SECTORS_OFFERED, SECTOR_WORDS)
        self.order_fields(("sector_name", "sector", "at"))

    def clean_at(self) -> datetime.datetime:
        at = self.cleaned_data["at"]
        if not timezone.now() - CLOCK_SKEW <= at <= timezone.now() + 10 * LONGEST_AHEAD:
            raise ValidationError(
                _("Choose a time to come. Who it was in the past stands under “Back then”.")
            )
        return at


class PossibleAddress(AddressField):
    """An address, or nothing."""

    def clean(self, value: Any) -> str:
        return super().clean(value) if str(value or "").strip() else ""


class BackThenForm(forms.Form):
    """Who was responsible at an address, or in a sector, on a date and at a time (noon by default)."""

    use_required_attribute = False

    q = PossibleAddress(
        label=_("Address"),
        required=False,
        help_text=_("Street and house number. Spelling mistakes are fine."),
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "maxlength": MAX_ADDRESS_LENGTH,
            }
        ),
    )
    sector = SectorChoice(
        Sector.objects.none(),
        label=_("or a sector"),
        to_field_name="slug",
        required=False,
        empty_label=_("Choose a sector"),
    )
    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={
            "required": _("Choose a date."),
            "invalid": _("Give a date, for example 2026-05-03."),
        },
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        help_text=_("Leave empty for noon."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Give a time, for example 14:30.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sector"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = sectors_of(user).select_related("district", "station")
        ask_by_name(self, "sector", MOST_SECTORS_OFFERED, SECTOR_WORDS)
        self.order_fields(("q", "sector_name", "sector", "date", "time"))

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        asked["position"] = self._position()
        if "sector" not in self.fields and "sector_name" not in self.errors:
            asked["sector"] = None
        has_address = bool(asked.get("q") or asked["position"])
        if "q" in asked and "sector" in asked and has_address == bool(asked["sector"]):
            self.add_error(
                "q",
                _("Give an address or choose a sector, not both.")
                if has_address
                else _("Give an address, or choose a sector."),
            )
        if asked.get("date") and "time" in asked:
            self._clean_instant(asked["date"], asked["time"])
        return asked

    def _position(self) -> tuple[float, float] | None:
        """Return longitude and latitude of a choice that was offered; what is no position is left out."""
        try:
            lon, lat = parse_position(self.data.get("lat", ""), self.data.get("lon", ""))
        except InvalidPosition:
            return None
        return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None

    def _clean_instant(self, day: datetime.date, time: datetime.time | None) -> None:
        if day < EARLIEST.date():
            self.add_error("date", _("A date before 1990 must be a slip. Check the year."))
            return
        if time is None and day == timezone.localdate():
            self.cleaned_data["at"] = min(timezone.now(), instant_of(day, NOON))
            return
        wall = datetime.datetime.combine(day, time or NOON)
        try:
            self.cleaned_data["at"] = LocalInstantField().clean(f"{wall:%Y-%m-%dT%H:%M}")
        except ValidationError as refusal:
            self.add_error("time", refusal)
