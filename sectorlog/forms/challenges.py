"""The forms of a challenge: what it is, a note of how it goes on, what came of it, why it is opened again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from officers.forms.unchanged import UnchangedMixin
from officers.models import Liaison, Unit
from sectorlog.forms.entry_fields import WrittenText
from sectorlog.forms.known_choices import KnownField, KnownFields
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import Challenge, Party, TargetGroup
from sectors.models import Sector

TOO_LONG = _(
    "This is too long: %(show_value)d characters, and there is room for %(limit_value)d. "
    "Nothing is lost: shorten it here."
)
LONGEST_DESCRIPTION, LONGEST_NOTE, LONGEST_RESULT = 8000, 4000, 4000


def _text(label: Any, longest: int, *, rows: int = 4, missing: Any = None, **options: Any) -> WrittenText:
    return WrittenText(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": TOO_LONG} | ({"required": missing} if missing else {}),
        **options,
    )


class ChallengeForm(SourceQuestionMixin, UnchangedMixin, forms.ModelForm):
    """What troubles the sector, how grave it is, whom it concerns, with which unit it is shared."""

    source_texts = ("title", "description")
    description = _text(
        _("Description"),
        LONGEST_DESCRIPTION,
        required=False,
        help_text=_("What happens, where and when, since when, who is affected."),
    )

    class Meta:
        model = Challenge
        fields = ("title", "severity", "description", "groups", "parties", "flagged_for")
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "severity": forms.RadioSelect,
        }
        labels = {"title": _("What troubles the sector?")}

    def __init__(self, *args: Any, sector: Sector, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector, self.station = sector, sector.station
        self.fields["severity"].choices = Challenge.Severity.choices  # type: ignore[attr-defined]  # a choice field
        self.fields["groups"] = self._groups()
        self.fields["parties"] = self._parties()
        units = self._units()
        if may_share and units.queryset is not None and units.queryset.exists():
            self.fields["flagged_for"] = units
        else:
            del self.fields["flagged_for"]
        if self.instance.pk is None:
            # Nobody can have changed what is not there yet.
            self._current = self.fields["seen"].initial = ""

    def _groups(self) -> KnownFields:
        offered = TargetGroup.objects.of_station(self.sector.station_id)
        if self.instance.pk is not None:
            offered = (offered | TargetGroup.objects.filter(challenges=self.instance)).distinct()
        of_station = TargetGroup.objects.filter(station=self.sector.station_id)
        return KnownFields(
            label=_("Target groups concerned"),
            queryset=offered,
            accepted=TargetGroup.objects.filter(station=None) | of_station,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _parties(self) -> KnownFields:
        known = Party.objects.filter(sector=self.sector)
        offered = known.current()
        if self.instance.pk is not None:
            offered = (offered | known.filter(challenges=self.instance)).distinct()
        return KnownFields(
            label=_("Parties concerned"),
            queryset=offered,
            accepted=known.select_related("merged_into"),
            to_field_name="uuid",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _units(self) -> KnownField:
        """Return the choice of units that have a contact person in the sector now: nobody else would read it."""
        contacts = Liaison.objects.active_at(timezone.now()).filter(sector=self.sector)
        offered = Q(pk__in=contacts.values("unit")) | Q(pk=self.instance.flagged_for_id)
        return KnownField(
            label=_("Shared with the unit"),
            queryset=Unit.objects.filter(offered),
            accepted=Unit.objects.all(),
            empty_label=_("no unit"),
            help_text=_("The unit's contact person in the sector can read this."),
            required=False,
        )

    def clean_parties(self) -> list[Party]:
        """Take a party that was merged meanwhile as the other one."""
        return list({party.merged_into or party: None for party in self.cleaned_data["parties"]})

    def _shown(self, name: str) -> str:
        if name == "flagged_for":
            return str(self.instance.flagged_for or "")
        return super()._shown(name)


class NoteForm(SourceQuestionMixin, forms.Form):
    """How a challenge goes on."""

    text = _text(_("What is new?"), LONGEST_NOTE, rows=3)


class CloseForm(SourceQuestionMixin, forms.Form):
    """What came of a challenge."""

    result = _text(
        _("What came of it?"),
        LONGEST_RESULT,
        missing=_("Say what came of it before you close the challenge."),
    )


class ReopenForm(SourceQuestionMixin, forms.Form):
    """Why a closed challenge is opened again."""

    text = _text(_("Why is it opened again?"), LONGEST_NOTE, rows=3)
