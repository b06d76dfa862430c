"""What is asked of every entry, when it is written and when it is corrected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officers.models import Liaison, Unit
from sectorlog.entries import places
from sectorlog.forms.known_choices import KnownField, KnownFields
from sectorlog.forms.party_choice import PartyChoice
from sectorlog.models import Challenge, Effort, LogEntry, Outcome, Party, TargetGroup
from sectorlog.models.entries import CLOCK_TOLERANCE, LONGEST_TEXT
from sectorlog.uniform_forms.fields import PlaceField
from sectors.models import Sector

# Nobody's memory, and no paper log, goes back further.
OLDEST = datetime.timedelta(days=10 * 366)
# Nobody plans further ahead.
FURTHEST = datetime.timedelta(days=5 * 366)
NOON = datetime.time(12)


class WrittenText(forms.CharField):
    """Text of several lines. The browser does not cut it off, so that nothing pasted is lost: it is refused whole."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def text_field(**options: Any) -> WrittenText:
    """Return the field for what an entry or an addendum says."""
    return WrittenText(
        max_length=LONGEST_TEXT,
        error_messages={
            "max_length": gettext_lazy(
                "This is too long: %(show_value)d characters, and there is room for %(limit_value)d. "
                "Nothing is lost: shorten it here, or put a part of it into a second entry."
            )
        },
        **options,
    )


class DayField(forms.DateField):
    """A day as browsers send it; other ways of writing it are understood too."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryFields(forms.Form):
    """Text, place, who, outcome, when, what is to come. `sector` decides on the choices; None leaves them empty."""

    text = text_field(
        label=gettext_lazy("What happened?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-entry-text": "", "enterkeyhint": "enter"}),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    place_precision = forms.ChoiceField(
        label=gettext_lazy("Keep the place"),
        choices=places.Precision,
        initial=places.Precision.ABOUT,
        required=False,
        widget=forms.RadioSelect,
    )
    place_text = forms.CharField(label=gettext_lazy("Where, in words"), max_length=200, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), required=False, widget=forms.RadioSelect
    )
    happened_on = DayField(label=gettext_lazy("Day"), required=False)
    happened_time = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    follow_up_on = DayField(label=gettext_lazy("Come back to it on"), required=False)

    # A party's name is looked up and not kept: no text of the officer's.
    another_party = forms.CharField(
        label=gettext_lazy("Another party, by its name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-party-name": ""}),
    )

    def __init__(
        self, *args: Any, sector: Sector | None, keeping: LogEntry | None = None, **kwargs: Any
    ) -> None:
        """`keeping`: the entry that is corrected, whose present parties and groups are offered even if gone."""
        super().__init__(*args, **kwargs)
        self.in_sector = sector
        outcome: Any = self.fields["outcome"]
        outcome.choices = [("", _("not said")), *Outcome.choices]
        self.fields |= choices_of(sector, keeping)
        self.party_choice = PartyChoice(sector)
        self.narrow_parties(self.fields)

    def narrow_parties(self, fields: dict[str, forms.Field]) -> None:
        """Let those of the fields that take parties offer those seen last, and what is chosen already."""
        chosen: dict[str, Iterable[Any]] = {
            name: _several(self.data, name) if self.is_bound else () for name in fields
        }
        for name in fields:
            begun = self.initial.get(name)
            chosen[name] = [*chosen[name], *(begun if isinstance(begun, list | tuple) else [begun])]
        self.party_choice.narrow(fields, chosen)

    def clean_another_party(self) -> Party | None:
        return self.party_choice.only_one(self.cleaned_data["another_party"].strip(), self.fields["parties"])

    def text_fields(self) -> list[str]:
        """Return the names of the fields that take words, which may be about a source; a place is none."""
        widgets = (forms.Textarea, forms.TextInput)
        return [
            name
            for name, field in self.fields.items()
            if type(field.widget) in widgets and not isinstance(field, PlaceField) and name != "another_party"
        ]

    def about(self) -> dict[str, list[Any]]:
        """Return whom and what the entry is about, for `entry_writing.link`; a party that was merged as the other."""
        parties = {remaining(party) for party in self.cleaned_data.get("parties", ())}
        if another := self.cleaned_data.get("another_party"):
            parties.add(another)
        return {
            "groups": self.cleaned_data.get("groups", []),
            "parties": list(parties),
            "challenges": self.cleaned_data.get("challenges", []),
        }

    def place(self) -> places.Place | None:
        found = self.cleaned_data
        if found.get("lat") is None or found.get("lon") is None:
            return None
        wanted = found["place_precision"] or places.Precision.ABOUT
        return places.kept(found["lat"], found["lon"], found["accuracy"], wanted)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        lat, lon = found.get("lat"), found.get("lon")
        if lat is not None and lon is not None and not places.is_served(lat, lon):
            self.add_error(
                "place_text", _("This place lies outside the area of this site. Take it away again.")
            )
        return found

    def instant(self, written: datetime.datetime) -> datetime.datetime:
        """Return when it happened, for something that was written down at the instant `written`.

        Without a day it was that day; a day without a time counts as noon, that very day as the instant itself.
        Adds an error for what lies in the future or too far back.
        """
        today = timezone.localdate(written)
        day: datetime.date | None = self.cleaned_data.get("happened_on")
        time: datetime.time | None = self.cleaned_data.get("happened_time")
        if time is None and day in (None, today):
            return written
        moment = timezone.make_aware(datetime.datetime.combine(day or today, time or NOON))
        if moment > timezone.now() + CLOCK_TOLERANCE:
            future = _("This lies in the future. Look at the date and the time.")
            self.add_error("happened_time" if day in (None, today) else "happened_on", future)
        return moment

    def clean_happened_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["happened_on"]
        if day and day < timezone.localdate() - OLDEST:
            raise ValidationError(_("This is more than ten years ago. Look at the year."))
        return day

    def clean_follow_up_on(self) -> datetime.date | None:
        return to_come(self.cleaned_data["follow_up_on"])


def to_come(day: datetime.date | None, since: datetime.date | None = None) -> datetime.date | None:
    """Return the day. Raises ValidationError for one before `since`, today by default, and for the far future."""
    today = timezone.localdate()
    if day and day < (since or today):
        raise ValidationError(_("This day is over. Choose today or a day to come."))
    if day and day > today + FURTHEST:
        raise ValidationError(_("This is more than five years ahead. Look at the year."))
    return day


def remaining(party: Party) -> Party:
    """Return the party that this one was merged into, and that one into, or the party itself."""
    seen = {party}
    while party.merged_into is not None and party.merged_into not in seen:
        party = party.merged_into
        seen.add(party)
    return party


def choices_of(sector: Sector | None, keeping: LogEntry | None = None) -> dict[str, forms.Field]:
    """Return the fields whose choices are the sector's: who, which challenge and effort, which unit reads it too."""
    kept = Q(entries=keeping) if keeping else Q(pk=None)
    pk = sector.pk if sector else None
    station = sector.station_id if sector else 0
    groups = TargetGroup.objects.filter(Q(station=None) | Q(station=station))
    parties, challenges = Party.objects.filter(sector=pk), Challenge.objects.filter(sector=pk)
    efforts = Effort.objects.filter(sectors=pk)
    return {
        "groups": KnownFields(
            label=_("Target groups"),
            queryset=groups.filter(Q(retired_at=None) | kept).distinct() if sector else groups.none(),
            accepted=groups,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "parties": KnownFields(
            label=_("Parties of interest"),
            queryset=parties,
            accepted=parties.select_related("merged_into"),
            to_field_name="uuid",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "challenges": KnownFields(
            label=_("Challenges"),
            queryset=challenges.filter(Q(closed_at=None) | kept).distinct(),
            accepted=challenges,
            to_field_name="uuid",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "effort": KnownField(
            label=_("Joint effort"),
            queryset=efforts.filter(Q(closed_at=None) | kept).distinct(),
            accepted=efforts,
            to_field_name="uuid",
            empty_label=_("none"),
            required=False,
        ),
        "flagged_for": KnownField(
            label=_("Share with the unit"),
            queryset=units_with_contact_in(sector, keeping),
            accepted=Unit.objects.all() if sector else Unit.objects.none(),
            empty_label=_("no unit"),
            help_text=_("The unit's contact person in the sector can read this."),
            required=False,
        ),
    }


def _several(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    given = data.get(name)
    return list(given) if isinstance(given, list | tuple) else [given]


def units_with_contact_in(sector: Sector | None, keeping: LogEntry | None = None) -> Any:
    """Return the units that have a contact person in the sector now, and the one that reads `keeping` already."""
    held = Liaison.objects.active_at(timezone.now()).filter(sector=sector.pk if sector else None)
    kept = Q(pk=keeping.flagged_for_id if keeping else None)
    return Unit.objects.filter(Q(pk__in=held.values("unit")) | kept)
