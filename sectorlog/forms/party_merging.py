"""Two parties side by side: which one stays, and what is kept of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sectorlog.models import Party
from sectorlog.parties.merging import BOTH, FIELDS

OWN, OTHER = "own", "other"


@dataclass(frozen=True, slots=True)
class Compared:
    """A field in which the two differ, as people read it."""

    name: str
    label: str
    own: str
    other: str


class MergeForm(forms.Form):
    """`own` is the party whose page one came from. Only what differs is asked, and what is filled in is suggested."""

    stays = forms.ChoiceField(
        label=gettext_lazy("Which one stays?"), widget=forms.RadioSelect, initial=OWN, choices=()
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: Party, other: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.other = own, other
        self.fields["stays"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (OWN, _described(own)),
            (OTHER, _described(other)),
        ]
        for row in compared(own, other):
            self.fields[row.name] = forms.ChoiceField(
                label=row.label, widget=forms.RadioSelect, choices=_choices(row), initial=_suggested(row)
            )
        self.current = _digest(own, other)
        self.initial["seen"] = self.current

    @property
    def has_changed_meanwhile(self) -> bool:
        return bool(self.data.get("seen", "") != self.current)

    @property
    def pair(self) -> tuple[Party, Party]:
        """Return the party that stays and the one that goes."""
        both = (self.own, self.other)
        return both if self.cleaned_data["stays"] == OWN else both[::-1]

    @property
    def kept(self) -> dict[str, str]:
        """Return the answers as `sectorlog.parties.merging` takes them."""
        stays = self.cleaned_data["stays"]
        meant = {BOTH: BOTH, stays: "stays"}
        return {name: meant.get(self.cleaned_data[name], "goes") for name in FIELDS if name in self.fields}

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS if name in self.fields]


def compared(own: Party, other: Party) -> list[Compared]:
    """Return the fields in which two parties differ."""
    rows = []
    for name in FIELDS:
        one, two = _in_words(own, name), _in_words(other, name)
        if one != two:
            label = Party._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # plain fields
            rows.append(Compared(name, str(label).capitalize(), one, two))
    return rows


def _described(party: Party) -> str:
    return ", ".join(filter(None, [party.name, party.address]))


def _in_words(party: Party, name: str) -> str:
    value = getattr(party, name)
    if name == "kind":
        return str(party.get_kind_display())
    if name == "interval_days":
        return _("every %(days)d days") % {"days": value} if value else ""
    return "" if value is None else str(value)


def _choices(row: Compared) -> list[tuple[str, str]]:
    empty = _("nothing")
    choices = [(OWN, row.own or empty), (OTHER, row.other or empty)]
    if row.name == "note" and row.own and row.other:
        choices.append((BOTH, _("both, one below the other")))
    return choices


def _suggested(row: Compared) -> str:
    if row.name == "note" and row.own and row.other:
        return BOTH
    return OWN if row.own or not row.other else OTHER


def _digest(*parties: Party) -> str:
    """Return a digest of what the page shows of the two."""
    held = [(_plain(getattr(party, name)) for name in (*FIELDS, "merged_into_id")) for party in parties]
    return hashlib.sha256(repr([list(one) for one in held]).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value
