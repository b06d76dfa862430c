"""The form that appoints an officer to a sector."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officers.appointment import in_the_way, lock_sector
from officers.fields import end_text
from officers.forms.periods import TermForm
from officers.models import Assignment, Officer
from sectors.instants import CLOCK_SKEW, LONGEST_AHEAD, instant_text
from sectors.models import Sector

# How long after the end of an appointment its officer may still introduce the successor.
HAND_OVER_AFTER = datetime.timedelta(days=60)


class AssignmentForm(TermForm):
    """Appoint an officer to a sector from an instant on; later, only the end can be set, to now or later."""

    takes_over = forms.BooleanField(
        label=_("Takes over from the present responsible officer"),
        required=False,
        help_text=_(
            "That officer's appointment ends at the instant at which this one begins. "
            "So does an attachment of the new officer to the sector."
        ),
    )

    changeable = ("ends", "hand_over_on")
    is_over_sentence = _("This appointment is over. The past cannot be changed.")

    class Meta:
        model = Assignment
        fields = ("sector", "officer", "role", "is_stand_in", "hand_over_on")
        widgets = {"hand_over_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.predecessors: list[Assignment] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        sector, officer = self.cleaned_data.get("sector"), self.cleaned_data.get("officer")
        if sector and officer:
            self._clean_appointment(sector, officer)
        if not self.errors:
            self._clean_hand_over()
        return self.cleaned_data

    def _clean_hand_over(self) -> None:
        """The day lies within the appointment, or so soon after it that the officer is still there to ask."""
        day, period = self.cleaned_data.get("hand_over_on"), self.instance.period
        if day is None or "hand_over_on" not in self.changed_data:
            return
        first = timezone.localdate(period.lower)
        last = period.upper and timezone.localdate(period.upper) + HAND_OVER_AFTER
        if day < first:
            self.add_error("hand_over_on", _("The hand-over lies before the appointment. Check the day."))
        elif day > (last or timezone.localdate() + LONGEST_AHEAD):
            self.add_error("hand_over_on", _("The hand-over lies long after the appointment. Check the day."))

    def _clean_appointment(self, sector: Sector, officer: Officer) -> None:
        if officer.station_id != sector.station_id:
            sentence = _(
                "%(officer)s belongs to another station than this sector. Choose an officer of its own."
            )
            self.add_error("officer", ValidationError(sentence, params={"officer": officer}))
        elif not self.errors and self.cleaned_data.get("role"):
            # From here to the end of the transaction nobody else appoints in this sector.
            lock_sector(sector)
            self._clean_others(sector, officer)

    def _clean_others(self, sector: Sector, officer: Officer) -> None:
        wanted = Assignment(
            pk=self.instance.pk,
            sector=sector,
            officer=officer,
            role=self.cleaned_data["role"],
            period=self.instance.period,
        )
        for other in in_the_way(wanted):
            if self._can_take_over(wanted, other):
                self.predecessors.append(other)
            else:
                self.add_error(None, _sentence(wanted, other))

    def _can_take_over(self, wanted: Assignment, other: Assignment) -> bool:
        """Tell whether `other` is to end when this appointment begins, and can: it began before, that is to come."""
        begins = wanted.period.lower
        return (
            bool(self.cleaned_data.get("takes_over"))
            and wanted.role == Assignment.Role.RESPONSIBLE
            and other.period.lower < begins
            and begins >= timezone.now() - CLOCK_SKEW
        )

    def _ask_constraints(self) -> None:
        # Predecessors are still there: what stands in the way besides has been looked at above.
        if not self.predecessors:
            super()._ask_constraints()


def _sentence(wanted: Assignment, other: Assignment) -> SafeString:
    """Say who is in the way and until when, with a link to that appointment."""
    if other.officer_id == wanted.officer_id:
        sentence = gettext("{officer} is appointed to {sector} already, from {begins} {ends}.")
        advice = gettext("End that appointment first, or let this one begin when it ends.")
    elif other.period.lower > timezone.now():
        sentence = gettext("{officer} will be the responsible officer of {sector} from {begins} {ends}.")
        advice = gettext("Let this appointment end by then, or withdraw that one first.")
    else:
        sentence = gettext("{officer} is the responsible officer of {sector} from {begins} {ends}.")
        advice = gettext(
            "End that appointment first, let this one begin when it ends, or choose “takes over” "
            "and a beginning from now on."
        )
    return format_html(
        sentence + ' <a href="{url}">{advice}</a>',
        officer=other.officer,
        sector=other.sector,
        begins=instant_text(other.period.lower),
        ends=end_text(other.period.upper),
        url=reverse("admin:officers_assignment_change", args=[other.pk]),
        advice=advice,
    )
