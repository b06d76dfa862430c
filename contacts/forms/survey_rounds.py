"""A survey's round: when it is held. What was answered already stands fast; the rest may change."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.telling.hours import day_input
from contacts.models import SurveyRound
from contacts.publishing.sent_twice import TWICE_WITHIN
from contacts.surveys.rounds import is_told_on
from officers.forms.unchanged import UnchangedMixin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from sectors.models import Station

LONGEST = datetime.timedelta(days=92)
LONGEST_AHEAD = datetime.timedelta(days=2 * 366)


class RoundForm(UnchangedMixin, forms.ModelForm):
    """Name and days; the station only where one heads several, and only of a new round.

    Once somebody has answered, the first day stays; once the results are told, the last one too. The view holds the
    row (of a new round: the station's), so that no answer and no other round comes between.
    """

    class Meta:
        model = SurveyRound
        fields = ("station", "name", "opens_on", "closes_on")
        widgets = {"opens_on": day_input(), "closes_on": day_input()}
        error_messages = {
            "opens_on": {"required": gettext_lazy("Say which day is the first.")},
            "closes_on": {"required": gettext_lazy("Say which day is the last.")},
        }

    def __init__(self, *args: Any, stations: QuerySet[Station], **kwargs: Any) -> None:
        # The round that the same press of the button has made a moment ago.
        self.sent_already: SurveyRound | None = None
        super().__init__(*args, **kwargs)
        station: Any = self.fields["station"]
        station.queryset = stations
        # Nobody else's hand moves it: what two may have changed at once are the other fields.
        self.stored = self.stored[1:]
        if self.instance.pk is not None:
            self._fasten()
        elif stations.count() == 1:
            self.initial["station"] = stations.get()
            self._fix("station")

    def _fasten(self) -> None:
        """Lock what does not change any more, and say why."""
        self._fix("station")
        if not self.instance.answers.exists():
            return
        self.fields["opens_on"].disabled = True
        self.fields["opens_on"].help_text = _("It stays: there are answers already.")
        if is_told_on(self.instance, timezone.localdate()):
            self.fields["closes_on"].disabled = True
            self.fields["closes_on"].help_text = _(
                "It stays: the results can be seen. Make a new round instead."
            )

    def _fix(self, name: str) -> None:
        self.fields[name].disabled = True
        self.fields[name].widget = forms.HiddenInput()

    def _shown(self, name: str) -> str:
        day = getattr(self.instance, name) if name in ("opens_on", "closes_on") else None
        return date_format(day, "DATE_FORMAT") if day else super()._shown(name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes:
            self._check_days(opens, closes)
        if cleaned.get("station"):
            self._check_others(cleaned)
        return cleaned

    def _check_days(self, opens: datetime.date, closes: datetime.date) -> None:
        today = timezone.localdate()
        if closes < opens:
            self.add_error("closes_on", _("The last day lies before the first one. Choose a later one."))
        elif closes - opens > LONGEST:
            self.add_error("closes_on", _("A round lasts three months at most. Choose an earlier last day."))
        elif closes < today and closes != self.initial.get("closes_on"):
            self.add_error("closes_on", _("This day is over. Choose today or a later one."))
        elif opens > today + LONGEST_AHEAD:
            self.add_error("opens_on", _("This lies more than two years ahead. Check the year."))

    def _check_others(self, cleaned: dict[str, Any]) -> None:
        """Name the round that is in the way."""
        others = SurveyRound.objects.filter(station=cleaned["station"]).exclude(pk=self.instance.pk)
        if self.instance.pk is None and not self.errors:
            same = {name: cleaned[name] for name in self.Meta.fields} | {
                "created_by": self.instance.created_by
            }
            lately = timezone.now() - TWICE_WITHIN
            self.sent_already = others.filter(**same, created_at__gte=lately).first()
        if others.filter(name=cleaned.get("name")).exists():
            self.add_error(
                "name", _("The station has a round of this name already. Add the year or the season.")
            )
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens is None or closes is None or "closes_on" in self.errors:
            return
        other = others.filter(opens_on__lte=closes, closes_on__gte=opens).order_by("opens_on").first()
        if other:
            moves = "closes_on" if self.fields["opens_on"].disabled else "opens_on"
            self.add_error(moves, _in_the_way(other))


def _in_the_way(other: SurveyRound) -> str:
    return _("“%(name)s” lasts from %(first)s to %(last)s. Choose days before or after it.") % {
        "name": other.name,
        "first": date_format(other.opens_on, "DATE_FORMAT"),
        "last": date_format(other.closes_on, "DATE_FORMAT"),
    }
