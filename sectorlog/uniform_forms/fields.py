"""The fields that a head gave a form: asked as Django's, kept as JSON, read by the version that asked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectorlog.forms.known_choices import KnownField
from sectorlog.models import FormVersion, Party, TargetGroup, in_language
from sectorlog.models.groups import HANDBOOK_GROUPS
from sectors.models import Sector

PREFIX = "value-"
Kind = FormVersion.Kind
Definition = Mapping[str, Any]

TEXT_LENGTH, LONG_TEXT_LENGTH = 300, 4000
# Up to so many choices stand side by side to be tapped, more of them in a list that opens.
CHIPS = 8
# Decimals of a degree: some ten metres. No form asks for more.
PLACE_DECIMALS = 4
PLACE = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*", re.ASCII)


class PlaceField(forms.CharField):
    """Latitude and longitude in degrees (EPSG:4326), written "55.7025,12.4801"; cleaned to a pair of floats."""

    default_error_messages = {
        "no_place": gettext_lazy("Write the place as latitude and longitude: 55.7025,12.4801."),
        "outside": gettext_lazy("This place lies outside the area of this site. Look at the map again."),
    }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if not (found := PLACE.fullmatch(text)):
            raise ValidationError(self.error_messages["no_place"], code="no_place")
        lat, lon = (round(float(part), PLACE_DECIMALS) for part in found.groups())
        west, south, east, north = settings.SERVICE_BOUNDS
        if not (south <= lat <= north and west <= lon <= east):
            raise ValidationError(self.error_messages["outside"], code="outside")
        return lat, lon

    def prepare_value(self, value: Any) -> Any:
        return "{:.4f},{:.4f}".format(*value) if isinstance(value, tuple) else value


def fields_of(version: FormVersion, sector: Sector) -> dict[str, forms.Field]:
    """Return the fields of this version by name, "value-<key>", to ask in the sector, in the reader's language."""
    return {PREFIX + one["key"]: _field(one, sector) for one in version.fields}


def _field(one: Definition, sector: Sector) -> forms.Field:
    field = MAKERS.get(one["kind"], _text)(one, sector)
    field.label = in_language(one["label"])
    field.help_text = in_language(one.get("help") or {})
    field.required = bool(one.get("required"))
    field.widget.is_required = field.required
    return field


def _text(one: Definition, sector: Sector) -> forms.Field:
    return forms.CharField(max_length=TEXT_LENGTH)


def _long_text(one: Definition, sector: Sector) -> forms.Field:
    return forms.CharField(max_length=LONG_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))


def _number(one: Definition, sector: Sector) -> forms.Field:
    widget = forms.NumberInput(attrs={"inputmode": "decimal"})
    return forms.DecimalField(max_digits=12, decimal_places=2, widget=widget)


def _choice(one: Definition, sector: Sector) -> forms.Field:
    chips = len(one["choices"]) <= CHIPS
    widget = forms.RadioSelect if chips else forms.Select
    return forms.ChoiceField(choices=[*_not_said(one), *_choices(one)], widget=widget)


def _several(one: Definition, sector: Sector) -> forms.Field:
    return forms.MultipleChoiceField(choices=_choices(one), widget=forms.CheckboxSelectMultiple)


def _date(one: Definition, sector: Sector) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _yes_no(one: Definition, sector: Sector) -> forms.Field:
    choices = [*_not_said(one), ("yes", _("yes")), ("no", _("no"))]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)


def _place(one: Definition, sector: Sector) -> forms.Field:
    return PlaceField(
        max_length=60, widget=forms.TextInput(attrs={"data-place-field": "", "inputmode": "decimal"})
    )


def _party(one: Definition, sector: Sector) -> forms.Field:
    known = Party.objects.filter(sector=sector)
    return KnownField(
        queryset=known.current(),
        accepted=known.select_related("merged_into"),
        to_field_name="uuid",
        empty_label=_("none"),
    )


def _group(one: Definition, sector: Sector) -> forms.Field:
    return KnownField(
        queryset=TargetGroup.objects.of_station(sector.station_id),
        accepted=TargetGroup.objects.filter(station=None)
        | TargetGroup.objects.filter(station=sector.station_id),
        empty_label=_("none"),
    )


MAKERS: dict[str, Callable[[Definition, Sector], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _several,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.PLACE: _place,
    Kind.PARTY: _party,
    Kind.GROUP: _group,
}


def _not_said(one: Definition) -> list[tuple[str, str]]:
    """Return the choice to take an answer back with, where none is asked for."""
    return [] if one.get("required") else [("", _("no answer"))]


def _choices(one: Definition) -> list[tuple[str, str]]:
    return [(choice["value"], in_language(choice["label"])) for choice in one["choices"]]


def stored(version: FormVersion, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cleaned answers of this version by key, as JSON knows them. What was not answered is left out."""
    given = {one["key"]: cleaned.get(PREFIX + one["key"]) for one in version.fields}
    return {key: _as_json(value) for key, value in given.items() if value not in (None, "", [])}


def _as_json(value: Any) -> Any:
    match value:
        case Party():
            party = value.merged_into or value
            return {"uuid": str(party.uuid), "name": party.name}
        case TargetGroup():
            return {"slug": value.slug, "name": value.name, "of_handbook": value.is_of_handbook}
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime.date():
            return value.isoformat()
        case tuple():
            return dict(zip(("lat", "lon"), value, strict=True))
    return value


def initial(version: FormVersion, values: Mapping[str, Any], sector: Sector) -> dict[str, Any]:
    """Return what was stored as the values that the fields of this version begin with, to correct them."""
    kinds = {one["key"]: one["kind"] for one in version.fields}
    return {PREFIX + key: _as_initial(kinds.get(key, ""), value, sector) for key, value in values.items()}


def _as_initial(kind: str, value: Any, sector: Sector) -> Any:
    match kind, value:
        case Kind.PLACE, {"lat": lat, "lon": lon}:
            return lat, lon
        case Kind.PARTY, {"uuid": uuid}:
            return uuid
        case Kind.GROUP, {"slug": slug, "of_handbook": of_handbook}:
            station = None if of_handbook else sector.station_id
            group = TargetGroup.objects.filter(slug=slug, station=station).first()
            return group.pk if group else None
    return value


def answers(version: FormVersion, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return question and answer as this version asked them, in the reader's language, without the unanswered."""
    return [
        (in_language(one["label"]), _in_words(one, values[one["key"]]))
        for one in version.fields
        if one["key"] in values
    ]


def _in_words(one: Definition, value: Any) -> str:
    names = dict(_choices(one))
    match one["kind"], value:
        case Kind.CHOICE, str():
            return names.get(value, value)
        case Kind.CHOICES, list():
            return ", ".join(names.get(each, str(each)) for each in value)
        case Kind.YES_NO, "yes" | "no":
            return _("yes") if value == "yes" else _("no")
        case Kind.DATE, str():
            day = parse_date(value)
            return formats.date_format(day, "DATE_FORMAT") if day else value
        case Kind.NUMBER, int() | float():
            return str(formats.localize(value))
        case Kind.PLACE, {"lat": lat, "lon": lon}:
            return f"{lat:.4f}, {lon:.4f}"
        case Kind.GROUP, {"slug": slug, "of_handbook": True}:
            return str(HANDBOOK_GROUPS.get(slug, value.get("name", slug)))
        case Kind.PARTY | Kind.GROUP, {"name": name}:
            return str(name)
    return str(value)
