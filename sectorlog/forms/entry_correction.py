"""The form that an entry is corrected with: the same questions, as it was asked when it was written."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from sectorlog.entries import places
from sectorlog.entries.correction import fingerprint
from sectorlog.forms.entry_fields import EntryFields
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import LogEntry
from sectorlog.uniform_forms import fields as form_fields


class CorrectionForm(SourceQuestionMixin, EntryFields):
    """Everything but the sector, the author and the form. `as_of` says what the page showed that was corrected."""

    as_of = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, entry: LogEntry) -> None:
        self.entry = entry
        super().__init__(data, sector=entry.sector, keeping=entry, initial=_initial(entry))
        self.station = entry.sector.station
        questions = form_fields.fields_of(entry.form_version, entry.sector)
        self.narrow_parties(questions)
        self.fields |= questions
        self.source_texts = self.text_fields()

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(form_fields.PREFIX)]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.happened_at = self._instant()
        return found

    def _instant(self) -> datetime.datetime:
        """Return when it happened; to the second as before where day and minute were left as they are."""
        before = timezone.localtime(self.entry.happened_at)
        day, time = self.cleaned_data.get("happened_on"), self.cleaned_data.get("happened_time")
        if day == before.date() and time and (time.hour, time.minute) == (before.hour, before.minute):
            return self.entry.happened_at
        return self.instant(self.entry.written_at)

    def changes(self) -> dict[str, Any]:
        """Return the new values by the names of the entry's fields."""
        found = self.cleaned_data
        place = self._place()
        return {
            "text": found["text"],
            "values": form_fields.stored(self.entry.form_version, found),
            "outcome": found["outcome"],
            "happened_at": self.happened_at,
            "place": place.point if place else None,
            "place_precision": place.precision if place else None,
            "place_text": found["place_text"],
            "effort": found["effort"],
            "flagged_for": found["flagged_for"],
            "follow_up_on": found["follow_up_on"],
        }

    def _place(self) -> places.Place | None:
        place, before = self.place(), self.entry.place
        if place and before and self.entry.place_precision == place.precision:
            is_same = before.equals_exact(place.point, tolerance=2e-6)
            return places.Place(before, place.precision) if is_same else place
        return place

    def clean_follow_up_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["follow_up_on"]
        return day if day == self.entry.follow_up_on else super().clean_follow_up_on()


def _initial(entry: LogEntry) -> dict[str, Any]:
    when = timezone.localtime(entry.happened_at)
    is_exact = entry.place_precision is not None and entry.place_precision < places.ABOUT
    return {
        "text": entry.text,
        "outcome": entry.outcome,
        "lat": entry.place.y if entry.place else None,
        "lon": entry.place.x if entry.place else None,
        "accuracy": entry.place_precision,
        "place_precision": places.Precision.EXACT if is_exact else places.Precision.ABOUT,
        "place_text": entry.place_text,
        "happened_on": when.date(),
        "happened_time": when.time(),
        "follow_up_on": entry.follow_up_on,
        "groups": list(entry.groups.all()),
        "parties": list(entry.parties.all()),
        "challenges": list(entry.challenges.all()),
        "effort": entry.effort,
        "flagged_for": entry.flagged_for,
        "as_of": fingerprint(entry),
        **form_fields.initial(entry.form_version, entry.values, entry.sector),
    }
