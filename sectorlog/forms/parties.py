"""The forms of a party and of who speaks for it."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import ContactPerson, Party, TargetGroup
from sectorlog.parties.likeness import Known, near
from sectorlog.parties.place import question
from sectors.lookup import InvalidPosition
from sectors.models import Sector
from sectors.places import Located, locate, typed_point


class SeenMixin(forms.BaseForm):
    """A form that knows what the page showed when it was opened: `has_changed_meanwhile` tells of somebody else."""

    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.current = self._digest()
        self.initial["seen"] = self.current

    def _digest(self) -> str:
        """Return a digest of what the instance holds in the fields of this form."""
        if self.instance.pk is None:
            return ""
        names = [name for name in self.fields if name in self.initial and name != "seen"]
        held = [(name, str(self._plain(self.initial[name]))) for name in sorted(names)]
        return hashlib.sha256(repr(held).encode()).hexdigest()[:32]

    @staticmethod
    def _plain(value: Any) -> Any:
        return sorted(one.pk for one in value) if isinstance(value, list) else value

    @property
    def has_changed_meanwhile(self) -> bool:
        return bool(self.current) and self.data.get("seen", "") != self.current


class PartyForm(SeenMixin, SourceQuestionMixin, forms.ModelForm):
    """A party with its place. What is odd about it is asked: each question is answered by the key that it carries."""

    lat = forms.CharField(label=gettext_lazy("Latitude"), required=False, max_length=30)
    lon = forms.CharField(label=gettext_lazy("Longitude"), required=False, max_length=30)
    # The address or the point that is meant although it lies elsewhere, the name that is no double.
    place_meant = forms.CharField(required=False, widget=forms.HiddenInput)
    no_double = forms.CharField(required=False, widget=forms.HiddenInput)
    chosen_address = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    class Meta:
        model = Party
        fields = ("name", "kind", "address", "lat", "lon", "note", "groups", "interval_days", "flagged_for")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "address": forms.TextInput(attrs={"autocomplete": "off"}),
            "note": forms.Textarea(attrs={"rows": 4}),
            "groups": forms.CheckboxSelectMultiple,
            "interval_days": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 730}),
        }
        help_texts = {"address": gettext_lazy("Street and house number put it on the map.")}

    # The hidden ones have places of their own on the page: they are part of the questions.
    ASKED = ("place_meant", "no_double", "chosen_address")
    source_texts = ("name", "note")

    def __init__(self, *args: Any, sector: Sector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector, self.station = sector, sector.station
        groups = TargetGroup.objects.of_station(sector.station_id)
        if self.instance.pk is not None:
            groups = (groups | TargetGroup.objects.filter(parties=self.instance)).distinct()
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        place = self.instance.place
        if place is not None:
            self.initial.update(lat=f"{place.y:.6f}", lon=f"{place.x:.6f}")
        self.place_question = ""
        self.address_choices: tuple[str, ...] = ()
        self.doubles: list[Party] = []
        self.located = Located()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # An address of the list that the question offered stands for the one that was typed.
        if chosen := cleaned.get("chosen_address"):
            cleaned["address"] = chosen
        place = self._place(cleaned)
        if place is not None and self._key(place) != cleaned.get("place_meant"):
            self.place_question = self._question(place)
        cleaned["place"] = place
        if not self.errors and self.instance.pk is None:
            self._look_for_doubles(cleaned)
        if self.place_question or self.address_choices or self.doubles:
            self.add_error(None, forms.ValidationError(_("One question first."), code="question"))
        return cleaned

    def _question(self, place: Point) -> str:
        before = self.instance.place
        is_as_before = before is not None and (before.x, before.y) == (place.x, place.y)
        return "" if is_as_before else question(place, self.sector)

    def _place(self, cleaned: dict[str, Any]) -> Point | None:
        """Return the point that was set, else that of the address. Kept where neither was changed."""
        try:
            point = typed_point(cleaned.get("lat", ""), cleaned.get("lon", ""))
        except InvalidPosition as refusal:
            self.add_error("lat", str(refusal))
            return None
        address, is_other = cleaned.get("address", ""), self._has_other_address(cleaned)
        if point is not None and (self._point_is_new() or not is_other):
            return point
        if not address or (point is None and self.initial.get("lat") and not is_other):
            return None
        self.located = locate(address, self.sector)
        if address != cleaned.get("place_meant"):
            self.address_choices = self.located.choices
        return self.located.point

    def _has_other_address(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("address", "") != (self.initial.get("address") or ""))

    def _point_is_new(self) -> bool:
        return any(self.data.get(name, "") != self.initial.get(name, "") for name in ("lat", "lon"))

    def _look_for_doubles(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("no_double") == self.double_key:
            return
        known = map(Known.of, Party.objects.current().filter(sector=self.sector))
        self.doubles = near(cleaned["name"], cleaned.get("address", ""), known)

    @property
    def double_key(self) -> str:
        """What an answer to "Is it one of these?" is about: another name asks again."""
        return str(self.cleaned_data.get("name", ""))

    @property
    def place_key(self) -> str:
        """What an answer to the question about the place is about: another place asks again."""
        place = self.cleaned_data.get("place")
        return self._key(place) if place else str(self.cleaned_data.get("address", ""))

    @staticmethod
    def _key(place: Point) -> str:
        return f"{place.y:.6f},{place.x:.6f}"

    @property
    def is_asking(self) -> bool:
        return self.is_bound and self.has_error("__all__", "question")

    def save(self, commit: bool = True) -> Party:
        self.instance.place = self.cleaned_data["place"]
        self.instance.address = self.cleaned_data["address"]
        self.instance.sector = self.sector
        party: Party = super().save(commit)
        return party


class ContactForm(SeenMixin, SourceQuestionMixin, forms.ModelForm):
    source_texts = ("role", "note")

    class Meta:
        model = ContactPerson
        fields = ("name", "role", "phone", "email", "note")
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
        }


class FirstContactForm(SourceQuestionMixin, forms.ModelForm):
    """Who speaks for a party that is being entered; nobody is a contact as well."""

    source_texts = ("role",)

    class Meta:
        model = ContactPerson
        fields = ("name", "role", "phone", "email")
        widgets = ContactForm.Meta.widgets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, prefix="contact", empty_permitted=True, use_required_attribute=False, **kwargs
        )


class PartyFilterForm(forms.Form):
    """What to look for in the list. A filter that is none is passed over: the list shows all."""

    SHOWN = (
        ("", gettext_lazy("Present ones")),
        ("due", gettext_lazy("Visit due")),
        ("gone", gettext_lazy("Those gone")),
        ("all", gettext_lazy("All")),
    )
    q = forms.CharField(label=gettext_lazy("Name, address or contact"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All kinds")), *Party.Kind.choices],
    )
    group = forms.ChoiceField(label=gettext_lazy("Target group"), required=False)
    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False, choices=SHOWN)

    def __init__(self, *args: Any, sector: Sector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(group.slug, str(group)) for group in TargetGroup.objects.of_station(sector.station_id)]
        self.fields["group"].choices = [("", _("All groups")), *groups]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """Return the fields beside the search: they lie folded up until one is used."""
        return [self[name] for name in ("kind", "group", "show")]
