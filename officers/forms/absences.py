"""The forms of absences: who is away and when, and who covers each sector meanwhile."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from officers.absence import PlannedCover
from officers.cover import Nearness, Suggestion, suggest_covers
from officers.fields import LocalInstantField, PeriodFields, end_text
from officers.models import Absence, Officer, User
from sectors.instants import CLOCK_SKEW, instant_text
from sectors.models import Sector


class AbsenceForm(PeriodFields):
    """Who is away, and from when until when. Why is nobody's business."""

    officer = forms.ModelChoiceField(Officer.objects.none(), label=_("Officer"))
    field_order = ("officer", "begins", "ends")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Officer.objects.headed_by(user)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["ends"].help_text = _("Leave empty while nobody knows when they are back.")

    def clean_begins(self) -> datetime.datetime:
        begins, now = super().clean_begins(), timezone.now()
        if begins < now - CLOCK_SKEW:
            raise ValidationError(
                _("This lies in the past, and what held in the past does not change. Choose now or later.")
            )
        return max(begins, now)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("This ends before it begins. Choose a later end, or leave it empty."))
        if not self.errors:
            self._clean_others(cleaned["officer"], DateTimeTZRange(begins, ends))
        return cleaned

    def _clean_others(self, officer: Officer, period: DateTimeTZRange) -> None:
        other = Absence.objects.overlapping(period).filter(officer=officer).order_by("period").first()
        if other is not None:
            sentence = gettext("%(officer)s is away already from %(begins)s, %(ends)s. Change that absence.")
            facts = {
                "officer": officer,
                "begins": instant_text(other.period.lower),
                "ends": end_text(other.period.upper),
            }
            self.add_error(None, sentence % facts)

    @property
    def period(self) -> DateTimeTZRange:
        return DateTimeTZRange(self.cleaned_data["begins"], self.cleaned_data["ends"])

    def hide(self) -> None:
        """Carry what was chosen along, out of sight."""
        for field in self.fields.values():
            field.widget = field.hidden_widget()


class CoverForm(PeriodFields):
    """Who covers one sector during an absence, for all of it or a part."""

    officer = forms.ChoiceField(label=_("Covered by"), required=False)
    field_order = ("officer", "begins", "ends")

    def __init__(
        self, *args: Any, sector: Sector, absent: Officer, period: DateTimeTZRange, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sector, self.period = sector, period
        suggestions = suggest_covers(sector, period)
        self._officers = {one.officer.pk: one.officer for one in suggestions}
        others = _others(sector, absent, period, besides=set(self._officers))
        self._officers |= {officer.pk: officer for officer in others}
        self.fields["officer"].choices = _choices(suggestions, others)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["begins"].help_text = _("Leave empty to begin with the absence.")
        self.fields["ends"].help_text = _("Leave empty to end with the absence.")
        if suggestions and not self.is_bound:
            self.initial["officer"] = suggestions[0].officer.pk

    @property
    def offered(self) -> list[Officer]:
        """Who can be chosen."""
        return list(self._officers.values())

    def clean_officer(self) -> Officer | None:
        chosen = self.cleaned_data["officer"]
        return self._officers[int(chosen)] if chosen else None

    def clean_begins(self) -> datetime.datetime:
        if self.cleaned_data["begins"] is None:
            # Not a moment later than an absence that begins now: that would be told as a gap.
            now = timezone.now()
            return self.period.lower if self.period.lower >= now - CLOCK_SKEW else now
        return super().clean_begins()

    def clean_ends(self) -> datetime.datetime | None:
        return super().clean_ends() or self.period.upper

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends, upper = cleaned.get("begins"), cleaned.get("ends"), self.period.upper
        if cleaned.get("officer") is None or begins is None:
            return cleaned
        if ends and ends <= begins:
            self.add_error("ends", _("This ends before it begins. Choose a later end, or leave it empty."))
        elif begins < self.period.lower or (upper and (ends is None or ends > upper)):
            sentence = gettext(
                "A cover lies within the absence: from %(begins)s, %(ends)s. Choose other dates."
            )
            facts = {"begins": instant_text(self.period.lower), "ends": end_text(upper)}
            self.add_error(None, sentence % facts)
        return cleaned

    def planned(self) -> PlannedCover | None:
        """Return the cover that was chosen, None for nobody."""
        chosen = self.cleaned_data
        if chosen.get("officer") is None:
            return None
        return PlannedCover(self.sector, chosen["officer"], DateTimeTZRange(chosen["begins"], chosen["ends"]))

    def hide(self) -> None:
        """Carry what was chosen along, out of sight."""
        for field in self.fields.values():
            field.widget = field.hidden_widget()


class AddedCoverForm(CoverForm):
    """A cover that is entered later, in place of another if need be."""

    takes_over = forms.BooleanField(
        label=_("In place of whoever covers then"),
        required=False,
        help_text=_("A cover that has begun ends when this one begins; one that has not begun is withdrawn."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].required = True


class AbsenceEndForm(forms.Form):
    """When an absence that has begun ends: back earlier, or away for longer."""

    ends = LocalInstantField(
        label=_("Ends"), required=False, help_text=_("Leave empty when the officer is back now.")
    )

    def clean_ends(self) -> datetime.datetime:
        return self.cleaned_data["ends"] or timezone.now()


def _others(sector: Sector, absent: Officer, period: DateTimeTZRange, *, besides: set[int]) -> list[Officer]:
    """Return the other officers of the sector's station who could be asked."""
    away = Absence.objects.overlapping(period).values("officer")
    colleagues = Officer.objects.filter(station=sector.station_id).exclude(pk__in={absent.pk, *besides})
    return list(colleagues.exclude(pk__in=away).exclude(user__is_active=False))


def _choices(suggestions: list[Suggestion], others: list[Officer]) -> list[Any]:
    """Return the choices of a select: nobody, whom to ask first, and everybody else."""
    choices: list[Any] = [("", gettext("Nobody yet"))]
    if suggestions:
        choices.append(
            (gettext("Suggested"), [(one.officer.pk, _suggestion_text(one)) for one in suggestions])
        )
    if others:
        choices.append((gettext("Others of the station"), [(one.pk, one.name) for one in others]))
    return choices


def _suggestion_text(one: Suggestion) -> str:
    """Name the officer, and the sector by which they are near: both are public."""
    words = {
        Nearness.NEIGHBOUR: gettext("%(officer)s, neighbouring sector %(sector)s"),
        Nearness.ATTACHED: gettext("%(officer)s, attached to this sector"),
        Nearness.DISTRICT: gettext("%(officer)s, same district, sector %(sector)s"),
    }
    text = words[one.nearness] % {"officer": one.officer, "sector": one.sector}
    if one.nearness is Nearness.NEIGHBOUR and not one.is_own_district:
        text = gettext("%(text)s (%(district)s)") % {"text": text, "district": one.sector.district}
    if one.other_covers:
        count = len(one.other_covers)
        covers = ngettext("covers %(count)d sector then", "covers %(count)d sectors then", count)
        text += " · " + covers % {"count": count}
    return text
