"""The forms of a hand-over: whom and when, and what the taker says about each thing."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officers.models import Officer
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.handover.handing_over import takers_for
from sectorlog.models import Handover, HandoverItem
from sectors.models import Sector

# A pack tells what the log knows now: for days about now.
MOST_DAYS_BACK, MOST_DAYS_AHEAD = 30, 365


class TakerField(forms.ModelChoiceField):
    """One of the officers who work in the sector, or will."""

    def __init__(self, officers: QuerySet[Officer]) -> None:
        super().__init__(
            officers,
            label=_("Who takes over"),
            help_text=_("Officers who are appointed to the sector, now or later."),
        )


class HandoverForm(forms.Form):
    """To whom the sector is handed over, and on which day."""

    on = forms.DateField(
        label=gettext_lazy("Day of the hand-over"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, sector: Sector, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sector = sector
        self.fields["taker"] = TakerField(takers_for(sector, timezone.now()))
        self.order_fields(["taker", "on"])

    def clean_on(self) -> datetime.date:
        on: datetime.date = self.cleaned_data["on"]
        today = timezone.localdate()
        first = today - datetime.timedelta(days=MOST_DAYS_BACK)
        last = today + datetime.timedelta(days=MOST_DAYS_AHEAD)
        if not first <= on <= last:
            days = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
            raise forms.ValidationError(_("Choose a day between %(first)s and %(last)s.") % days)
        return on


class ItemForm(SourceQuestionMixin, forms.ModelForm):
    """What the taker says about one thing: accepted, with or without a note, or why not."""

    ACCEPT, EXPLAIN = "accept", "explain"

    source_texts = ("note",)
    item = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        choices=((ACCEPT, ACCEPT), (EXPLAIN, EXPLAIN)), widget=forms.HiddenInput, required=False
    )

    class Meta:
        model = HandoverItem
        fields = ("note",)
        labels = {"note": gettext_lazy("Introduced to whom, or what is left to do")}

    def __init__(self, *args: Any, handover: Handover, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station = handover.sector.station
        # The page says beside it for which thing it is.
        self.fields["note"].widget.attrs["autocomplete"] = "off"

    @property
    def accepts(self) -> bool:
        return self.cleaned_data.get("answer") != self.EXPLAIN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "item" in self.errors:
            self.add_error(None, _("This is no part of the hand-over. Load the page again."))
        if not self.accepts and not cleaned.get("note"):
            self.add_error("note", _("Say in a few words why it is not accepted."))
        return cleaned
