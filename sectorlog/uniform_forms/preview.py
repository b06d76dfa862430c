"""A form as officers will see it, with examples where their own sector's people would stand."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from sectorlog.models import FormVersion, TargetGroup, in_language
from sectorlog.uniform_forms.design import Field
from sectorlog.uniform_forms.fields import fields_of
from sectors.models import Sector

Kind = FormVersion.Kind
# What a sector has of its own. A preview names no party: who draws up a form, or reads it, need not know them.
OF_SECTOR = {Kind.PARTY.value, Kind.GROUP.value}


def preview_of(version: FormVersion) -> forms.Form:
    """Return the fields of the version as an unbound form."""
    station = version.template.station_id
    plain = FormVersion(fields=[one for one in version.fields if one["kind"] not in OF_SECTOR])
    fields = fields_of(plain, Sector(station_id=station or 0))
    form = forms.Form(prefix="preview")
    for one in version.fields:
        name = f"value-{one['key']}"
        form.fields[name] = fields[name] if name in fields else _example(one, station)
    return form


def _example(one: Field, station: int | None) -> forms.ChoiceField:
    """Return a field that looks like the one that offers the sector's parties or groups."""
    choices = [("", _("none"))]
    if one["kind"] == Kind.PARTY:
        choices.append(("example", _("The parties of interest of the sector stand here.")))
    else:
        groups = TargetGroup.objects.filter(station=None) | TargetGroup.objects.filter(station=station)
        choices += [(group.slug, str(group)) for group in groups.filter(retired_at=None)]
    return forms.ChoiceField(
        choices=choices,
        label=in_language(one["label"]),
        help_text=in_language(one.get("help") or {}),
        required=bool(one.get("required")),
    )
